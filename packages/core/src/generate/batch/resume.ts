import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { RunContext } from '../context.ts'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import { GeminiImageError, isGeminiImageError, oursOrThrow } from '../../kernel/errors/error.ts'
import { fingerprint } from '../../pin/fingerprint.ts'
import { onOwnMachine } from '../../plan/missing.ts'
import { callSizeOf } from '../../plan/step.ts'
import { findModel } from '../../providers/models/line-up.ts'
import { estimateCost, type Estimate } from '../../providers/models/price.ts'
import type { BatchJob } from '../../providers/batch-provider.ts'
import type { ImageRequest } from '../../providers/request.ts'
import { reserveFor } from '../budget.ts'
import { toOurs } from '../job.ts'
import { openJobs } from './collect.ts'
import { itemsOf, type OpenJob } from './finish.ts'
import { estimateOf, listItems, type BatchItem } from './item.ts'
import { atBatchPrice } from './select.ts'
import { NOTHING_CREATED, underLock, whyNotBatchable, workWith, type BatchWork } from './context.ts'

/** What became of jobs whose creation had not been confirmed. */
interface ResumeSummary {
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

interface ResumeOptions {
  /**
   * Asked once before jobs are created, with all that they are for and what that costs by the catalogue.
   * @default all are created
   */
  readonly mayCreate?:
    | ((items: readonly BatchItem[], estimate: Estimate) => Promise<boolean>)
    | undefined
}

/** A job that the server does not have. */
interface AbsentJob {
  readonly open: OpenJob
  /** At the prices of the catalogue, whatever the record says. */
  readonly items: readonly BatchItem[]
}

/**
 * Clears up what became of jobs whose creation was cut off, by a kill or a lost answer. One that the
 * server has is adopted; one that it has not, once its list was read, is created, where the mode is `auto`. The
 * record is a file of the repository: what it says of models and prices is not taken for granted.
 * @throws {GeminiImageError} `MISSING_KEY`, `BATCH_UNSUPPORTED` or `CORRUPT_BATCH_RECORD`; whatever is
 *   wrong with single jobs is in the summary.
 */
export async function resumeBatches(
  context: RunContext,
  { mayCreate = () => Promise.resolve(true) }: ResumeOptions = {},
): Promise<ResumeSummary> {
  const resuming = new Resuming(workWith(context))
  await underLock(context, async () => {
    const absent = await resuming.adopt()
    if (absent.length > 0 && resuming.reserve(absent)) await resuming.create(absent, mayCreate)
  })
  return resuming.summary()
}

/** The file is gone, or the model: nothing was created, and nothing can be. */
const IMPOSSIBLE: ReadonlySet<ErrorCode> = new Set(['REFUSED_REQUEST', 'MODEL_NOT_FOUND'])

class Resuming {
  readonly #work: BatchWork
  readonly #adopted: string[] = []
  readonly #created: string[] = []
  readonly #asked: BatchItem[] = []
  readonly #missing: BatchItem[] = []
  readonly #failures: GeminiImageError[] = []

  constructor(work: BatchWork) {
    this.#work = work
  }

