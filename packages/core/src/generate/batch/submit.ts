import { isOfSeveral } from '../../providers/request.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { RunContext } from '../context.ts'
import {
  isGeminiImageError,
  oursOrThrow,
  reworded,
  type GeminiImageError,
} from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { formatDollars } from '../../kernel/dollars.ts'
import { formatEstimate, sumEstimates, type Estimate } from '../../providers/models/price.ts'
import { reserveFor, type Purpose } from '../budget.ts'
import { digestOf, isPinnedText } from '../../pin/pinned-text.ts'
import { chainOf } from '../../plan/declared.ts'
import { countSteps } from '../../plan/missing.ts'
import { findAnswered, Job, pixelsFor, toOurs } from '../job.ts'
import { openPictureJournal } from '../journal.ts'
import { refusedSteps } from '../refused.ts'
import { lockOf } from '../../pin/project-lock.ts'
import { readPinnedState, type PlanRow, type Selection as PlanSelection } from '../../plan/plan.ts'
import { withTeam } from '../../team/team-store.ts'
import { takePaid } from '../claim.ts'
import { timestamp } from '../commit.ts'
import { findPendingElsewhere, takePinnedElsewhere, withWorkspaceLock } from '../elsewhere.ts'
import { missingRows, pinRemotes } from '../missing-rows.ts'
import { itemOfStep, listItems, type BatchItem } from './item.ts'
import { pendingRequests, type RecordedJob, type RecordedRequest } from './record.ts'
import { writeRequests, type RequestFile } from './request-files.ts'
import {
  estimateReady,
  select,
  withNextModel,
  type LeftOut,
  type ReadyStep,
  type Selection,
} from './select.ts'
import { NOTHING_CREATED, underLock, workWith, type BatchWork } from './context.ts'

interface SubmittedJob {
  /** Our name for it. */
  readonly id: string
  /** The server's. */
  readonly name: string
  /** The model's id. */
  readonly model: string
  readonly items: readonly BatchItem[]
}

export interface SubmitSummary {
  readonly jobs: readonly SubmittedJob[]
  /** What the jobs will cost, at the price of a batch, in US dollars. */
  readonly estimate: Estimate
  /** What needs pictures that are not generated yet: for a later batch. */
  readonly waiting: readonly LeftOut[]
  /** What an open job had been asked for before. */
  readonly pending: readonly LeftOut[]
  readonly notBatchable: readonly LeftOut[]
  /** What the model refused before, and nobody asks for again. */
  readonly refused: readonly LeftOut[]
  /** What went wrong with jobs; the others were created all the same. */
  readonly failures: readonly GeminiImageError[]
}

interface SubmitOptions {
  /** Asks again for what was refused. @default false */
  readonly retry?: boolean | undefined
}

/**
 * Submits what is missing of a plan's rows: one job a model. Nothing is uploaded before all requests
 * are written and the budget has room for all of them; each job is recorded before it is created.
 * @throws {GeminiImageError} `BUDGET_EXCEEDED`, `MISSING_KEY`, `BATCH_UNSUPPORTED`,
 *   `CORRUPT_BATCH_RECORD`, or what is wrong with a declaration or an image.
 */
export function submitBatch(
  context: RunContext,
  plan: PlanSelection,
  options: SubmitOptions = {},
): Promise<SubmitSummary> {
  const work = workWith(context)
  const submit = async (): Promise<SubmitSummary> => {
    // Nobody pays again for pictures that another machine, or another project of the workspace, has paid for.
    await takePaid(plan.rows, context)
    await takePinnedElsewhere(plan.rows, context)
    await takeAnswered(plan, work)
    const selection = await selectMissing(plan, work, options)
    reserve(selection.ready, work)
    const submission = new Submission(work)
    await submission.run(selection.ready)
    return submission.summary(selection)
  }
  const ids = plan.rows.map(({ declared }) => declared.id)
  const lock = lockOf(context.options, context.signal)
  return withTeam(context.team, () =>
    underLock(context, () => withWorkspaceLock(ids, context.options.root, lock, submit)),
  )
}

async function selectMissing(
  plan: PlanSelection,
  work: BatchWork,
  options: SubmitOptions,
): Promise<Selection> {
  const find = (): Promise<readonly PlanRow[]> => findMissing(plan, work)
  const planned = await find()
  // What was fetched is looked at, too, before anything is paid for.
  const rows = (await pinRemotes(planned, work)) ? await find() : planned
  return selectReady(work, rows, options)
}

