import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { formatDollars, roundDollars } from '../kernel/dollars.ts'
import { isGeminiImageError } from '../kernel/errors/error.ts'
import { appendLine, assertAppendable } from '../kernel/files/append.ts'
import { openFiles } from '../kernel/files/files.ts'
import { stampOf } from '../kernel/files/stamp.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { eachLine, readJson } from '../pin/lockfile-text.ts'
import type { Booking } from '../providers/models/booking.ts'

/** What is known of a paid call before it is made. */
export interface PaidCall {
  /** Its own id. Lines of the same id tell of the same call, which counts once. */
  readonly call: string
  /** What was asked for; `alt` is a draft of an alternative text. */
  readonly kind: 'picture' | 'text' | 'alt'
  /** The declaration, as people name it: `src/hero.prompt.md`. */
  readonly declaration: string
  /** What decides the answer: of a picture or text its fingerprint. */
  readonly fingerprint: string
  readonly provider: string
  /** The model's id. */
  readonly model: string
  /** Our name for the batch job that it was part of. */
  readonly batch?: string | undefined
}

/** A paid call as the ledger keeps it. It names no person: git knows who committed the line. */
export interface LedgerLine extends PaidCall {
  /** When the answer came, or the call was made where none came: ISO 8601, UTC, to the second. */
  readonly date: string
  /** US dollars. */
  readonly dollars: number
  /** Whether that is what the answer said, or the most that was estimated. */
  readonly amount: 'known' | 'most'
  /** `failed`: the answer could not be used. `unanswered`: it may have been paid for without an answer. */
  readonly outcome: 'answered' | 'refused' | 'failed' | 'unanswered'
}

/** A line, and where it stands. */
export interface NumberedLine extends LedgerLine {
  /** From 1. */
  readonly number: number
}

/** What a ledger says. */
export interface LedgerContent {
  /** One a call, in the order of the file. */
  readonly lines: readonly NumberedLine[]
  /** Numbers of lines that can't be read. They stay where they are, and count for nothing. */
  readonly unreadable: readonly number[]
}

/** What was paid, on disk: `gemini-image.ledger`, beside the lockfile. Lines are only ever added. */
export interface Ledger {
  readonly file: string
  /**
   * What it holds now. Reads again only when the file changed.
   * @throws {GeminiImageError} where it can't be read at all.
   */
  read(): LedgerContent
  /**
   * Adds a line, unless the call is in it. Never throws: where the file can't be written, a warning holds the
   * amount, since a paid picture is worth more than its line. Synchronous, so that whoever asks for the budget
   * next finds the line.
   */
  book(line: LedgerLine): void
  /** @throws {GeminiImageError} `WRITE_FAILED` where lines can't be added. */
  assertWritable(): void
}

/** What a line must hold. Whatever else it holds is of a newer version, and no harm. */
export const ledgerLineSchema: z.ZodType<LedgerLine> = z.object({
  date: z.iso.datetime(),
  dollars: z.number().nonnegative(),
  amount: z.enum(['known', 'most']),
  outcome: z.string(),
  kind: z.string(),
  declaration: z.string(),
  fingerprint: z.string(),
  provider: z.string(),
  model: z.string(),
  batch: z.string().optional(),
  call: z.string().min(1),
}) as unknown as z.ZodType<LedgerLine>

/** Opens the ledger of a project; it need not exist. */
export function openLedger({
  root,
  ledger: file,
  logger,
}: Pick<ResolvedOptions, 'root' | 'ledger' | 'logger'>): Ledger {
  const files = openFiles(root)
  const place = { root, kind: 'ledger', file } as const
  let cache: { readonly stamp: string; readonly content: LedgerContent } | undefined
  let booked: { readonly stamp: string | undefined; readonly lines: Set<string> } | undefined
  let told = 0

  const read = (): LedgerContent => {
    const found = files.locate('ledger', file)
    if (!found) return parseLedger('')
    const stamp = stampOf(found.stats)
    if (cache?.stamp !== stamp) {
      cache = { stamp, content: parseLedger(files.readText('ledger', file) ?? '') }
    }
    const { unreadable } = cache.content
    if (unreadable.length > told) logger.warn(describeUnreadable(unreadable))
    told = unreadable.length
    return cache.content
  }

  const stampNow = (): string | undefined => {
    const found = files.locate('ledger', file)
    return found && stampOf(found.stats)
  }

  const book = (line: LedgerLine): void => {
    try {
      const stamp = stampNow()
      // Others may have added lines; our own are known.
      const known =
        booked && booked.stamp === stamp ? booked.lines : new Set(read().lines.map(keyOf))
      if (known.has(keyOf(line))) return
      appendLine(place, formatLine(line))
      booked = { stamp: stampNow(), lines: known.add(keyOf(line)) }
    } catch (error) {
      if (!isGeminiImageError(error)) throw error
      const amount = `${formatDollars(line.dollars)} for ${line.declaration} is not in gemini-image.ledger`
      logger.warn(`${amount}. ${error.what} ${error.why ?? ''}`.trimEnd())
    }
  }

  return { file, read, book, assertWritable: () => assertAppendable(place) }
}

