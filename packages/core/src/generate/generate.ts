import path from 'node:path'
import pLimit, { type LimitFunction } from 'p-limit'
import {
  GeminiImageError,
  isGeminiImageError,
  joinErrors,
  oursOrThrow,
} from '../kernel/errors/error.ts'
import { countCalls, describeUnconfirmed, reserveFor, type Purpose } from './budget.ts'
import { Claims, isAnswerTo, isFresh, pinnedInstead, takePaid, type Acceptor } from './claim.ts'
import type { DeclarationId } from '../declare/declaration.ts'
import { formatPlace } from '../kernel/place.ts'
import type { ErrorCode } from '../kernel/errors/codes.ts'
import type { LockEntry } from '../pin/lock-entry.ts'
import {
  isPinnedText,
  nameOfResult,
  type PinnedResult,
  type PinnedText,
} from '../pin/pinned-text.ts'
import { isOfText } from '../providers/request.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { formatDollars, roundDollars } from '../kernel/dollars.ts'
import { formatEstimate, type Estimate } from '../providers/models/price.ts'
import { loadSharp } from '../pixels/image.ts'
import type { Logger } from '../kernel/logger.ts'
import { assertRoom } from '../kernel/files/write.ts'
import type { Declarations } from '../plan/declarations.ts'
import type { Declared } from '../plan/declared.ts'
import { type Refusal, failedBefore, refusedBefore, refusedSteps } from './refused.ts'
import { estimateSteps, excludedBy, stepsToPay } from '../plan/estimate.ts'
import { countSteps, listMissing } from '../plan/missing.ts'
import { findPendingElsewhere, takePinnedElsewhere, withWorkspaceLock } from './elsewhere.ts'
import { findAnswered, Job, type JobContext } from './job.ts'
import { openPictureJournal, tellAbandoned } from './journal.ts'
import { readPinnedState, toRow, type PlanRow } from '../plan/plan.ts'
import type { PinnedState } from '../plan/pinned-state.ts'
import type { Step } from '../plan/step.ts'
import { missingRows, pinRemotes } from './missing-rows.ts'
import type { Activity } from './activity.ts'
import { CallsUnderWay, guardCalls, type Brakes } from './context.ts'

interface GenerateContext extends Omit<JobContext, 'journal' | 'pinned' | 'texts'> {
  readonly brakes: Brakes
  readonly activity: Activity
  /** The declarations as they were read when the plan was made. */
  readonly declarations: Declarations
  /**
   * Called for every declaration, as soon as its picture is stored and pinned; `isNew` where this
   * run has paid for it, and has not said so for another declaration of the same picture.
   */
  readonly onLanded: (declared: Declared, entry: LockEntry, isNew: boolean) => void
  /** Called when the calls of a run are known, and whenever one has ended. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Fingerprints that an open batch job has been asked for: a live call would pay twice. */
  readonly pending: () => ReadonlyMap<string, { readonly job: string }>
  /** Fingerprints that are to be generated anew; what was committed is taken out. */
  readonly redraw: Set<string>
  /** Asks again for what was refused, or may have been paid for in vain. */
  readonly retry: boolean
}

export interface Progress {
  readonly total: number
  /** Calls that have ended, with a picture or without. */
  readonly ended: number
  /** Those of them that have ended without a picture. */
  readonly failed: number
  /** What they have cost, in US dollars. */
  readonly spent: number
}

/** Failures that the next picture would meet as well. */
export const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'INVALID_KEY',
  'INVALID_OPTION',
  'QUOTA_EXHAUSTED',
  'WRITE_FAILED',
  'CORRUPT_LOCKFILE',
  'STORE_UNAVAILABLE',
  'STORE_REFUSED',
])

/** What became of a step's turn: this run has asked, another machine had paid, or nobody asks. */
type Turn = 'asked' | 'paid' | 'failed' | 'skipped'