async function findMissing(
  { rows, declarations }: PlanSelection,
  work: BatchWork,
): Promise<readonly PlanRow[]> {
  const ids = rows.map(({ declared }) => declared.id)
  return missingRows(ids, declarations.at(await readPinnedState(work)))
}

/** What a process that was killed had been answered costs nothing any more. */
async function takeAnswered(plan: PlanSelection, work: BatchWork): Promise<void> {
  const { options } = work
  const { provider } = options
  if (!provider) return
  const journal = openPictureJournal(options)
  const lock = await work.lockfile.read()
  const [pinned, texts] = [new Map(lock.entries), new Map(lock.texts)]
  const context = { ...work, provider, journal, pinned, texts, redraw: new Set<string>() }
  const rows = await findMissing(plan, work)
  const answered = await findAnswered(rows, journal)
  for (const { declared, missing } of rows) {
    for (const step of missing.filter(({ fingerprint }) => answered.has(fingerprint))) {
      const job = new Job(step, declared, context, 0)
      const failure = (await job.ask(undefined)) ?? (await job.finish())
      if (failure) throw failure
      if (!job.pinned) continue
      if (isPinnedText(job.pinned)) texts.set(step.fingerprint, job.pinned)
      else pinned.set(step.fingerprint, job.pinned)
    }
  }
}

/** Sorts rows by what can be asked for in a batch now. @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`. */
export async function selectReady(
  { lockfile, record, refusals, unknownModels, options }: RunContext,
  rows: readonly PlanRow[],
  { retry = false }: SubmitOptions = {},
): Promise<Selection> {
  const { entries, texts } = await lockfile.read()
  const elsewhere = await findPendingElsewhere(rows, { options })
  const own = pendingRequests(record.read(), new Date(), options)
  const jobs = [
    ...[...elsewhere].map(([one, { job, project }]) => [one, `${job} of ${project}`] as const),
    ...[...own].map(([one, { job }]) => [one, job] as const),
  ]
  return select(rows, {
    options,
    unknownModels,
    refused: retry ? new Map() : await refusedSteps(rows, { refusals }),
    pending: new Map(jobs),
    digestOf: (fingerprint) => {
      const pinned = entries.get(fingerprint) ?? texts.get(fingerprint)
      return pinned && digestOf(pinned)
    },
  })
}

/** @throws {GeminiImageError} `BUDGET_EXCEEDED`, with what it is for. */
function reserve(ready: readonly ReadyStep[], { budget, options }: BatchWork): void {
  if (ready.length === 0) return
  const total = estimateReady(ready)
  const range = formatEstimate(total)
  const purpose = (): Purpose => {
    const items = ready.map((one) => itemOfStep(one.step, one.declared, one.estimate))
    const why = `${listItems(items)}\nEstimated, at the price of a batch: ${range}.`
    return { why, place: items[0]?.place }
  }
  reserveFor(budget, total.most, purpose)
  const what = countSteps(ready.map(({ step }) => step))
  options.logger.info(
    `submitting ${what}, estimated at ${range} of a budget of ${formatDollars(budget.limit)}`,
  )
}

class Submission {
  readonly #work: BatchWork
  readonly #jobs: SubmittedJob[] = []
  readonly #failures: GeminiImageError[] = []

  constructor(work: BatchWork) {
    this.#work = work
  }

  async run(ready: readonly ReadyStep[]): Promise<void> {
    for (let round = ready; round.length > 0;) round = await this.#round(round)
  }

  summary({ waiting, pending, notBatchable, refused }: Selection): SubmitSummary {
    const jobs = this.#jobs
    const estimates = jobs.flatMap(({ items }) => items.map(({ estimate }) => estimate))
    const failures = this.#failures
    const estimate = sumEstimates(estimates)
    return { jobs, estimate, waiting, pending, notBatchable, refused, failures }
  }

