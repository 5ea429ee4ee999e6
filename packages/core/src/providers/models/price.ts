import { z } from 'zod'
import { formatDollars, roundDollars } from '../../kernel/dollars.ts'
import { ownValue } from './line-up.ts'
import type { ModelRow, ThinkingLevel } from './model.ts'

/** Tokens of one call, as the provider counted them. */
export interface TokenCount {
  /** Prompt tokens, those of reference images included. */
  readonly input: number
  /** Tokens of the pictures. */
  readonly image: number
  /** Text and thinking tokens of the answer. */
  readonly text: number
}

/** What a call will cost, in US dollars, between two bounds. */
export interface Estimate {
  /** The tokens of prompt and picture, no thinking, and one search where it may search. */
  readonly least: number
  /** With thinking and text on the dear side: what the budget sets aside. */
  readonly most: number
}

/** What decides the price of a call. */
export interface CallSize {
  readonly size: string
  /** Characters of all text that is sent. */
  readonly characters: number
  /** Images that are sent: references, and pictures of earlier turns. */
  readonly images: number
  readonly thinking?: ThinkingLevel | undefined
  /** Whether text comes along with the picture. */
  readonly withText: boolean
  /** Whether text is all that is asked for. @default false */
  readonly ofText?: boolean | undefined
  /** How many texts of earlier turns are sent. @default 0 */
  readonly texts?: number | undefined
  /** How many pictures the answer may well hold. @default 1 */
  readonly pictures?: number | undefined
  /** Whether the model may search. */
  readonly grounded: boolean
}

// A rule of thumb is four characters to a token.
const CHARACTERS_PER_TOKEN = { least: 4, most: 3 }

// Thinking at the default level has been seen at 100 to 600 tokens a picture; the other levels are
// scaled from it, on the dear side.
const THINKING_TOKENS: Readonly<Record<ThinkingLevel, number>> = {
  minimal: 300,
  low: 400,
  medium: 600,
  high: 2400,
}
const DEFAULT_THINKING = THINKING_TOKENS.medium

/** Tokens of the text beside a picture: a long paragraph. */
const TEXT_TOKENS = 500

/** Tokens of a text that is all that was asked for: from a line to three pages. */
const ANSWER_TOKENS = { least: 5, most: 2000 }

/** Queries of one grounded call. */
const SEARCHES = { least: 1, most: 4 }

/** What one call will cost before it is made. */
export function estimateCost(model: ModelRow, call: CallSize): Estimate {
  const { ceiling } = model.price
  const { pictures = 1, ofText = false, texts = 0 } = call
  if (ceiling !== undefined) return { least: 0, most: roundDollars(ceiling * pictures) }
  const row = ofText ? undefined : ownValue(model.sizes, call.size)
  const image = row?.tokens ?? 0
  const input = (bound: 'least' | 'most'): number =>
    Math.ceil(call.characters / CHARACTERS_PER_TOKEN[bound]) +
    texts * ANSWER_TOKENS[bound] +
    call.images * model.references.tokens
  const thinking = call.thinking ? THINKING_TOKENS[call.thinking] : DEFAULT_THINKING
  return {
    least: priceCall(
      model,
      {
        input: input('least'),
        image: row?.fewestTokens ?? image,
        text: ofText ? ANSWER_TOKENS.least : 0,
      },
      call.grounded ? SEARCHES.least : 0,
    ),
    most: priceCall(
      model,
      {
        input: input('most'),
        image: image * pictures,
        text: thinking + (ofText ? ANSWER_TOKENS.most : call.withText ? TEXT_TOKENS : 0),
      },
      call.grounded ? SEARCHES.most : 0,
    ),
  }
}

/** What counted tokens and searches cost, in US dollars. */
export function priceCall(
  { price }: Pick<ModelRow, 'price'>,
  tokens: TokenCount,
  searches = 0,
): number {
  const perMillion =
    tokens.input * price.textIn + tokens.image * price.imageOut + tokens.text * price.textOut
  const perPiece = (price.picture ?? 0) + searches * (price.search ?? 0)
  return roundDollars(perMillion / 1_000_000 + perPiece)
}

/** The price of a picture's own tokens, in US dollars, by size; empty where nobody says what one costs. */
export function picturePrices(
  model: Pick<ModelRow, 'sizes' | 'price'>,
): Readonly<Record<string, number>> {
  if (model.price.ceiling !== undefined) return {}
  const sizes = Object.entries(model.sizes)
  return Object.fromEntries(
    sizes.map(([size, { tokens }]) => [
      size,
      priceCall(model, { input: 0, image: tokens, text: 0 }),
    ]),
  )
}

/** What an answer says of its tokens, whichever API gave it; `NaN` stands for what is no number. */
interface CountedTokens {
  readonly input: number
  /** Text and pictures together, without thinking. */
  readonly output: number
  /** Those of pictures; `undefined` where the answer does not break them down. */
  readonly image: number | undefined
  readonly thoughts: number
}

/**
 * The tokens of an answer, as it tells them. Without a breakdown all output counts as picture: the dearer kind.
 * A negative number makes all of them `NaN`, because sums would hide it.
 */
export function toTokenCount({ input, output, image, thoughts }: CountedTokens): TokenCount {
  const pictures = image ?? output
  if (!(Math.min(input, output, pictures, thoughts) >= 0)) {
    return { input: Number.NaN, image: Number.NaN, text: Number.NaN }
  }
  return { input, image: pictures, text: Math.max(0, output - pictures) + thoughts }
}

export function sumEstimates(estimates: readonly Estimate[]): Estimate {
  return {
    least: roundDollars(estimates.reduce((sum, { least }) => sum + least, 0)),
    most: roundDollars(estimates.reduce((sum, { most }) => sum + most, 0)),
  }
}

/** `$0.0336–$0.0402`, or one price where both bounds are the same. */
export function formatEstimate({ least, most }: Estimate): string {
  const [low, high] = [formatDollars(least), formatDollars(most)]
  return low === high ? low : `${low}–${high}`
}

const dollars = z.number().nonnegative()

/** What a row of prices holds, for schemas of rows that people or older versions wrote. */
export const PRICE_SHAPE: {
  readonly [Key in 'textIn' | 'textOut' | 'imageOut']: z.ZodNumber
} & {
  readonly [
    Key in 'picture' | 'search' | 'batch' | 'ceiling' | 'second'
  ]: z.ZodOptional<z.ZodNumber>
} = {
  textIn: dollars,
  textOut: dollars,
  imageOut: dollars,
  picture: dollars.optional(),
  search: dollars.optional(),
  batch: dollars.optional(),
  ceiling: dollars.optional(),
  second: dollars.optional(),
}