/**
 * Generates what is missing of declarations and of those that they refer to: one call a
 * fingerprint, in the order of their references, side by side where that leaves it open. Each
 * picture is stored and pinned the moment it comes. A failure stops none of the others, unless they
 * need its picture or would all meet it.
 * @throws {GeminiImageError} `BUDGET_EXCEEDED` before the first call; otherwise, after the last
 *   call, whatever went wrong.
 */
export async function generateMissing(
  ids: readonly DeclarationId[],
  context: GenerateContext,
): Promise<void> {
  const { store, lockfile, brakes, redraw } = context
  const defects: unknown[] = []
  const logger = patientLogger(context.options.logger, defects)
  const options = { ...context.options, logger }
  const underWay = new CallsUnderWay()
  await guardCalls(underWay, brakes, logger, () =>
    withProjectLock(lockOf(options, context.signal), async (lost) => {
      await Promise.all([store.sweep(), lockfile.sweep()])
      const signal = AbortSignal.any([context.signal, lost])
      await withWorkspaceLock(ids, options.root, lockOf(options, signal), async () => {
        // Another process may have pinned some of it since the plan was made.
        const pinnedState = await readPinnedState(context, { redraw })
        const journal = openPictureJournal(options)
        const pinned = new Map(pinnedState.lock.entries)
        const texts = new Map(pinnedState.lock.texts)
        const state = { ...context, options, signal, journal, underWay, pinned, texts }
        await new Run(state, pinnedState, defects).work(ids)
      })
    }),
  )
}

/** A logger that never throws: nothing that is only told may end a run with calls under way. */
function patientLogger(logger: Logger, defects: unknown[]): Logger {
  const patiently = (kind: keyof Logger) => (message: string) => {
    try {
      logger[kind](message)
    } catch (error) {
      defects.push(error)
    }
  }
  return { info: patiently('info'), warn: patiently('warn') }
}

type RunState = GenerateContext &
  JobContext & {
    readonly underWay: CallsUnderWay
    /** The pictures that are pinned, advanced by each that is committed. */
    readonly pinned: Map<string, LockEntry>
    /** The texts. */
    readonly texts: Map<string, PinnedText>
  }