  /** Submits steps, and gives back those that are to be asked of another model. */
  async #round(ready: readonly ReadyStep[]): Promise<readonly ReadyStep[]> {
    const again: ReadyStep[] = []
    try {
      for (const part of await writeRequests(ready, this.#work)) {
        this.#work.signal.throwIfAborted()
        again.push(...(await this.#submit(part)))
      }
    } finally {
      const { options, folder } = this.#work
      await openFiles(options.cacheDir).remove('batch', folder)
    }
    return again
  }

  async #submit(part: RequestFile): Promise<readonly ReadyStep[]> {
    const { batch, context, record } = this.#work
    let isRecorded = false
    try {
      const file = await batch.upload(part.file, part.id, context)
      const job = toRecordedJob(part, file)
      // Before anything can be paid for: a job that nobody remembers could not be collected.
      await record.put(part.id, job, toRecordedRequests(part))
      isRecorded = true
      const order = { displayName: part.id, model: part.model.id, file }
      const { name, state } = await batch.create(order, context)
      await record.put(part.id, { ...job, name, state })
      this.#note(part, name)
      return []
    } catch (error) {
      return this.#fail(part, isRecorded, error)
    }
  }

  async #fail(
    part: RequestFile,
    isRecorded: boolean,
    error: unknown,
  ): Promise<readonly ReadyStep[]> {
    const { signal, record, options } = this.#work
    if (signal.aborted && !isGeminiImageError(error)) throw error
    const failure = options.provider ? toOurs(error, options.provider) : undefined
    if (!failure) throw error
    if (isRecorded && !NOTHING_CREATED.has(failure.code)) {
      this.#failures.push(unconfirmed(failure, part, options))
      return []
    }
    await record.close(part.id)
    if (failure.code === 'MODEL_NOT_FOUND') return this.#passOver(part, failure)
    this.#release(part.steps)
    this.#failures.push(failure.at(placeOf(part)))
    return []
  }

  /** An alias is a list: its next model is asked, if the budget has room for that one. */
  #passOver(part: RequestFile, failure: GeminiImageError): readonly ReadyStep[] {
    const { unknownModels, options } = this.#work
    unknownModels.add(part.model.id)
    const again: ReadyStep[] = []
    for (const ready of part.steps) {
      const next = withNextModel(ready, this.#work)
      const refused = next ? this.#reserveMore(ready, next) : failure
      if (next && !refused) again.push(next)
      else {
        this.#release([ready])
        this.#failures.push((refused ?? failure).at(ready.declared.place))
      }
    }
    if (again.length > 0) {
      options.logger.warn(
        `${options.company} does not know ${part.model.id} (any more); the next model of its alias is asked instead.`,
      )
    }
    return again
  }

  /** The next model may be dearer. */
  #reserveMore(ready: ReadyStep, next: ReadyStep): GeminiImageError | undefined {
    try {
      this.#work.budget.reserve(Math.max(0, next.estimate.most - ready.estimate.most))
      return undefined
    } catch (error) {
      return oursOrThrow(error)
    }
  }

  #release(steps: readonly ReadyStep[]): void {
    const { most } = sumEstimates(steps.map(({ estimate }) => estimate))
    this.#work.budget.settle(most, 0)
  }

  #note({ id, model, steps }: RequestFile, name: string): void {
    const items = steps.map((one) => itemOfStep(one.step, one.declared, one.estimate))
    this.#jobs.push({ id, name, model: model.id, items })
    const what = countSteps(steps.map(({ step }) => step))
    this.#work.options.logger.info(`${id}  ${what}  ${model.id}  ${name}`)
  }
}

function placeOf({ steps }: RequestFile): ReadyStep['declared']['place'] {
  const [first] = steps
  if (!first) throw new RangeError('A job has a request at least')
  return first.declared.place
}

function toRecordedJob({ model, sha256 }: RequestFile, file: string): RecordedJob {
  const created = timestamp()
  return { state: 'submitting', model: model.id, file, sha256, created, price: model.price }
}

function toRecordedRequests({ steps }: RequestFile): ReadonlyMap<string, RecordedRequest> {
  return new Map(steps.map((one) => [one.step.fingerprint, toRecordedRequest(one)]))
}

function toRecordedRequest({
  step,
  declared,
  model,
  estimate,
  replaces,
}: ReadyStep): RecordedRequest {
  const { path, line, column } = declared.place
  const history = chainOf(step).slice(0, -1)
  return {
    slug: declared.name,
    at: [path, line, column],
    label: step.label,
    variant: step.variant,
    pixels: pixelsFor(step, model),
    withText: isOfSeveral(step.request),
    estimate,
    ...(history.length > 0 && { history: history.map(({ fingerprint }) => fingerprint) }),
    ...(replaces !== undefined && { replaces }),
    request: step.request,
  }
}

/** The job may be there: it stays in the record until that is known. */
function unconfirmed(
  failure: GeminiImageError,
  part: RequestFile,
  { company }: ResolvedOptions,
): GeminiImageError {
  const fix = `run "npx gemini-image batch resume": it looks for ${part.id} at ${company} before anything is paid for again.`
  return reworded(failure, { fix, place: placeOf(part) })
}
