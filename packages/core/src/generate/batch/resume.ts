import type { RunContext } from '../context.ts'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import {
  isGeminiImageError,
  oursOrThrow,
  type GeminiImageError,
} from '../../kernel/errors/error.ts'
import type { Estimate } from '../../providers/models/price.ts'
import type { BatchJob } from '../../providers/batch-provider.ts'
import { toOurs } from '../job.ts'
import { openJobs } from './collect.ts'
import { itemsOf, type OpenJob } from './finish.ts'
import { estimateOf, type BatchItem } from './item.ts'
import { NOTHING_CREATED, underLock, workWith, type BatchWork } from './context.ts'

/** What became of jobs whose creation had not been confirmed. */
export interface ResumeSummary {
  /** Our names for jobs that were there all along. */
  readonly adopted: readonly string[]
  /** Our names for jobs that were not there, and were created now. */
  readonly created: readonly string[]
  /** What the created ones will cost, in US dollars. */
  readonly estimate: Estimate
  /** What no job is there for after all; the next run asks for it anew. */
  readonly missing: readonly BatchItem[]
  readonly failures: readonly GeminiImageError[]
}

/**
 * Clears up what became of jobs whose creation was cut off, by a kill or a lost answer. One that the
 * server has is adopted; one that it has not, once its list was read, is created.
 * @throws {GeminiImageError} `MISSING_KEY`, `BATCH_UNSUPPORTED` or `CORRUPT_BATCH_RECORD`; whatever is
 *   wrong with single jobs is in the summary.
 */
export async function resumeBatches(tools: RunContext): Promise<ResumeSummary> {
  const work = workWith(tools)
  const [adopted, created]: [string[], string[]] = [[], []]
  const [asked, missing]: [BatchItem[], BatchItem[]] = [[], []]
  const failures: GeminiImageError[] = []
  await underLock(tools, async () => {
    for (const open of openJobs(work).filter(({ job }) => job.name === undefined)) {
      work.signal.throwIfAborted()
      const items = itemsOf(open, work)
      let isAbsent = false
      try {
        isAbsent = !(await adopt(open, work))
        if (isAbsent) await create(open, items, work)
        if (isAbsent) asked.push(...items)
        const list = isAbsent ? created : adopted
        list.push(open.id)
      } catch (error) {
        const failure = blame(error, items, work)
        failures.push(failure)
        if (!isAbsent || !IMPOSSIBLE.has(failure.code)) continue
        await work.record.close(open.id)
        missing.push(...items)
      }
    }
  })
  return { adopted, created, estimate: estimateOf(asked), missing, failures }
}

/** The file is gone, or the model: nothing was created, and nothing can be. */
const IMPOSSIBLE: ReadonlySet<ErrorCode> = new Set(['REFUSED_REQUEST', 'MODEL_NOT_FOUND'])

/** Whether the server has the job after all. */
async function adopt(open: OpenJob, work: BatchWork): Promise<boolean> {
  const found = await work.batch.find(open.id, work.context)
  if (found) await confirm(open, found, work)
  return found !== undefined
}

async function create(open: OpenJob, items: readonly BatchItem[], work: BatchWork): Promise<void> {
  const { most } = estimateOf(items)
  work.budget.reserve(most)
  try {
    const { model, file } = open.job
    const order = { displayName: open.id, model, file }
    await confirm(open, await work.batch.create(order, work.context), work)
  } catch (error) {
    const isCertain = isGeminiImageError(error) && NOTHING_CREATED.has(error.code)
    if (isCertain) work.budget.settle(most, 0)
    throw error
  }
}

async function confirm(
  open: OpenJob,
  found: BatchJob,
  { record, options }: BatchWork,
): Promise<void> {
  const { name, state } = found
  await record.put(open.id, { ...open.job, name, state })
  options.logger.info(`${open.id}  ${open.requests.size} requests  ${open.job.model}  ${name}`)
}

function blame(error: unknown, items: readonly BatchItem[], work: BatchWork): GeminiImageError {
  const { provider } = work.options
  const isOurWish = work.signal.aborted && !isGeminiImageError(error)
  const ours = provider && !isOurWish ? toOurs(error, provider) : oursOrThrow(error)
  const [first] = items
  return first ? ours.at(first.place) : ours
}