/** A call's own id: 64 bits suffice for all calls of a project. */
export function newCallId(): string {
  return randomBytes(8).toString('hex')
}

/** Who a call is paid to: the id of a provider's definition, or what a provider of one's own is called. */
export function payeeOf({
  company,
  definition,
}: Pick<ResolvedOptions, 'company' | 'definition'>): string {
  return company === definition.words.company ? definition.id : company
}

/** What is booked for a call. */
export function lineOf(
  call: PaidCall,
  { cost, doubt }: Booking,
  outcome: LedgerLine['outcome'],
  date: string,
): LedgerLine {
  const isKnown = doubt === undefined && outcome !== 'unanswered'
  return { ...call, date, dollars: cost, amount: isKnown ? 'known' : 'most', outcome }
}

/** The line of an attempt that may have been paid for without an answer. */
export function unansweredLine(call: PaidCall, most: number, date: string): LedgerLine {
  return lineOf(call, { cost: most }, 'unanswered', date)
}

/** What calls cost together, in US dollars. */
export function sumOf(lines: readonly Pick<LedgerLine, 'dollars'>[]): number {
  return roundDollars(lines.reduce((sum, { dollars }) => sum + dollars, 0))
}

/** The calendar month that a moment lies in, in UTC, as dates begin: `2026-11`. */
export function monthOf(moment: Date): string {
  return moment.toISOString().slice(0, 7)
}

/** The lines of the calendar day or month that a moment lies in, in UTC. */
export function linesOf<Line extends Pick<LedgerLine, 'date'>>(
  lines: readonly Line[],
  period: 'day' | 'month',
  moment: Date = new Date(),
): readonly Line[] {
  const start = period === 'month' ? monthOf(moment) : moment.toISOString().slice(0, 10)
  return lines.filter(({ date }) => date.startsWith(start))
}

/** Its lines, in a fixed order of keys. */
function formatLine(line: LedgerLine): string {
  const { date, dollars, amount, outcome, kind, declaration, fingerprint } = line
  const { provider, model, batch, call } = line
  const what = { date, dollars, amount, outcome, kind, declaration, fingerprint }
  return JSON.stringify({ ...what, provider, model, batch, call })
}

/** Reads a ledger; of a merge that left conflict markers, both sides. */
export function parseLedger(text: string): LedgerContent {
  const byCall = new Map<string, NumberedLine>()
  const unreadable: number[] = []
  const fits = (value: unknown): boolean => ledgerLineSchema.safeParse(value).success
  eachLine(text, (json, number) => {
    if (json.trim() === '') return
    const line = readJson<LedgerLine>(json, fits)
    if (!line) {
      unreadable.push(number)
      return
    }
    const known = byCall.get(line.call)
    if (!known || isMoreCertain(line, known)) byCall.set(line.call, { ...line, number })
  })
  const lines = [...byCall.values()].toSorted((one, other) => one.number - other.number)
  return { lines, unreadable }
}

/** What tells lines apart: an answer that turns out to be of no use has a second one. */
function keyOf({ call, outcome }: LedgerLine): string {
  return `${call} ${outcome}`
}

/**
 * Of two lines of one call, the one that says more: an amount that is known, then what became of the answer, then
 * the earlier. It must not matter which of them a merge put first.
 */
function isMoreCertain(one: LedgerLine, other: LedgerLine): boolean {
  const rank = ({ amount, outcome }: LedgerLine): number =>
    (amount === 'known' ? 10 : 0) + ['unanswered', 'answered', 'refused', 'failed'].indexOf(outcome)
  const difference = rank(one) - rank(other)
  if (difference !== 0) return difference > 0
  if (one.date !== other.date) return one.date < other.date
  return JSON.stringify(one) < JSON.stringify(other)
}

function describeUnreadable(numbers: readonly number[]): string {
  const [first = 0] = numbers
  const which = numbers.length === 1 ? 'A line' : `${numbers.length} lines`
  return `gemini-image.ledger:${first}: ${which} can't be read and ${numbers.length === 1 ? 'is' : 'are'} not counted. Restore ${numbers.length === 1 ? 'it' : 'them'} from version control, or delete ${numbers.length === 1 ? 'it' : 'them'}.`
}
