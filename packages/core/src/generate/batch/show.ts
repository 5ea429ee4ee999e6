import type { RunContext } from '../context.ts'
import { isGeminiImageError, type GeminiImageError } from '../../kernel/errors/error.ts'
import type { Estimate } from '../../providers/models/price.ts'
import type { BatchCounts, BatchJob } from '../../providers/batch-provider.ts'
import { toOurs } from '../job.ts'
import { openJobs } from './collect.ts'
import { itemsOf, type OpenJob } from './finish.ts'
import { estimateOf, type BatchItem } from './item.ts'
import { jobUnknown } from './outcome.ts'
import { expiryOf, type RecordedJob } from './record.ts'

export interface JobStatus {
  /** Our name for it. */
  readonly id: string
  /** The server's; `undefined` where it has not confirmed the job. */
  readonly name: string | undefined
  /** The model's id. */
  readonly model: string
  /** As the server says; as it was seen last where the server was not asked or could not say. */
  readonly state: RecordedJob['state']
  readonly counts: BatchCounts | undefined
  readonly items: readonly BatchItem[]
  /** What its pictures cost, at the price of a batch, in US dollars. */
  readonly estimate: Estimate
  readonly submitted: Date
  /** Milliseconds since then. */
  readonly age: number
  /** When it expires, if it has not ended by then; `undefined` where nobody says. */
  readonly expires: Date | undefined
  /** Why the server could not say how it stands. */
  readonly problem: GeminiImageError | undefined
}

/**
 * How the jobs of the record stand. Asks the server where there is a key; writes nothing, spends
 * nothing.
 * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`.
 */
export async function showBatches(context: RunContext): Promise<readonly JobStatus[]> {
  const now = Date.now()
  return Promise.all(openJobs(context).map((open) => statusOf(open, now, context)))
}

async function statusOf(open: OpenJob, now: number, context: RunContext): Promise<JobStatus> {
  const { id, job } = open
  const items = itemsOf(open, context)
  const { current, problem } = await ask(open, items[0], context)
  const submitted = new Date(job.created)
  return {
    id,
    name: current?.name ?? job.name,
    model: job.model,
    state: current?.state ?? job.state,
    counts: current?.counts,
    items,
    estimate: estimateOf(items),
    submitted,
    age: now - submitted.getTime(),
    expires: expiryOf(job, context.options),
    problem,
  }
}

async function ask(
  { id, job }: OpenJob,
  item: BatchItem | undefined,
  { options, signal, cutOff }: RunContext,
): Promise<{ current?: BatchJob | undefined; problem: GeminiImageError | undefined }> {
  const { provider } = options
  if (!provider?.batch) return { problem: undefined }
  const { batch } = provider
  const context = { signal, cutOff }
  try {
    const current =
      job.name === undefined ? await batch.find(id, context) : await batch.get(job.name, context)
    const isLost = !current && job.name !== undefined
    return { current, problem: isLost ? jobUnknown(id, item, options) : undefined }
  } catch (error) {
    if (signal.aborted && !isGeminiImageError(error)) throw error
    const problem = toOurs(error, provider)
    return { problem: item ? problem.at(item.place) : problem }
  }
}
