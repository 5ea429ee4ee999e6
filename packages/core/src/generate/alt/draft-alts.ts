import pLimit from 'p-limit'
import { isInlineId, type DeclarationId, labelOf } from '../../declare/declaration.ts'
import { writeSettings } from '../../declare/edit/propose.ts'
import { altOf } from '../../declare/languages.ts'
import { parsePromptFile } from '../../declare/prompt-file.ts'
import { listWords } from '../../kernel/suggest.ts'
import {
  GeminiImageError,
  isGeminiImageError,
  oursOrThrow,
  reworded,
} from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { setKey } from '../../options/resolve-options.ts'
import { lockOf, withProjectLock } from '../../pin/project-lock.ts'
import { bookText } from '../../providers/models/booking.ts'
import { formatDollars, roundDollars } from '../../kernel/dollars.ts'
import { formatEstimate, sumEstimates } from '../../providers/models/price.ts'
import { DEFAULT_PROVIDER } from '../../providers/built-in.ts'
import type { Description, DescriptionJob, Provider } from '../../providers/provider.ts'
import { PictureRefusal, refuse } from '../../providers/refusal.ts'
import { scaleDown } from '../../pixels/image.ts'
import { describeUnconfirmed, warnOfDoubt, type Unconfirmed, reserveFor } from '../budget.ts'
import { timestamp } from '../commit.ts'
import { type RunContext, CallsUnderWay, guardCalls, untilLanded } from '../context.ts'
import { formatPlace } from '../../kernel/place.ts'
import { openDraftJournal, tellAbandoned, type Journal } from '../journal.ts'
import type { Declared } from '../../plan/declared.ts'
import { HOPELESS, type Progress } from '../generate.ts'
import { toOurs } from '../job.ts'
import {
  lineOf,
  newCallId,
  payeeOf,
  unansweredLine,
  type LedgerLine,
  type PaidCall,
} from '../ledger.ts'
import { isRefusal, toRefusal } from '../refused.ts'
import { withKept } from '../unreadable.ts'
import { validateDraft } from './instruction.ts'
import {
  keyOf,
  openKeptDrafts,
  type KeptDrafts,
  estimateDraft,
  planDrafts,
  type DraftOrder,
  type OpenDraft,
} from './plan-drafts.ts'

interface DraftContext extends RunContext {
  readonly provider: Describer
  /** Called when the calls are known, and whenever one has ended. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

type Describer = Pick<Provider, 'name'> & Required<Pick<Provider, 'describe'>>

export interface AltDraft {
  readonly declared: Declared
  readonly text: string
  /** Whether it stands in the prompt file now. Inline, no command writes. */
  readonly isWritten: boolean
}

export interface AltDrafts {
  readonly drafts: readonly AltDraft[]
  /** What went wrong, a picture each. */
  readonly failures: readonly GeminiImageError[]
  /** US dollars. */
  readonly spent: number
}

/** What a call comes to, in US dollars. */
interface Bill {
  readonly call: PaidCall
  paid: number
  overdue: number
  unconfirmed: number
  /** What the ledger is to say, once it is known. */
  line?: LedgerLine
  isUsed: boolean
  isInVain: boolean
}

/** All pictures are shown to the same model. */
function isHopeless({ code }: GeminiImageError): boolean {
  return HOPELESS.has(code) || code === 'MODEL_NOT_FOUND'
}

/** Enough to describe what can be seen, in pixels. A larger picture counts as no fewer tokens. */
const LONGEST_SIDE = 1024

/**
 * Drafts alternative texts where there are none: one call a picture, under the project lock. A draft is
 * written the moment it comes, as the setting `altDraft` of the prompt file, and what is declared
 * elsewhere is told. A failure stops none of the others, unless they would all meet it.
 * @param onProgress Called when the calls are known, and whenever one has ended.
 * @throws {GeminiImageError} `MISSING_KEY` or `INVALID_OPTION` where nothing can be asked; `BUDGET_EXCEEDED` before the
 *   first call; what is wrong with a declaration.
 */
