import { labelOf } from '../declare/declaration.ts'
import { formatPlace } from '../kernel/place.ts'
import { GeminiImageError, isGeminiImageError } from '../kernel/errors/error.ts'
import { withoutLabel } from '../pixels/labels/file-label.ts'
import { typeOfTurn } from '../pin/labels.ts'
import { generatedImages, type LockEntry } from '../pin/lock-entry.ts'
import { DEFAULT_PROVIDER } from '../providers/built-in.ts'
import type { ProviderDefinition } from '../providers/definition.ts'
import { pixelsOf } from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import { formatDollars } from '../kernel/dollars.ts'
import { bookAnswer, type Usage } from '../providers/models/booking.ts'
import { estimateCost, type TokenCount } from '../providers/models/price.ts'
import type { PastAnswer, Provider, ProviderJob, ProviderResult } from '../providers/provider.ts'
import { PictureRefusal, refuse } from '../providers/refusal.ts'
import { isOfText, lastTurn } from '../providers/request.ts'
import { describeUnconfirmed, warnOfDoubt, type Unconfirmed, type Budget } from './budget.ts'
import type { Lease } from '../team/lease.ts'
import { isFresh, shareCommitted } from './claim.ts'
import { chainOf, type Declared } from '../plan/declared.ts'
import { commitAnswer, timestamp } from './commit.ts'
import { commitText, groundingOf } from './commit-text.ts'
import type { PlanContext, PlanRow } from '../plan/plan.ts'
import type { Answered, Journal, Requested } from './journal.ts'
import {
  lineOf,
  newCallId,
  payeeOf,
  unansweredLine,
  type Ledger,
  type LedgerLine,
  type PaidCall,
} from './ledger.ts'
import type { LockEntries, LockTexts } from '../pin/lockfile-text.ts'
import { describeResult, type PinnedResult } from '../pin/pinned-text.ts'
import type { Step } from '../plan/step.ts'
import { withDraft } from './drafts.ts'
import { withKept, withWhy } from './unreadable.ts'
import { isRefusal, toRefusal, type InVain } from './refused.ts'
import { wireReferences } from './wire-references.ts'

export interface JobContext extends PlanContext, InVain {
  readonly provider: Provider
  readonly budget: Budget
  readonly ledger: Ledger
  /** Once it is aborted no further call begins; those under way finish and are pinned. */
  readonly signal: AbortSignal
  /** Once it is aborted even calls under way are cut off. */
  readonly cutOff: AbortSignal
  /** Ids that the server was found not to know. */
  readonly unknownModels: Set<string>
  readonly journal: Journal<ProviderResult>
  /** The pictures that are pinned by now. */
  readonly pinned: LockEntries
  /** The texts that are pinned by now. */
  readonly texts: LockTexts
  /** Fingerprints that a person asks for anew. */
  readonly redraw: ReadonlySet<string>
}

/** One paid call, from the provider into the lockfile. */
export class Job {
  readonly #step: Step
  readonly #declared: Declared
  readonly #context: JobContext
  #startedAt = performance.now()
  #model: ModelRow
  #reserved: number
  #result: ProviderResult | undefined
  #lease: Lease | undefined
  #cost = 0
  /** When the answer came: an ISO 8601 date and time, UTC, to the second. */
  #answered = ''
  #paid = 0
  #pinned: PinnedResult | undefined
  #unconfirmed: Unconfirmed = { attempts: 0, cost: 0 }
  /** What the budget has no room for and must book all the same, in US dollars. */
  #overdue = 0
  /** Where the answer is kept until it is pinned. */
  #kept: string | undefined
  /** What the ledger says of the answer. */
  #line: LedgerLine | undefined
  #isAdopted = false
  readonly #callId = newCallId()

  /** @param reserved What is set aside for it, in US dollars: nothing, where an answer is there already. */
  constructor(step: Step, declared: Declared, context: JobContext, reserved: number) {
    this.#step = step
    this.#declared = declared
    this.#context = context
    this.#model = declared.model
    this.#reserved = reserved
  }

