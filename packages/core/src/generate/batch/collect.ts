import { withTeam } from '../../team/team-store.ts'
import type { RunContext } from '../context.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import { isGeminiImageError, type GeminiImageError } from '../../kernel/errors/error.ts'
import type { BatchJob } from '../../providers/batch-provider.ts'
import { toOurs } from '../job.ts'
import {
  closeJob,
  finishJob,
  hasEnded,
  itemsOf,
  placeOfJob,
  type FinishOptions,
  type OpenJob,
} from './finish.ts'
import { jobFailed, jobUnknown, Outcome, type CollectSummary } from './outcome.ts'
import { isPast } from './record.ts'
import { underLock, workWith, type BatchWork } from './context.ts'

interface CollectOptions {
  /** Whether to look again and again until no job is under way. @default false */
  readonly wait?: boolean | undefined
  /** Ends the waiting; what was committed stays, and the summary says what is under way. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds before the second look; each later pause is half as long again. @default 10_000 */
  readonly firstPause?: number | undefined
  /** The longest pause, in milliseconds. @default 60_000 */
  readonly longestPause?: number | undefined
}

/** Failures of looking at a job that another look may not meet. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['PROVIDER_UNAVAILABLE', 'RATE_LIMITED'])

/**
 * Commits the results of the jobs that have ended. Spends nothing: each was paid for when it was generated.
 * @throws {GeminiImageError} `MISSING_KEY`, `BATCH_UNSUPPORTED`, `CORRUPT_BATCH_RECORD` or
 *   `CORRUPT_LOCKFILE`; whatever is wrong with single jobs and pictures is in the summary.
 */
export function collectBatches(
  context: RunContext,
  options: CollectOptions = {},
): Promise<CollectSummary> {
  return withTeam(context.team, () => collect(context, options))
}

async function collect(
  context: RunContext,
  { wait = false, signal, firstPause = 10_000, longestPause = 60_000 }: CollectOptions,
): Promise<CollectSummary> {
  const outcome = new Outcome()
  if (context.record.read().jobs.size === 0) return outcome.summary()
  const work = workWith(context)
  const stop = AbortSignal.any([context.signal, ...(signal ? [signal] : [])])
  let told = ''
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    outcome.begin()
    // The lock is not held while nothing is done: builds may go on.
    await underLock(context, () => lookOnce(outcome, work))
    if (!wait || !outcome.isUnderWay || stop.aborted) return outcome.summary()
    if (outcome.progress !== told) context.options.logger.info(`waiting: ${outcome.progress}`)
    told = outcome.progress
    await sleep(pause, undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) return outcome.summary()
  }
}

/** The jobs of the record. */
export function openJobs({ record }: RunContext): readonly OpenJob[] {
  const { jobs, requests } = record.read()
  return [...jobs].map(([id, job]) => ({ id, job, requests: requests.get(id) ?? new Map() }))
}

/** Looks at each job once, and commits what has ended. */
async function lookOnce(outcome: Outcome, work: BatchWork): Promise<void> {
  // What cannot be pinned shall not be downloaded.
  await work.lockfile.read()
  for (const open of openJobs(work)) {
    if (work.signal.aborted) return
    try {
      await lookAt(open, outcome, work)
    } catch (error) {
      noteFailure(open, error, outcome, work)
    }
  }
}

async function lookAt(open: OpenJob, outcome: Outcome, work: BatchWork): Promise<void> {
  const { batch, context } = work
  const { job, id } = open
  const current =
    job.name === undefined ? await batch.find(id, context) : await batch.get(job.name, context)
  if (!current && job.name === undefined) outcome.unconfirmed(id)
  else if (!current) await lose(open, outcome, work)
  else await follow(open, current, outcome, work)
}

/** Goes by what the server says of a job. */
export async function follow(
  open: OpenJob,
  current: BatchJob,
  outcome: Outcome,
  work: BatchWork,
  options?: FinishOptions,
): Promise<void> {
  const { id, job } = open
  const { name, state } = current
  if (job.name !== name || job.state !== state) await work.record.put(id, { ...job, name, state })
  if (hasEnded(current)) await finishJob(open, current, outcome, work, options)
  else outcome.running(id, current)
}

/** The server does not know a job. With another key it may; when its time is over, nobody does. */
async function lose(open: OpenJob, outcome: Outcome, work: BatchWork): Promise<void> {
  const items = itemsOf(open, work)
  if (!isPast(open.job, new Date(), work.options)) {
    outcome.fail(jobUnknown(open.id, items[0], work.options), items[0]?.place)
    return
  }
  await closeJob(open, items, outcome, work)
  const failure = jobFailed(open.id, { state: 'expired', error: undefined }, items, work.options)
  outcome.fail(failure, items[0]?.place)
}

/** A failure of one job stops none of the others. */
export function noteFailure(
  open: OpenJob,
  error: unknown,
  outcome: Outcome,
  work: BatchWork,
): GeminiImageError {
  const { provider } = work.options
  if (!provider || (work.signal.aborted && !isGeminiImageError(error))) throw error
  const place = placeOfJob(open, work)
  const failure = toOurs(error, provider)
  if (PASSING.has(failure.code)) {
    outcome.failForNow(failure, place)
    outcome.running(open.id)
    work.options.logger.warn(`${open.id}: ${failure.what} It is looked at again later.`)
  } else outcome.fail(failure, place)
  return failure
}