export async function draftAlts(
  context: RunContext,
  ids: readonly DeclarationId[],
  order: DraftOrder,
  onProgress?: (progress: Progress) => void,
): Promise<AltDrafts> {
  assertMayAsk(context.options)
  const provider = describer(context)
  const { options, brakes } = context
  const underWay = new CallsUnderWay()
  const work = guardCalls(underWay, brakes, options.logger, () =>
    withProjectLock(lockOf(options, context.signal), (lost) => {
      const signal = AbortSignal.any([context.signal, lost])
      return new DraftRun(order, { ...context, provider, onProgress, signal }, underWay).work(ids)
    }),
  )
  return untilLanded(context, work)
}

/** @throws {GeminiImageError} `INVALID_OPTION` where the mode forbids it: only the environment can still say so. */
export function assertMayAsk({
  mode,
  company,
}: Pick<RunContext['options'], 'mode' | 'company'>): void {
  if (mode === 'auto') return
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The mode is "${mode}": nothing is asked of ${company}.`,
    fix: 'unset GEMINI_IMAGE_MODE to draft alternative texts.',
  })
}

function describer({ options }: RunContext): Describer {
  const { provider } = options
  if (!provider) {
    throw new GeminiImageError({
      code: 'MISSING_KEY',
      what: 'There is no API key to describe pictures with.',
      fix: `${setKey(options)}, or write the alternative texts yourself.`,
    })
  }
  const { name, describe } = provider
  if (describe) return { name, describe: describe.bind(provider) }
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The provider "${name}" does not put pictures into words.`,
    fix: `give it a method "describe", or leave the option "provider" out and set ${DEFAULT_PROVIDER.credentials.variable}.`,
  })
}

/** One run under the project lock. */
class DraftRun {
  readonly #order: DraftOrder
  readonly #context: DraftContext
  readonly #keptDrafts: KeptDrafts
  readonly #journal: Journal<Description>
  readonly #underWay: CallsUnderWay
  readonly #drafts: AltDraft[] = []
  readonly #failures: GeminiImageError[] = []
  /** How many pictures were not asked for, because all would have met the same. */
  #skipped = 0
  #progress: Progress = { total: 0, ended: 0, failed: 0, spent: 0 }
  #unconfirmed: Unconfirmed = { attempts: 0, cost: 0 }
  /** What was set aside for calls that have ended, in US dollars. */
  #settled = 0

  constructor(order: DraftOrder, context: DraftContext, underWay: CallsUnderWay) {
    this.#order = order
    this.#underWay = underWay
    this.#context = context
    this.#keptDrafts = openKeptDrafts(context.options.cacheDir)
    this.#journal = openDraftJournal(context.options)
  }