/** One run under the project lock. */
class Run {
  readonly #context: RunState
  readonly #limit: LimitFunction
  readonly #failures: GeminiImageError[] = []
  /** Declaration by id → its picture, once it is there. */
  readonly #generated = new Map<string, Promise<LockEntry | undefined>>()
  /** Call by fingerprint → whether it ended with a picture. */
  readonly #called = new Map<string, Promise<boolean>>()
  /** Fingerprints of new pictures that nobody was told of yet. */
  readonly #untold = new Set<string>()
  readonly #bill = {
    calls: 0,
    shared: 0,
    failed: 0,
    unanswered: 0,
    spent: 0,
    wasted: 0,
    /** Attempts that may have been paid for without an answer, and the most that they can have cost. */
    attempts: 0,
    unconfirmed: 0,
    adopted: 0,
  }
  /** What open batch jobs have been asked for. */
  readonly #pending: Map<string, { readonly job: string; readonly project?: string }>
  /** Steps that wait for one of them, with their declarations. */
  readonly #awaited = new Map<Step, Declared>()
  #total = 0
  /** Fingerprints of calls that earlier runs were answered, and did not pin. */
  #answered: ReadonlySet<string> = new Set()
  /** What models refused, and nobody asks for again. */
  #refused: ReadonlyMap<string, Refusal> = new Map()
  /** What this process may have paid for in vain before this run. */
  #failed: ReadonlyMap<string, GeminiImageError> = new Map()
  /** What calls of dead processes may have cost, in US dollars. */
  #abandoned = 0
  readonly #defects: unknown[]
  readonly #claims: Claims
  /** To the second, as what is committed says it. */
  readonly #startedAt = Math.floor(Date.now() / 1000) * 1000
  #skipped = 0
  #isOverrun = false
  /** What was set aside for calls that have ended, in US dollars. */
  #settled = 0
  /** As they stood before the first call. */
  #declarations: Declarations

  /** @param defects What must be thrown in the end, and no sooner. */
  constructor(context: RunState, pinnedState: PinnedState, defects: unknown[]) {
    this.#context = context
    this.#defects = defects
    this.#declarations = this.#readAt(pinnedState)
    this.#limit = pLimit(context.options.concurrency)
    this.#pending = new Map(context.pending())
    this.#claims = new Claims(context)
  }

  async work(ids: readonly DeclarationId[]): Promise<void> {
    const { signal, budget, options, journal } = this.#context
    this.#abandoned = await tellAbandoned(
      journal,
      this.#context,
      (key, answered) => this.#pinnedFor(key)?.created === answered,
    )
    let missing = await missingRows(ids, this.#declarations)
    if (await pinRemotes(missing, this.#context)) {
      // What was fetched is looked at, too, before anything is paid for.
      await this.#readAgain()
      missing = await missingRows(ids, this.#declarations)
    }
    if (await takePinnedElsewhere(missing, this.#context, this.#context.redraw)) {
      await this.#readAgain()
      missing = await missingRows(ids, this.#declarations)
    }
    for (const [fingerprint, one] of await findPendingElsewhere(missing, this.#context)) {
      if (!this.#pending.has(fingerprint)) this.#pending.set(fingerprint, one)
    }
    // No answer could be committed without it.
    await loadSharp()
    await assertRoom(path.dirname(options.lockfile), 0)
    await assertRoom(options.storeDir, bytesOf(missing))
    this.#answered = await findAnswered(missing, journal)
    if (!this.#context.retry) {
      this.#refused = await refusedSteps(missing, this.#context)
      this.#failed = new Map(this.#context.failed)
    }
    const total = await this.#reserveUnpaid(ids, missing)
    try {
      await Promise.all(ids.map((id) => this.#generate(id)))
    } finally {
      // What was set aside for calls that were not made.
      budget.settle(roundDollars(total.most - this.#settled), 0)
    }
    this.#report(total)
    if (this.#awaited.size > 0) this.#failures.push(batchPending(this.#awaited, this.#pending))
    if (this.#skipped > 0) options.logger.warn(`${this.#skipped} more were not asked for`)
    if (this.#defects.length > 0) throw this.#defects[0]
    if (this.#failures.length > 0) throw joinErrors(this.#failures)
    signal.throwIfAborted()
  }

  /** The declarations as they were planned, held against what this run knows to be pinned. */
  #readAt(pinnedState: PinnedState): Declarations {
    const { pinned: entries, texts } = this.#context
    const lock = { ...pinnedState.lock, entries, texts }
    return this.#context.declarations.at({ ...pinnedState, lock })
  }

  /** Others have written to the lockfile on this run's behalf. */
  async #readAgain(): Promise<void> {
    const pinnedState = await readPinnedState(this.#context, { redraw: this.#context.redraw })
    const { entries, texts } = pinnedState.lock
    for (const [fingerprint, result] of [...entries, ...texts]) this.#setPinned(fingerprint, result)
    this.#declarations = this.#readAt(pinnedState)
  }

  #pinnedFor(fingerprint: string): PinnedResult | undefined {
    return this.#context.pinned.get(fingerprint) ?? this.#context.texts.get(fingerprint)
  }

  #setPinned(fingerprint: string, result: PinnedResult): void {
    if (isPinnedText(result)) this.#context.texts.set(fingerprint, result)
    else this.#context.pinned.set(fingerprint, result)
  }

  /** What other machines have paid for needs no budget: it is taken over where there is not enough. */
  async #reserveUnpaid(
    ids: readonly DeclarationId[],
    missing: readonly PlanRow[],
  ): Promise<Estimate> {
    try {
      return this.#reserve(missing)
    } catch (error) {
      const accepts: Acceptor = (step, declared) => this.#acceptor(step, declared)
      const paid = await takePaid(missing, this.#context, accepts)
      if (paid.length === 0) throw error
      for (const fingerprint of paid) this.#context.redraw.delete(fingerprint)
      this.#bill.shared += paid.length
      await this.#readAgain()
      return this.#reserveUnpaid(ids, await missingRows(ids, this.#declarations))
    }
  }

  /** What was set aside for a step, in US dollars. */
  #reservedFor({ fingerprint, estimate }: Step): number {
    return this.#answered.has(fingerprint) || this.#isInVain(fingerprint) ? 0 : estimate.most
  }

  /** Whether a step was asked for in vain, and nobody wants to try again. */
  #isInVain(fingerprint: string): boolean {
    if (this.#context.redraw.has(fingerprint) || this.#answered.has(fingerprint)) return false
    return this.#refused.has(fingerprint) || this.#failed.has(fingerprint)
  }

  #reserve(missing: readonly PlanRow[]): Estimate {
    const { budget, options } = this.#context
    const inVain = { has: (fingerprint: string): boolean => this.#isInVain(fingerprint) }
    const excluded = excludedBy(this.#answered, this.#pending, inVain)
    const steps = stepsToPay(missing, excluded)
    const total = estimateSteps(steps)
    const range = formatEstimate(total)
    const purpose = (): Purpose => ({
      why: `${listMissing(missing, excluded)}\nEstimated: ${range}.`,
      place: missing[0]?.declared.place,
    })
    reserveFor(budget, total.most, purpose)
    if (steps.length > 0) {
      options.logger.info(
        `generating ${countSteps(steps)}, estimated at ${range} of a budget of ${formatDollars(budget.limit)}`,
      )
    }
    this.#total = steps.length
    this.#tellProgress()
    return total
  }

  /** Draws a declaration, after those that it refers to; `undefined` where that was not possible. */
  #generate(id: DeclarationId): Promise<LockEntry | undefined> {
    const generated = this.#generated.get(id) ?? this.#generateSafely(id)
    this.#generated.set(id, generated)
    return generated
  }

  /** Nothing may end the run, and with it the project lock, while calls are under way. */
  async #generateSafely(id: DeclarationId): Promise<LockEntry | undefined> {
    try {
      return await this.#generateNow(id)
    } catch (error) {
      if (isGeminiImageError(error)) this.#note(error)
      else this.#defects.push(error)
      return undefined
    }
  }

  async #generateNow(id: DeclarationId): Promise<LockEntry | undefined> {
    let declarations = this.#declarations
    let declared = await declarations.declare(id)
    if (declared.waitsFor.length > 0) {
      const awaited = await Promise.all(declared.waitsFor.map((other) => this.#generate(other.id)))
      if (awaited.includes(undefined)) {
        this.#skipped += 1
        return undefined
      }
      // With the pictures that it waited for, its fingerprint is final.
      declarations = declarations.advancedTo(declarations.pinnedState)
      declared = await declarations.declare(id)
    }
    const { missing } = toRow(declared, declarations.pinnedState)
    await Promise.all(missing.map((step) => this.#call(step, declared, missing)))
    const { fingerprint, result } = declared
    if (missing.includes(result) && !(await this.#called.get(fingerprint))) return undefined
    const entry = this.#context.pinned.get(fingerprint)
    if (!entry) return undefined
    this.#context.onLanded(declared, entry, this.#untold.delete(declared.fingerprint))
    return entry
  }

  #call(step: Step, declared: Declared, missing: readonly Step[]): Promise<boolean> {
    const called = this.#called.get(step.fingerprint) ?? this.#callNow(step, declared, missing)
    this.#called.set(step.fingerprint, called)
    return called
  }

  async #callNow(step: Step, declared: Declared, missing: readonly Step[]): Promise<boolean> {
    const { after } = step
    if (this.#pending.has(step.fingerprint)) {
      this.#awaited.set(step, declared)
      return false
    }
    if (after && missing.includes(after) && !(await this.#call(after, declared, missing))) {
      this.#skipped += 1
      return false
    }
    const job = new Job(step, declared, this.#context, this.#reservedFor(step))
    const made = await this.#takeTurn(step, declared, job)
    if (made === 'skipped') this.#skipped += 1
    if (made !== 'asked') return made === 'paid'
    const failure = await job.finish().finally(() => this.#context.activity.end(step.fingerprint))
    // What became of each paid picture is told, also where all have met the same.
    if (failure) this.#failures.push(failure)
    this.#settled += this.#reservedFor(step)
    if (job.isAnswered && !failure) this.#context.redraw.delete(step.fingerprint)
    this.#book(job, failure)
    if (!job.pinned) return false
    this.#setPinned(step.fingerprint, job.pinned)
    this.#untold.add(step.fingerprint)
    return true
  }

  /** Waits for a place in the queue, and for other machines that are at the same step. */
  async #takeTurn(step: Step, declared: Declared, job: Job): Promise<Turn> {
    for (;;) {
      // Only the call holds a place in the queue: storing goes on while the next call is under way.
      const turn = await this.#limit(() => this.#tryTurn(step, declared, job))
      if (turn !== 'held') return turn
      await this.#claims.pause(this.#context.signal)
    }
  }

  async #tryTurn(step: Step, declared: Declared, job: Job): Promise<Turn | 'held'> {
    if (this.#isOver()) return 'skipped'
    try {
      const claim = await this.#claims.take(step.fingerprint, this.#acceptor(step, declared))
      if (claim.kind === 'held') return 'held'
      if (claim.kind === 'paid') return await this.#commitPaid(step, claim.entry)
      // Only now: another machine may have been given the picture.
      const before = this.#failureBefore(step, declared)
      if (before) {
        await claim.lease?.release({ succeeded: false })
        this.#note(before)
        return 'failed'
      }
      const { most } = step.estimate
      const { activity, underWay } = this.#context
      activity.begin(step.fingerprint)
      this.#note(await underWay.during(most, () => job.ask(claim.lease)))
      return 'asked'
    } catch (error) {
      this.#context.activity.end(step.fingerprint)
      this.#note(oursOrThrow(error).at(declared.place))
      return 'failed'
    }
  }

  /** Why a step is not asked for again. */
  #failureBefore({ fingerprint }: Step, declared: Declared): GeminiImageError | undefined {
    if (!this.#isInVain(fingerprint)) return undefined
    this.#context.told.add(fingerprint)
    const refusal = this.#refused.get(fingerprint)
    if (refusal) return refusedBefore(refusal, declared)
    const failure = this.#failed.get(fingerprint)
    return failure && failedBefore(failure, declared)
  }

  /** What another machine was answered serves where it is what this run is after. */
  #acceptor(step: Step, { spec }: Declared): (entry: PinnedResult) => boolean {
    const isRedrawn = this.#context.redraw.has(step.fingerprint)
    const startedAt = this.#startedAt
    const isRecent = (entry: PinnedResult): boolean =>
      isRedrawn ? Date.parse(entry.created) >= startedAt : isFresh(entry, spec.fresh)
    return (entry) => isAnswerTo(step, entry) && isRecent(entry)
  }

  async #commitPaid(step: Step, entry: PinnedResult): Promise<'paid'> {
    const { lockfile, options, budget, redraw, team, journal } = this.#context
    const { fingerprint } = step
    const lock = { entries: this.#context.pinned, texts: this.#context.texts }
    const pinned = pinnedInstead(lock, fingerprint, entry, redraw.has(fingerprint))
    await lockfile.add(fingerprint, pinned)
    this.#setPinned(fingerprint, pinned)
    await journal.drop(fingerprint)
    options.logger.info(`${nameOfResult(entry)} was paid for by another machine (${team?.name})`)
    budget.settle(this.#reservedFor(step), 0)
    this.#settled += this.#reservedFor(step)
    redraw.delete(step.fingerprint)
    this.#bill.shared += 1
    this.#tellProgress()
    return 'paid'
  }

  #isOver(): boolean {
    const { signal, budget } = this.#context
    const { overrun } = budget
    if (overrun && !this.#isOverrun) {
      this.#isOverrun = true
      this.#failures.push(overrun)
    }
    return (
      signal.aborted || this.#isOverrun || this.#failures.some(({ code }) => HOPELESS.has(code))
    )
  }

  /** What every picture meets is told once. */
  #note(failure: GeminiImageError | undefined): void {
    const told = this.#failures.some(({ code }) => code === failure?.code && HOPELESS.has(code))
    if (failure && !told) this.#failures.push(failure)
  }

  #book(
    { paid, unconfirmed, isAnswered, isAdopted }: Job,
    failure: GeminiImageError | undefined,
  ): void {
    if (isAdopted) this.#bill.adopted += 1
    else this.#bill.calls += 1
    this.#bill.spent += paid + unconfirmed.cost
    this.#bill.attempts += unconfirmed.attempts
    this.#bill.unconfirmed += unconfirmed.cost
    if (!isAnswered || failure) this.#bill.failed += 1
    if (!isAnswered && paid > 0) {
      this.#bill.unanswered += 1
      this.#bill.wasted += paid
    }
    this.#tellProgress()
  }

  #tellProgress(): void {
    const { calls, shared, adopted, failed, spent } = this.#bill
    const ended = calls + shared + adopted
    const total = Math.max(this.#total, ended)
    this.#context.onProgress?.({ total, ended, failed, spent: roundDollars(spent) })
  }

  /** What was really paid, beside what was estimated. */
  #report(total: Estimate): void {
    const { calls, adopted, unanswered, spent, wasted, attempts, unconfirmed } = this.#bill
    const { logger } = this.#context.options
    if (adopted > 0) {
      logger.info(
        `${countCalls(adopted)} of an earlier run had been answered, and cost nothing now`,
      )
    }
    if (calls === 0) return
    const more =
      this.#abandoned > 0
        ? `; those of a killed process up to ${formatDollars(this.#abandoned)}`
        : ''
    logger.info(
      `${countCalls(calls)} cost ${formatDollars(spent)} (estimated: ${formatEstimate(total)})${more}`,
    )
    if (unanswered > 0) {
      logger.warn(
        `${unanswered === 1 ? 'one of them was' : `${unanswered} of them were`} answered without what was asked for and cost ${formatDollars(wasted)} all the same`,
      )
    }
    if (attempts > 0) logger.warn(describeUnconfirmed({ attempts, cost: unconfirmed }))
  }
}

function batchPending(
  awaited: ReadonlyMap<Step, Declared>,
  pending: ReadonlyMap<string, { readonly project?: string }>,
): GeminiImageError {
  const lines = [...awaited].map(([{ label, fingerprint }, { place }]) => {
    const { project } = pending.get(fingerprint) ?? {}
    const where = project === undefined ? '' : `  in ${project}`
    return `${formatPlace(place)}  ${label}${where}`
  })
  const [[, first] = []] = awaited
  return new GeminiImageError({
    code: 'BATCH_PENDING',
    what: `An open batch job has been asked for ${lines.length === 1 ? 'this picture' : 'these pictures'}; a live call would pay for ${lines.length === 1 ? 'it' : 'them'} twice:`,
    why: lines.map((line) => line.trimEnd()).join('\n'),
    fix: '"npx gemini-image batch collect" lands what is ready, and "npx gemini-image batch cancel" gives the job up; GEMINI_IMAGE_MODE=placeholder builds with placeholders meanwhile.',
    place: first?.place,
  })
}

/** A byte for each pixel is more than what models have been seen to send. */
function bytesOf(missing: readonly PlanRow[]): number {
  const steps = missing.flatMap((row) => row.missing).filter(({ request }) => !isOfText(request))
  return steps.reduce((sum, { pixels }) => sum + pixels.width * pixels.height, 0)
}
