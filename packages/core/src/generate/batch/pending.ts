import { BATCH_LIMITS } from '../../providers/models/catalogue.ts'
import type { BatchLedger, RecordedJob } from './record.ts'

/** A picture that an open job has been asked for. */
export interface PendingRequest {
  /** Our name for the job. */
  readonly job: string
  readonly state: RecordedJob['state']
  /** When it was submitted: an ISO 8601 date and time. */
  readonly submitted: string
}

/** Fingerprint → the open job that has it. What a job that is long gone was asked for is not in it. */
export function pendingRequests(
  { jobs, requests }: BatchLedger,
  now: Date,
): ReadonlyMap<string, PendingRequest> {
  const pending = new Map<string, PendingRequest>()
  for (const [id, job] of jobs) {
    if (isPast(job, now)) continue
    for (const fingerprint of requests.get(id)?.keys() ?? []) {
      pending.set(fingerprint, { job: id, state: job.state, submitted: job.created })
    }
  }
  return pending
}

/** Whether nothing can come of a job any more: it has expired, and its results are deleted. */
export function isPast({ created }: RecordedJob, now: Date): boolean {
  const { expiresAfter, keepsFiles } = BATCH_LIMITS
  return now.getTime() - Date.parse(created) > expiresAfter + keepsFiles
}

/** When a job expires that has not ended by then. */
export function expiryOf({ created }: RecordedJob): Date {
  return new Date(Date.parse(created) + BATCH_LIMITS.expiresAfter)
}
