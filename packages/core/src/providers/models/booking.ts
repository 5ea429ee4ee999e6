import { formatDollars, roundDollars } from '../../kernel/dollars.ts'
import type { PriceRow } from './model.ts'
import { priceCall, type TokenCount } from './price.ts'
import { priceText, type TextModelRow, type TextTokens } from './text-models.ts'

/** What an answer says of its cost, as it was read. Nothing of it need be possible. */
export interface Usage {
  /** `undefined` where the answer does not say. */
  readonly tokens?: TokenCount | undefined
  /** How many searches are billed. @default 0 */
  readonly searches?: number | undefined
  /** How many seconds are billed, of a model that is billed by them. */
  readonly seconds?: number | undefined
}

export interface Tariff {
  readonly price: PriceRow
  /** The share of these prices that is charged: batch jobs cost half. @default 1 */
  readonly share?: number | undefined
  /** The most that the call was estimated at, in US dollars. */
  readonly most: number
}

export interface Booking {
  /** US dollars. */
  readonly cost: number
  /** Why `cost` is the most that was estimated, as the beginning of a sentence. */
  readonly doubt?: string | undefined
}

/** What an answer is booked at. */
export interface AnswerBooking extends Booking {
  /** The tokens as they are pinned; all 0 where nobody knows. */
  readonly tokens: TokenCount
}

/**
 * An answer that claims to cost more than this many times the most that was estimated is not believed. The longest
 * answer of an image model known so far, 32,768 tokens, is 30 times as long as one picture.
 */
const BELIEVED = 30

const NO_TOKENS: TokenCount = { input: 0, image: 0, text: 0 }
const SILENT = 'The answer does not say what it cost'
const UNPRICED = 'Nobody says what this model costs'
const IMPOSSIBLE = 'The answer says something impossible of its cost'

/**
 * What an answer costs: what it says, or the most that was estimated where it says nothing, or
 * something that is impossible.
 * @param holds What it holds, of which there must be tokens; `undefined` where it holds nothing that was asked for.
 */
export function bookAnswer(
  { tokens, searches = 0, seconds }: Usage,
  { price, share = 1, most }: Tariff,
  holds: 'image' | 'text' | undefined,
): AnswerBooking {
  if (price.ceiling !== undefined) {
    return { ...bookSeconds(seconds, { price, share, most }), tokens: possibleTokens(tokens) }
  }
  // Nobody counts the tokens of pictures that are sold by the piece.
  const isByPiece = price.imageOut === 0
  const counted = tokens ?? (isByPiece ? NO_TOKENS : undefined)
  if (!counted) return { cost: most, doubt: SILENT, tokens: NO_TOKENS }
  const { input, image, text } = counted
  const needed = holds === undefined ? input + image + text : counted[holds]
  const isPossible = [input, image, text, searches].every(isCount) && (isByPiece || needed > 0)
  const cost = isPossible ? roundDollars(priceCall({ price }, counted, searches) * share) : 0
  const doubt = doubtAbout(cost, most, isPossible)
  return doubt === undefined
    ? { cost, tokens: { input, image, text } }
    : { cost: most, doubt, tokens: NO_TOKENS }
}

/** What an answer of a model costs that is billed by the second, or of which nobody says what it costs. */
function bookSeconds(seconds: number | undefined, { price, share = 1, most }: Tariff): Booking {
  if (price.second === undefined) return { cost: most, doubt: UNPRICED }
  if (seconds === undefined) return { cost: most, doubt: SILENT }
  const isPossible = Number.isFinite(seconds) && seconds > 0
  const cost = isPossible ? roundDollars(seconds * price.second * share) : 0
  const doubt = doubtAbout(cost, most, isPossible)
  return doubt === undefined ? { cost } : { cost: most, doubt }
}

/** The tokens of an answer, for the record; all 0 where it tells none that are possible. */
function possibleTokens(tokens: TokenCount = NO_TOKENS): TokenCount {
  const { input, image, text } = tokens
  return [input, image, text].every(isCount) ? { input, image, text } : NO_TOKENS
}

/**
 * What an answer of a text model costs: what it says, or the most that was estimated.
 * @param most US dollars.
 */
export function bookText(
  tokens: TextTokens | undefined,
  model: TextModelRow,
  most: number,
): Booking {
  if (!tokens) return { cost: most, doubt: SILENT }
  const { input, output } = tokens
  const isPossible = [input, output].every(isCount) && input + output > 0
  const cost = isPossible ? priceText(model, tokens) : 0
  const doubt = doubtAbout(cost, most, isPossible)
  return doubt === undefined ? { cost } : { cost: most, doubt }
}

/** What a booking says to people. */
export function describeDoubt({ doubt, cost }: Booking): string {
  return `${doubt}; ${formatDollars(cost)}, the most that was estimated, is booked for it.`
}

function doubtAbout(cost: number, most: number, isPossible: boolean): string | undefined {
  if (!isPossible) return IMPOSSIBLE
  return cost > BELIEVED * most ? `The answer claims to cost ${formatDollars(cost)}` : undefined
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
