import path from 'node:path'
import { GeminiImageError, isGeminiImageError } from '../../kernel/errors/error.ts'
import type { Place } from '../../kernel/place.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { BatchJob } from '../../providers/batch-provider.ts'
import { toOurs } from '../job.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { itemOfRequest, type BatchItem } from './item.ts'
import { JobCommitter } from './commit-answers.ts'
import { jobFailed, type Outcome } from './outcome.ts'
import { isPast, type RecordedJob, type RecordedRequest } from './record.ts'
import type { RunContext } from '../context.ts'
import type { BatchWork } from './context.ts'

/** A job of the record, with its requests. */
export interface OpenJob {
  /** Our name for it. */
  readonly id: string
  readonly job: RecordedJob
  readonly requests: ReadonlyMap<string, RecordedRequest>
}

export interface FinishOptions {
  /** Whether answers that the server has counted, and does not give, are waited for no more. */
  readonly givesUp?: boolean | undefined
}

export function hasEnded({ state }: Pick<BatchJob, 'state'>): boolean {
  return state !== 'pending' && state !== 'running'
}

/** What a job was asked for, as it is told of. */
export function itemsOf({ requests }: OpenJob, { options }: RunContext): BatchItem[] {
  return [...requests].map(([print, request]) => itemOfRequest(print, request, options.root))
}

/** Where the first request of a job is declared: the place of whatever goes wrong with the job. */
export function placeOfJob(open: OpenJob, context: RunContext): Place | undefined {
  return itemsOf(open, context)[0]?.place
}

/**
 * Lands what came of a job that has ended. It leaves the record once every one of its requests is
 * dealt with; where results did not arrive whole, the rest stays for the next time.
 */
export async function finishJob(
  open: OpenJob,
  ended: BatchJob,
  outcome: Outcome,
  work: BatchWork,
  { givesUp = false }: FinishOptions = {},
): Promise<void> {
  const committer = new JobCommitter(work, open)
  const results = givesUp ? { ...ended, counts: undefined } : ended
  const isOver = givesUp || isPast(open.job, new Date(), work.options)
  const failure =
    (await commitResults(results, committer, open.id, work)) ??
    (isOver || committer.unanswered().length === 0
      ? undefined
      : unnamedResults(ended, open.id, work.options))
  // One answer of "not found" is not taken for the last word on what is paid for.
  const isGone = failure?.code === 'BATCH_NOT_FOUND' && isOver
  const unanswered = new Set(committer.unanswered())
  const report = committer.report()
  outcome.add(report)
  const place = placeOfJob(open, work)
  if ((failure && !isGone) || committer.isStopped) {
    if (failure) {
      const isNotThere = failure.code === 'BATCH_NOT_FOUND'
      outcome.fail(isNotThere ? notThere(failure, open.id, work.options) : failure, place)
    }
    await work.record.drop(open.id, report.handled)
    return
  }
  const missing = itemsOf(open, work).filter(({ fingerprint }) => unanswered.has(fingerprint))
  await closeJob(open, missing, outcome, work)
  if (failure) outcome.fail(failure, place)
  // Who cancels knows.
  if (missing.length > 0 && ended.state !== 'cancelled') {
    outcome.fail(jobFailed(open.id, ended, missing, work.options), place)
  }
}

/** Takes a job out of the record: no answer will come to what is missing of it. */
export async function closeJob(
  { id, job }: OpenJob,
  missing: readonly BatchItem[],
  outcome: Outcome,
  { record, batch, context }: BatchWork,
): Promise<void> {
  await record.close(id)
  outcome.closed(id)
  outcome.missing(missing)
  // It would be deleted within two days anyway.
  await batch.remove(job.file, context).catch(() => undefined)
}

/** Downloads and commits results; where some are missing of what seems whole, once more. */
async function commitResults(
  job: BatchJob,
  committer: JobCommitter,
  id: string,
  work: BatchWork,
): Promise<GeminiImageError | undefined> {
  if (!hasResults(job)) return undefined
  const cache = openFiles(work.options.cacheDir)
  await cache.makeFolder('batch', work.folder)
  const file = path.join(work.folder, `${id}.results.jsonl`)
  const sizeNow = (): number => Number(cache.locate('batch', file)?.stats.size ?? 0)
  try {
    const failure = await download(job, file, work)
    const size = sizeNow()
    if (size > 0) await committer.commit(file)
    const isDone = committer.isStopped || committer.unanswered().length === 0
    if (failure || isDone) return failure
    // A download that ends between two lines looks whole.
    const again = await download(job, file, work)
    if (sizeNow() > size) await committer.commit(file)
    const answered = job.counts ? job.counts.succeeded + job.counts.failed : 0
    return (
      again ??
      (committer.lines < answered
        ? linesMissing(committer.lines, answered, work.options)
        : undefined)
    )
  } finally {
    await cache.remove('batch', file)
    await cache.remove('batch', `${file}.part`)
  }
}

function hasResults({ results, lines }: BatchJob): boolean {
  return results !== undefined || lines !== undefined
}

async function download(
  { results, lines = [] }: BatchJob,
  file: string,
  { batch, context, options, signal }: BatchWork,
): Promise<GeminiImageError | undefined> {
  try {
    if (results !== undefined) await batch.download(results, file, context)
    else await openFiles(options.cacheDir).write('batch', file, lines.join('\n'))
    return undefined
  } catch (error) {
    if (!options.provider || (signal.aborted && !isGeminiImageError(error))) throw error
    return toOurs(error, options.provider)
  }
}

/** The results of a job could not be had, for now. */
function notThere(
  { code, cause }: GeminiImageError,
  id: string,
  { company }: ResolvedOptions,
): GeminiImageError {
  return new GeminiImageError({
    code,
    what: `${company} did not find the results of the batch job ${id}.`,
    why: kept(company),
    fix: whatNow(id),
    cause,
  })
}

function kept(company: string): string {
  return `They are paid for; the job stays in the record for as long as ${company} keeps them.`
}

function whatNow(id: string): string {
  return `collect again in a while; or "npx gemini-image batch cancel ${id}" gives the job up, and its pictures are asked for anew.`
}

/** A job has succeeded, and nobody says where its results are. */
function unnamedResults(
  job: BatchJob,
  id: string,
  { company }: ResolvedOptions,
): GeminiImageError | undefined {
  const { state, counts } = job
  const hasAnswers = counts ? counts.succeeded > 0 : state === 'succeeded'
  if (hasResults(job) || !hasAnswers) return undefined
  return new GeminiImageError({
    code: 'BATCH_INCOMPLETE',
    what: `The batch job ${id} has ended, and ${company} does not say where its results are.`,
    why: kept(company),
    fix: whatNow(id),
  })
}

/** What came looks whole, and yet the server has counted more answers. */
function linesMissing(
  lines: number,
  answered: number,
  { company }: ResolvedOptions,
): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_INCOMPLETE',
    what: 'The results of a batch job did not arrive whole.',
    why: `${lines} lines came, where ${company} has counted ${answered} answers; what came has landed.`,
    fix: `collect again: what has landed is kept, the rest is still at ${company}, and nothing is paid again.`,
  })
}