  async work(ids: readonly DeclarationId[]): Promise<AltDrafts> {
    const { budget, options } = this.#context
    await tellAbandoned(this.#journal, this.#context)
    const planned = await planDrafts(this.#context, ids, this.#order)
    const open = await Promise.all(planned.open.map((one) => this.#adopt(one)))
    const estimate = sumEstimates(open.map((one) => estimateDraft(one, this.#order)))
    const before = budget.spent
    const first = open[0]?.declared[0]
    const why = `${open.length} alternative texts are to be drafted, for about ${formatEstimate(estimate)}.`
    reserveFor(budget, estimate.most, () => ({ why, place: first?.place }))
    this.#tell({ total: open.filter(({ kept }) => kept === undefined).length })
    const limit = pLimit(options.concurrency)
    try {
      await Promise.all(open.map((one) => limit(() => this.#draft(one))))
    } finally {
      // What was set aside for calls that were not made.
      budget.settle(roundDollars(estimate.most - this.#settled), 0)
    }
    if (this.#unconfirmed.attempts > 0) options.logger.warn(describeUnconfirmed(this.#unconfirmed))
    if (this.#skipped > 0) options.logger.warn(`${this.#skipped} more were not asked for`)
    // As they are declared, whichever came first.
    const order = new Map(ids.map((id, index) => [id, index]))
    const place = ({ declared }: AltDraft): number => order.get(declared.id) ?? 0
    const drafts = this.#drafts.toSorted((one, other) => place(one) - place(other))
    return { drafts, failures: this.#failures, spent: roundDollars(budget.spent - before) }
  }

  /** The same, with the answer to a call of an earlier run, which came no further. */
  async #adopt(one: OpenDraft): Promise<OpenDraft> {
    const [first] = one.declared
    const found = one.kept === undefined && (await this.#journal.find(keyOf(one.question)))
    if (!found || !first) return one
    try {
      const kept = validateDraft(found.result, first.spec.prompt, this.#context.options)
      // Where it cannot be kept, the journal still has it.
      await this.#keep(one, kept).catch(oursOrThrow)
      return { ...one, kept }
    } catch (error) {
      // What cannot be used is asked for again.
      oursOrThrow(error)
      return one
    }
  }

  async #draft(one: OpenDraft): Promise<void> {
    const { signal, cutOff } = this.#context
    const [first] = one.declared
    if (!first || this.#isOver()) {
      this.#skipped += 1
      return
    }
    try {
      const text = one.kept ?? (await this.#ask(one, first))
      for (const declared of one.declared) await this.#commit(declared, text)
      if (!one.declared.some(({ id }) => isInlineId(id))) await this.#keptDrafts.drop(one.question)
    } catch (error) {
      const isStopped = signal.aborted && !(cutOff.aborted && isGeminiImageError(error))
      if (!isStopped) this.#note(this.#blame(error).at(first.place))
    }
  }

  async #ask(one: OpenDraft, declared: Declared): Promise<string> {
    const { provider, budget, options } = this.#context
    const { most } = estimateDraft(one, this.#order)
    const key = keyOf(one.question)
    const call = this.#callFor(key, declared)
    const bill: Bill = { call, paid: 0, overdue: 0, unconfirmed: 0, isUsed: false, isInVain: false }
    try {
      const job = await this.#toJob(one)
      await this.#journal.request(key, { most, what: formatPlace(declared.place), call })
      const answer = await this.#underWay.during(most, () =>
        this.#describe(job, provider, most, bill),
      )
      bill.line = this.#book(answer.tokens, most, declared, call)
      bill.paid = bill.line.dollars
      const { dollars: cost, date: answered } = bill.line
      await this.#journal.answer(key, { result: answer, cost, answered, line: bill.line })
      bill.isInVain = true
      const text = validateDraft(answer, declared.spec.prompt, options)
      bill.isInVain = false
      bill.isUsed = true
      this.#context.ledger.book(bill.line)
      await this.#keep(one, text)
      options.logger.info(`${labelOf(declared)}  ${formatDollars(bill.paid)}  ${text}`)
      return text
    } catch (error) {
      if (error instanceof PictureRefusal) {
        const outcome = isRefusal(error) ? 'refused' : 'failed'
        bill.line = { ...this.#book(undefined, most, declared, call), outcome }
        bill.paid = bill.line.dollars
      } else if (bill.isInVain && bill.line) bill.line = { ...bill.line, outcome: 'failed' }
      await this.#remember(key, error, bill)
      throw await withKept(error, options.cacheDir, one.question.object)
    } finally {
      if (bill.line) this.#context.ledger.book(bill.line)
      if (!bill.isUsed) await this.#journal.drop(key)
      budget.settle(most, bill.paid + bill.overdue)
      this.#settled += most
      const { ended, failed, spent } = this.#progress
      this.#tell({
        ended: ended + 1,
        failed: bill.isUsed ? failed : failed + 1,
        spent: roundDollars(spent + bill.paid + bill.unconfirmed),
      })
    }
  }

  #book(
    tokens: Description['tokens'],
    most: number,
    { place }: Declared,
    call: PaidCall,
  ): LedgerLine {
    const booking = bookText(tokens, this.#order.model, most)
    warnOfDoubt(booking, place, this.#context.options.logger)
    return lineOf(call, booking, 'answered', timestamp())
  }

  #callFor(key: string, declared: Declared): PaidCall {
    return {
      call: newCallId(),
      kind: 'alt',
      declaration: labelOf(declared),
      fingerprint: key,
      provider: payeeOf(this.#context.options),
      model: this.#order.model.id,
    }
  }

  /** What was answered in vain would mostly be answered so again. */
  async #remember(
    key: string,
    error: unknown,
    { paid, isInVain }: { readonly paid: number; readonly isInVain: boolean },
  ): Promise<void> {
    if (!isGeminiImageError(error) || !(isInVain || isRefusal(error))) return
    await this.#context.refusals.keep(key, toRefusal(error, paid))
  }

  /** Keeps a draft that was paid for: whatever becomes of the prompt file, the next run finds it. */
  async #keep({ question }: OpenDraft, text: string): Promise<void> {
    const key = keyOf(question)
    await this.#keptDrafts.keep(question, text)
    await this.#context.refusals.drop(key)
    await this.#journal.drop(key)
  }

  #describe(
    job: DescriptionJob,
    provider: DraftContext['provider'],
    most: number,
    bill: Bill,
  ): Promise<Description> {
    const { signal, cutOff, budget, ledger } = this.#context
    let attempt = 0
    const countPossiblyPaid = (): void => {
      bill.unconfirmed += most
      const { attempts, cost } = this.#unconfirmed
      this.#unconfirmed = { attempts: attempts + 1, cost: cost + most }
      try {
        budget.countPossiblyPaid(most)
      } catch (error) {
        // There is no room for another try, and yet this one may have been paid for.
        bill.overdue = most
        throw error
      } finally {
        attempt += 1
        const call = { ...bill.call, call: `${bill.call.call}.${attempt}` }
        ledger.book(unansweredLine(call, most, timestamp()))
      }
    }
    return provider.describe(job, { signal, cutOff, countPossiblyPaid, refuse })
  }

  async #toJob({ picture, question }: OpenDraft): Promise<DescriptionJob> {
    const bytes = await this.#context.store.read(picture)
    const isSmall = Math.max(picture.width, picture.height) <= LONGEST_SIDE
    const image = isSmall
      ? { type: picture.type, bytes }
      : await scaleDown(bytes, LONGEST_SIDE, 'jpeg')
    return { model: this.#order.model, instruction: question.instruction, image }
  }

  async #commit(declared: Declared, text: string): Promise<void> {
    if (isInlineId(declared.id)) {
      this.#drafts.push({ declared, text, isWritten: false })
      return
    }
    if (await writeDraft(declared, text, this.#context.options.root)) {
      this.#drafts.push({ declared, text, isWritten: true })
    }
  }

  #isOver(): boolean {
    const { signal, budget } = this.#context
    return signal.aborted || budget.overrun !== undefined || this.#failures.some(isHopeless)
  }

  /** What every picture meets is told once. */
  #note(failure: GeminiImageError): void {
    const isTold = isHopeless(failure) && this.#failures.some(({ code }) => code === failure.code)
    if (!isTold) this.#failures.push(failure)
  }

  #blame(error: unknown): GeminiImageError {
    const ours = toOurs(error, this.#context.provider)
    if (ours.code !== 'MODEL_NOT_FOUND') return ours
    const { company, definition } = this.#context.options
    return reworded(ours, {
      what: `${company} does not know the text model ${this.#order.model.id}.`,
      fix: `ask another one with --model: ${listWords(definition.catalogue.textModels.map(({ id }) => id))}.`,
    })
  }

  #tell(changed: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...changed }
    this.#context.onProgress?.(this.#progress)
  }
}

/**
 * Writes a draft into its prompt file as it is now.
 * @returns false where somebody was faster: the file is gone, or says something by now.
 */
async function writeDraft(
  { file, place, spec }: Declared,
  text: string,
  root: string,
): Promise<boolean> {
  try {
    return await openFiles(root).edit('prompt', file, (source) => {
      const { settings } = parsePromptFile(source, file, root)
      const isSaid = (key: string): boolean => (settings.get(key)?.value ?? null) !== null
      const alt = settings.get('alt')?.value as Parameters<typeof altOf>[0]
      // Of texts by language, the one of this picture may be missing.
      const isThere = spec.alts && alt ? altOf(alt, spec.language) !== undefined : isSaid('alt')
      if (isThere || isSaid('altDraft')) return undefined
      return writeSettings(source, { altDraft: text }, { file, root })
    })
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    const kept = 'The draft is paid for and kept; the next run takes it from there.'
    throw reworded(error, {
      why: [error.why, kept].join('\n').trim(),
      fix: `write it by hand: altDraft: ${JSON.stringify(text)}`,
      place,
    })
  }
}
