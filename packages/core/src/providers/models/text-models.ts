import type { ThinkingLevel } from './model.ts'
import { roundDollars } from '../../kernel/dollars.ts'
import type { Estimate } from './price.ts'

/** One model that puts pictures into words. */
export interface TextModelRow {
  /** The id that goes into the request's path. */
  readonly id: string
  /** The provider's product name. */
  readonly name: string
  /** Prices in US dollars for one million tokens, at the provider's standard tier. */
  readonly price: {
    /** Of text and pictures that are sent. */
    readonly input: number
    /** Of text and thinking. */
    readonly output: number
  }
  /** Tokens that one picture counts as. */
  readonly imageTokens: number
  /** The level to ask for, where the model thinks more than this takes by itself. */
  readonly thinking?: ThinkingLevel
  /** The most tokens that an answer may take, thinking included: the request says so. */
  readonly mostTokens: number
  /** Where the row's facts were read. */
  readonly source: string
  /** When they were read, as a date. */
  readonly asOf: string
}

/** Tokens of a call to a text model, as the provider counted them. */
export interface TextTokens {
  /** Of text and pictures that were sent. */
  readonly input: number
  /** Of text and thinking. */
  readonly output: number
}

/** What counted tokens cost, in US dollars. */
export function priceText({ price }: TextModelRow, { input, output }: TextTokens): number {
  return roundDollars((input * price.input + output * price.output) / 1_000_000)
}

/** A sentence or two, without thinking. */
const FEWEST_TOKENS = 30

/**
 * What one picture costs to put into words, in US dollars: the answer's length is limited, so that it
 * cannot be more.
 * @param characters Of all text that is sent.
 */
export function estimateText(model: TextModelRow, characters: number): Estimate {
  const { imageTokens, mostTokens } = model
  // A rule of thumb is four characters to a token; in other scripts, one is nearly one.
  const input = (perToken: number): number => Math.ceil(characters / perToken) + imageTokens
  return {
    least: priceText(model, { input: input(4), output: FEWEST_TOKENS }),
    most: priceText(model, { input: input(1), output: mostTokens }),
  }
}
