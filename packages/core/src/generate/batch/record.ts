import { z } from 'zod'
import { SHA_256 } from '../../pin/lock-entry.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PriceRow } from '../../providers/models/model.ts'
import { PRICE_SHAPE, type Estimate } from '../../providers/models/price.ts'
import type { Pixels } from '../../pixels/image.ts'
import { type BatchState, FILE_NAME, JOB_NAME } from '../../providers/batch-provider.ts'
import { isOfText, type ImageRequest } from '../../providers/request.ts'

/**
 * A batch job as the record keeps it. `submitting`: it may or may not have come into being, because
 * the answer to its creation has not been seen.
 */
export interface RecordedJob {
  readonly state: BatchState | 'submitting'
  /** The id of the model that it asks. */
  readonly model: string
  /** The server's name for it; absent while it is `submitting`. */
  readonly name?: string | undefined
  /** The server's name for its file of requests. */
  readonly file: string
  /** SHA-256 of that file, in hex; absent in records of earlier versions. */
  readonly sha256?: string | undefined
  /** When it was submitted: an ISO 8601 date and time, UTC, to the second. */
  readonly created: string
  /** The model's prices when it was submitted: what is committed is priced by them. */
  readonly price: PriceRow
}

/** One request of a job: all that is needed to commit its answer, whatever became of its declaration. */
export interface RecordedRequest {
  /** What the picture is called in the store. */
  readonly slug: string
  /** Where it was declared: path from the project root, line and column. */
  readonly at: readonly [path: string, line: number, column: number]
  /** For people: `turn 2 of 3`. */
  readonly label: string
  readonly variant: number
  readonly pixels: Pixels
  /** Whether text, and several pictures, were asked for. */
  readonly withText: boolean
  /** At the price of the job. */
  readonly estimate: Estimate
  /** Fingerprints of the earlier turns that it goes on from. */
  readonly history?: readonly string[] | undefined
  /** SHA-256 of the stale picture or text whose place it is to take. */
  readonly replaces?: string | undefined
  /** What is asked; the lockfile repeats it for people. */
  readonly request?: Readonly<Record<string, unknown>> | undefined
}

export interface RecordedJobs {
  /** Our name for a job → the job. */
  readonly jobs: ReadonlyMap<string, RecordedJob>
  /** Our name for a job → fingerprint → its request. */
  readonly requests: ReadonlyMap<string, ReadonlyMap<string, RecordedRequest>>
}

/** Whether text alone was asked for. */
export function isRecordedText({ request }: RecordedRequest): boolean {
  return request !== undefined && isOfText(request as ImageRequest)
}

/** Our name for a job, which is part of an address too: letters, digits and dashes. */
export const JOB_ID: RegExp = /^[a-z0-9][a-z0-9-]{0,39}$/

const dollars = z.number().nonnegative()

/** What a recorded job must hold. Whatever else it holds is kept. */
export const jobSchema: z.ZodType<unknown> = z.object({
  state: z.enum([
    'submitting',
    'pending',
    'running',
    'succeeded',
    'failed',
    'cancelled',
    'expired',
  ]),
  model: z.string(),
  name: z.string().regex(JOB_NAME).optional(),
  file: z.string().regex(FILE_NAME),
  sha256: z.string().regex(SHA_256).optional(),
  created: z.iso.datetime(),
  price: z.object(PRICE_SHAPE),
})

/** What a recorded request must hold. Whatever else it holds is kept. */
export const requestSchema: z.ZodType<unknown> = z.object({
  // A plain name: what is committed can never be written out of the store.
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  at: z.tuple([z.string(), z.int().positive(), z.int().positive()]),
  label: z.string(),
  variant: z.int().positive(),
  pixels: z.object({ width: z.int().positive(), height: z.int().positive() }),
  withText: z.boolean(),
  estimate: z.object({ least: dollars, most: dollars }),
  history: z.array(z.string().regex(SHA_256)).optional(),
  replaces: z.string().regex(SHA_256).optional(),
  request: z.looseObject({}).optional(),
})

/** A request of an open job. */
export interface PendingRequest {
  /** Our name for the job. */
  readonly job: string
  readonly state: RecordedJob['state']
  /** When it was submitted: an ISO 8601 date and time. */
  readonly submitted: string
}

/** Fingerprint → the open job that has it. What a job that is long gone was asked for is not in it. */
export function pendingRequests(
  { jobs, requests }: RecordedJobs,
  now: Date,
  options: Limiting,
): ReadonlyMap<string, PendingRequest> {
  const pending = new Map<string, PendingRequest>()
  for (const [id, job] of jobs) {
    if (isPast(job, now, options)) continue
    for (const fingerprint of requests.get(id)?.keys() ?? []) {
      pending.set(fingerprint, { job: id, state: job.state, submitted: job.created })
    }
  }
  return pending
}

/** The most that open jobs can cost, in US dollars. One that may not exist is priced when it is created. */
export function mostOfOpen({ jobs, requests }: RecordedJobs, now: Date, options: Limiting): number {
  const open = [...jobs].filter(([, job]) => job.name !== undefined && !isPast(job, now, options))
  const asked = open.flatMap(([id]) => [...(requests.get(id)?.values() ?? [])])
  return asked.reduce((sum, { estimate }) => sum + estimate.most, 0)
}

/** Whether nothing can come of a job any more: it has expired, and its results are deleted. */
export function isPast({ created }: RecordedJob, now: Date, { definition }: Limiting): boolean {
  const { expiresAfter, keepsFiles } = definition.catalogue.batch ?? UNLIMITED
  return now.getTime() - Date.parse(created) > expiresAfter + keepsFiles
}

/** When a job expires that has not ended by then. */
export function expiryOf({ created }: RecordedJob, { definition }: Limiting): Date | undefined {
  const { batch } = definition.catalogue
  return batch && new Date(Date.parse(created) + batch.expiresAfter)
}

/** Of whose batch jobs it is. */
type Limiting = Pick<ResolvedOptions, 'definition'>

/** Where nobody knows, a job is never given up by itself. */
const UNLIMITED = { expiresAfter: Number.POSITIVE_INFINITY, keepsFiles: 0 }