  summary(): ResumeSummary {
    return {
      adopted: this.#adopted,
      created: this.#created,
      estimate: estimateOf(this.#asked),
      missing: this.#missing,
      failures: this.#failures,
    }
  }

  /** Adopts the jobs that the server has, and gives the others. */
  async adopt(): Promise<readonly AbsentJob[]> {
    const absent: AbsentJob[] = []
    for (const open of openJobs(this.#work).filter(({ job }) => job.name === undefined)) {
      this.#work.signal.throwIfAborted()
      try {
        const found = await this.#work.batch.find(open.id, this.#work.context)
        if (found) {
          await this.#confirm(open, found)
          this.#adopted.push(open.id)
        } else absent.push({ open, items: await this.#price(open) })
      } catch (error) {
        this.#failures.push(this.#blame(error, open))
      }
    }
    return absent
  }

  reserve(absent: readonly AbsentJob[]): boolean {
    const items = absent.flatMap((one) => one.items)
    try {
      reserveFor(this.#work.budget, estimateOf(items).most, () => ({
        why: listItems(items),
        place: items[0]?.place,
      }))
      return true
    } catch (error) {
      this.#failures.push(oursOrThrow(error))
      return false
    }
  }

  async create(
    absent: readonly AbsentJob[],
    mayCreate: NonNullable<ResumeOptions['mayCreate']>,
  ): Promise<void> {
    const items = absent.flatMap((one) => one.items)
    const estimate = estimateOf(items)
    if (!(await mayCreate(items, estimate))) {
      this.#work.budget.settle(estimate.most, 0)
      return
    }
    for (const one of absent) {
      this.#work.signal.throwIfAborted()
      await this.#create(one)
    }
  }

  async #create({ open, items }: AbsentJob): Promise<void> {
    const { batch, context, budget, record } = this.#work
    const { model, file } = open.job
    try {
      await this.#confirm(open, await batch.create({ displayName: open.id, model, file }, context))
      this.#created.push(open.id)
      this.#asked.push(...items)
    } catch (error) {
      const failure = this.#blame(error, open)
      this.#failures.push(failure)
      if (NOTHING_CREATED.has(failure.code)) budget.settle(estimateOf(items).most, 0)
      if (!IMPOSSIBLE.has(failure.code)) return
      await record.close(open.id)
      this.#missing.push(...items)
    }
  }

  /** What a job would cost, if it may be created. @throws {GeminiImageError} why it may not. */
  async #price(open: OpenJob): Promise<readonly BatchItem[]> {
    const { options, batch, context } = this.#work
    const { id, job, requests } = open
    if (options.mode !== 'auto') throw notInMode(id, options)
    const model = findModel(job.model, options.lineUp)
    const unfit = model ? whyNotBatchable(model, options) : `${job.model} is not in the catalogue`
    if (!model || unfit !== undefined) throw notTrusted(id, unfit ?? '')
    const uploaded = job.sha256 === undefined ? undefined : await batch.hash?.(job.file, context)
    if (uploaded !== undefined && uploaded !== job.sha256) {
      throw notTrusted(id, `${job.file} is not the file of requests that was uploaded for it`)
    }
    return itemsOf(open, this.#work).map((item) => {
      const request = requests.get(item.fingerprint)?.request as ImageRequest | undefined
      if (!request || fingerprint(request) !== item.fingerprint) {
        throw notTrusted(id, 'its requests are not the ones that its fingerprints name')
      }
      return { ...item, estimate: atBatchPrice(estimateCost(model, callSizeOf(request)), model) }
    })
  }

  async #confirm(open: OpenJob, { name, state }: BatchJob): Promise<void> {
    const { record, options } = this.#work
    await record.put(open.id, { ...open.job, name, state })
    options.logger.info(`${open.id}  ${open.requests.size} requests  ${open.job.model}  ${name}`)
  }

  #blame(error: unknown, open: OpenJob): GeminiImageError {
    const { options, signal } = this.#work
    const isStopped = signal.aborted && !isGeminiImageError(error)
    const { provider } = options
    const ours = provider && !isStopped ? toOurs(error, provider) : oursOrThrow(error)
    const [first] = itemsOf(open, this.#work)
    return first ? ours.at(first.place) : ours
  }
}

function notInMode(id: string, { mode, company, definition }: ResolvedOptions): GeminiImageError {
  return new GeminiImageError({
    code: 'MISSING_PICTURE',
    what: `${company} has no batch job ${id}, and the mode is "${mode}": none is created.`,
    fix: `run "npx gemini-image batch resume" ${onOwnMachine(definition)}.`,
  })
}

/** The record says something that cannot be so. */
function notTrusted(id: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_BATCH_RECORD',
    what: `The batch job ${id} is not created: ${why}.`,
    why: 'gemini-image.batch says something else than was submitted.',
    fix: `restore gemini-image.batch from version control; or "npx gemini-image batch cancel ${id}" gives the job up, and its pictures are asked for anew.`,
  })
}