  /** What this run has paid for its answer, in US dollars. */
  get paid(): number {
    return this.#paid
  }

  /** What this run may have paid for without an answer. */
  get unconfirmed(): Unconfirmed {
    return this.#unconfirmed
  }

  /** Whether a call of an earlier run had been answered, so that none was made. */
  get isAdopted(): boolean {
    return this.#isAdopted
  }

  get isAnswered(): boolean {
    return this.#result !== undefined
  }

  /** What is pinned for it, once that is on disk. */
  get pinned(): PinnedResult | undefined {
    return this.#pinned
  }

  /**
   * Makes the call and settles the bill. What goes wrong is returned, not thrown.
   * @param lease The right to pay, where a team shares a store; it is released in the end.
   */
  async ask(lease: Lease | undefined): Promise<GeminiImageError | undefined> {
    this.#lease = lease
    this.#startedAt = performance.now()
    const { signal, cutOff } = this.#context
    try {
      if (await this.#adopt()) return undefined
      const result = await this.#askModels()
      this.#answered = timestamp()
      this.#result = { ...result, tokens: this.#book(result, this.#wanted, 'answered') }
      this.#cost = this.#paid
      await this.#keep()
      this.#enter(this.#line)
      return undefined
    } catch (thrown) {
      const error = thrown instanceof PictureRefusal ? await this.#bookRefusal(thrown) : thrown
      await this.#context.journal.drop(this.#step.fingerprint)
      if (isRefusal(error)) await this.#keepRefusal(error)
      if (lease?.lost.aborted && !isGeminiImageError(error)) return this.#blame(leaseLost())
      const isStopped = signal.aborted && !(cutOff.aborted && isGeminiImageError(error))
      return isStopped ? undefined : this.#noteInVain(await this.#explain(error))
    } finally {
      // At once: the next call must know what this one has really cost.
      this.#context.budget.settle(this.#reserved, this.#paid + this.#overdue)
    }
  }

  /** Stores, pins and shares what came. What goes wrong is returned, not thrown. */
  async finish(): Promise<GeminiImageError | undefined> {
    let isShared = false
    try {
      if (!this.#result) return undefined
      const pinned = await this.#commit(this.#result)
      this.#pinned = pinned
      await this.#forget()
      this.#log(pinned)
      isShared = await shareCommitted(this.#step.fingerprint, pinned, this.#context)
      return undefined
    } catch (error) {
      return this.#blame(await this.#tellKept(error))
    } finally {
      await this.#lease?.release({ succeeded: isShared })
    }
  }

  get #wanted(): 'image' | 'text' {
    return isOfText(this.#step.request) ? 'text' : 'image'
  }

  #commit(result: ProviderResult): Promise<PinnedResult> {
    const context = {
      ...this.#context,
      step: this.#step,
      declared: this.#declared,
      answered: this.#answered,
      isAskedAnew: this.#context.redraw.has(this.#step.fingerprint),
    }
    if (this.#wanted === 'text') return commitText(result, this.#cost, context)
    const before = chainOf(this.#step)
      .slice(0, -1)
      .map(({ fingerprint }) => fingerprint)
    return commitAnswer(result, this.#cost, {
      ...context,
      pixels: pixelsFor(this.#step, this.#model),
      grounding: groundingOf(before, this.#context.texts),
      ...typeOfTurn(before.flatMap((one) => this.#context.pinned.get(one) ?? [])),
    })
  }

  /**
   * Books what an answer cost, and gives its tokens as they are pinned.
   * @param holds What it holds of what was asked for.
   */
  #book(
    usage: Usage,
    holds: 'image' | 'text' | undefined,
    outcome: LedgerLine['outcome'],
  ): TokenCount {
    const { price } = this.#model
    const { most } = estimateCost(this.#model, this.#step.size)
    const booking = bookAnswer(usage, { price, most }, holds)
    this.#paid = booking.cost
    this.#line = lineOf(this.#call, booking, outcome, this.#answered)
    warnOfDoubt(booking, this.#declared.place, this.#context.options.logger)
    return booking.tokens
  }

  /** Books an answer without a picture. A draft among its thoughts was paid for, too, and is kept. */
  #bookRefusal(error: PictureRefusal): Promise<PictureRefusal> {
    this.#answered = timestamp()
    const tokens = this.#book(error.usage, undefined, isRefusal(error) ? 'refused' : 'failed')
    this.#enter(this.#line)
    const { fingerprint } = this.#step
    const name = labelOf(this.#declared)
    const facts = { fingerprint, cost: this.#paid, tokens, answered: this.#answered, name }
    return withDraft(error, facts, this.#context.options.cacheDir)
  }

  /** The call that is about to be made, or was, of the model that is asked by now. */
  get #call(): PaidCall {
    const { options } = this.#context
    return {
      call: this.#callId,
      kind: this.#wanted === 'text' ? 'text' : 'picture',
      declaration: labelOf(this.#declared),
      fingerprint: this.#step.fingerprint,
      provider: payeeOf(options),
      model: this.#model.id,
    }
  }

  #enter(line: LedgerLine | undefined): void {
    if (line) this.#context.ledger.book(line)
  }

  /** What an earlier run has paid for and could not pin. */
  async #adopt(): Promise<boolean> {
    const found = await findAnswer(this.#step, this.#declared, this.#context.journal)
    if (!found) return false
    this.#result = found.result
    this.#cost = found.cost
    this.#answered = found.answered
    this.#line = found.line
    this.#enter(found.line)
    this.#isAdopted = true
    return true
  }

  /** What may have been paid for is not paid for again by this process. */
  #noteInVain(failure: GeminiImageError): GeminiImageError {
    const { failed, told } = this.#context
    const { fingerprint } = this.#step
    if (this.#paid === 0 && this.#unconfirmed.attempts === 0) return failure
    failed.set(fingerprint, failure)
    told.add(fingerprint)
    return failure
  }

  async #keepRefusal(error: GeminiImageError): Promise<void> {
    const { refusals, told } = this.#context
    told.add(this.#step.fingerprint)
    await refusals.keep(this.#step.fingerprint, toRefusal(error, this.#paid))
  }

  /** It is pinned: whatever was kept of it has come where it belongs. */
  async #forget(): Promise<void> {
    const { journal, refusals, failed } = this.#context
    const { fingerprint } = this.#step
    failed.delete(fingerprint)
    await Promise.all([journal.drop(fingerprint), refusals.drop(fingerprint)])
  }

  async #keep(): Promise<void> {
    if (!this.#result) return
    const answered = this.#answered
    const answer = { result: this.#result, cost: this.#cost, answered, line: this.#line }
    this.#kept = await this.#context.journal.answer(this.#step.fingerprint, answer)
  }

  /** An error that says what became of a paid picture that could not be pinned. */
  async #tellKept(error: unknown): Promise<unknown> {
    const ours = toOurs(error, this.#context.provider)
    if (ours.code === 'BAD_ANSWER' || ours.code === 'NO_TEXT') {
      // What is wrong with the answer itself would be wrong in the next run, too.
      await this.#context.journal.drop(this.#step.fingerprint)
      this.#enter(this.#line && { ...this.#line, outcome: 'failed' })
      return this.#noteInVain(ours)
    }
    if (this.#kept === undefined) await this.#keep()
    if (this.#kept === undefined) await this.#context.journal.drop(this.#step.fingerprint)
    const became =
      this.#kept === undefined
        ? 'could not be kept anywhere else: it is lost.'
        : `kept in ${this.#kept}; the next run takes it from there.`
    const label = this.#step.label && ` (${this.#step.label})`
    return withWhy(
      ours,
      `${labelOf(this.#declared)}${label} is paid for (${formatDollars(this.#cost)}) and ${became}`,
    )
  }

  /** Asks the candidates of an alias in turn, as long as the server does not know them. */
  async #askModels(): Promise<ProviderResult> {
    const { unknownModels, provider, cutOff } = this.#context
    // Whoever has lost the right to pay makes no further attempt.
    const { signal: run } = this.#context
    const signal = this.#lease ? AbortSignal.any([run, this.#lease.lost]) : run
    const alive = this.#declared.models.filter(({ id }) => !unknownModels.has(id))
    const candidates = alive.length > 0 ? alive : [this.#declared.model]
    for (const [index, model] of candidates.entries()) {
      this.#take(model)
      await this.#context.journal.request(this.#step.fingerprint, this.#requested)
      const countPossiblyPaid = (): void => this.#countPossiblyPaid()
      try {
        const job = toJob(this.#step, this.#declared, model, this.#context)
        const warn = (text: string): void => this.#warn(text)
        return await provider.generate(job, { signal, cutOff, countPossiblyPaid, refuse, warn })
      } catch (error) {
        const next = candidates[index + 1]
        const isUnknown = isGeminiImageError(error) && error.code === 'MODEL_NOT_FOUND'
        if (!isUnknown || !next) throw error
        this.#passOver(model, next)
      }
    }
    throw new RangeError('A declaration has a model at least')
  }

  #warn(text: string): void {
    const place = `${formatPlace(this.#declared.place)}${labelled(this.#step)}`
    this.#context.options.logger.warn(`${place}: ${text}`)
  }

  get #requested(): Requested {
    const { place } = this.#declared
    const what = formatPlace(place) + labelled(this.#step)
    return { most: this.#reserved, what, call: this.#call }
  }

  /** The next candidate may be dearer; the budget must have room for it. */
  #take(model: ModelRow): void {
    this.#model = model
    const extra = estimateCost(model, this.#step.size).most - this.#reserved
    if (extra <= 0) return
    this.#context.budget.reserve(extra)
    this.#reserved += extra
  }

  #countPossiblyPaid(): void {
    const { attempts, cost } = this.#unconfirmed
    this.#unconfirmed = { attempts: attempts + 1, cost: cost + this.#reserved }
    try {
      this.#context.budget.countPossiblyPaid(this.#reserved)
    } catch (error) {
      // There is no room for another try, and yet this one may have been paid for.
      this.#overdue = this.#reserved
      throw error
    } finally {
      const call = { ...this.#call, call: `${this.#callId}.${this.#unconfirmed.attempts}` }
      this.#enter(unansweredLine(call, this.#reserved, timestamp()))
    }
  }

  #passOver({ id }: ModelRow, next: ModelRow): void {
    const { unknownModels, options } = this.#context
    if (unknownModels.has(id)) return
    unknownModels.add(id)
    options.logger.warn(
      `${options.company} does not know ${id} (any more); ${this.#step.request.model} stands for ${next.id} instead, which is asked now and pinned.`,
    )
  }

  /** What went wrong with the call, what it may have cost, and where its answer is kept. */
  async #explain(error: unknown): Promise<GeminiImageError> {
    const { cacheDir } = this.#context.options
    const kept = this.#blame(await withKept(error, cacheDir, this.#step.fingerprint))
    const { attempts } = this.#unconfirmed
    return attempts > 0 ? withWhy(kept, describeUnconfirmed(this.#unconfirmed)) : kept
  }

  #blame(error: unknown): GeminiImageError {
    return toOurs(error, this.#context.provider).at(this.#declared.place)
  }

  #log(pinned: PinnedResult): void {
    const { model, cost } = pinned
    const label = labelled(this.#step)
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1)
    this.#context.options.logger.info(
      `${labelOf(this.#declared)}${label}  ${describeResult(pinned)}  ${model}  ${formatDollars(cost)}  ${seconds} s`,
    )
  }
}

function labelled({ label }: Step): string {
  return label && ` (${label})`
}

/** The answer to a step that an earlier run has paid for and could not pin, unless it is too old by now. */
async function findAnswer(
  { fingerprint }: Step,
  { spec }: Declared,
  journal: Journal<ProviderResult>,
): Promise<Answered<ProviderResult> | undefined> {
  const found = await journal.find(fingerprint)
  return found && isFresh({ created: found.answered }, spec.fresh) ? found : undefined
}

/** The fingerprints of the steps that rows miss and an earlier run has paid for: they cost nothing any more. */
export async function findAnswered(
  rows: readonly Pick<PlanRow, 'declared' | 'missing'>[],
  journal: Journal<ProviderResult>,
): Promise<ReadonlySet<string>> {
  const known = await journal.keys()
  const found = new Set<string>()
  for (const { declared, missing } of rows) {
    for (const step of missing.filter(({ fingerprint }) => known.has(fingerprint))) {
      if (await findAnswer(step, declared, journal)) found.add(step.fingerprint)
    }
  }
  return found
}

function leaseLost(): GeminiImageError {
  return new GeminiImageError({
    code: 'STORE_UNAVAILABLE',
    what: 'This machine was out of touch with the shared store for too long, and another may have begun to pay for this picture.',
    why: 'No further attempt was made.',
    fix: 'run again: what the other machine was answered is taken over.',
  })
}

/** The call of a step, with the answers that it goes on from as they are pinned. */
export function toJob(
  step: Step,
  { spec, references }: Declared,
  model: ModelRow,
  context: Pick<JobContext, 'pinned' | 'texts' | 'store' | 'options'>,
): ProviderJob {
  const { fingerprint, request } = step
  return {
    fingerprint,
    request,
    model,
    pixels: pixelsFor(step, model),
    references: wireReferences(
      references.filter(({ turn }) => turn <= (request.turns?.length ?? 0)),
    ),
    history: historyOf(step, context),
    keepThoughts: spec.keepThoughts,
    transport: spec.transport,
  }
}

/** The answers to the steps before this one, as they are pinned; their pictures as they came. */
function historyOf(
  step: Step,
  { pinned, texts, store, options }: Pick<JobContext, 'pinned' | 'texts' | 'store' | 'options'>,
): readonly PastAnswer[] {
  // What one provider has signed is nothing to another.
  const replayOf = (result: PinnedResult): PastAnswer['replay'] =>
    isOf(options.definition, result) ? result.replay : undefined
  return chainOf(step)
    .slice(0, -1)
    .flatMap(({ fingerprint }): PastAnswer | readonly PastAnswer[] => {
      const words = texts.get(fingerprint)
      if (words) return { replay: replayOf(words), text: words.text, images: [] }
      const entry = pinned.get(fingerprint)
      return entry ? { replay: replayOf(entry), images: pastImages(entry, store) } : []
    })
}

function pastImages(entry: LockEntry, store: JobContext['store']): PastAnswer['images'] {
  return generatedImages(entry).map((image) => ({
    type: image.type,
    bytes: async () => withoutLabel(await store.read(image), image.type),
  }))
}

function isOf(
  { id }: ProviderDefinition,
  { provider = DEFAULT_PROVIDER.id }: PinnedResult,
): boolean {
  return provider === id
}

/** The pixel size to be expected of a model. */
export function pixelsFor(step: Step, model: ModelRow): Step['pixels'] {
  const { aspectRatio, size } = lastTurn(step.request)
  return pixelsOf(model, aspectRatio, size) ?? step.pixels
}

/** An error of ours for whatever a provider threw. */
export function toOurs(error: unknown, { name }: Pick<Provider, 'name'>): GeminiImageError {
  if (isGeminiImageError(error)) return error
  return new GeminiImageError({
    code: 'PROVIDER_FAILED',
    what: `The provider "${name}" failed.`,
    why: error instanceof Error ? error.message : String(error),
    fix: 'fix the provider, or report it to whoever wrote it.',
    cause: error,
  })
}
