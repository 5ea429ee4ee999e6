import type { ModelRow } from './model.ts'

/** Tokens of one call, as Google counted them. */
export interface TokenCount {
  /** Prompt tokens. */
  readonly input: number
  /** Tokens of the picture. */
  readonly image: number
  /** Text and thinking tokens of the answer. */
  readonly text: number
}

// Google's rule of thumb is four characters to a token; thinking at the default level has been
// seen at 100 to 600 tokens a picture. Both err on the dear side.
// https://ai.google.dev/gemini-api/docs/tokens
const CHARACTERS_PER_TOKEN = 3
const THINKING_TOKENS = 600

/** What one picture will cost, in US dollars, before it is asked for. Errs on the dear side. */
export function estimateCost(model: ModelRow, size: string, prompt: string): number {
  return priceTokens(model, {
    input: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN),
    image: model.sizes[size]?.tokens ?? 0,
    text: THINKING_TOKENS,
  })
}

/** What counted tokens cost, in US dollars. */
export function priceTokens({ price }: ModelRow, tokens: TokenCount): number {
  const perMillion =
    tokens.input * price.textIn + tokens.image * price.imageOut + tokens.text * price.textOut
  return roundDollars(perMillion / 1_000_000)
}

/** Six decimals: a millionth of a dollar is below one token of any model. */
export function roundDollars(amount: number): number {
  return Math.round(amount * 1e6) / 1e6
}

/** `$0.0336`, `$1.20`: cents at least, more digits below a dollar. */
export function formatDollars(amount: number): string {
  return `$${amount >= 1 || amount === 0 ? amount.toFixed(2) : amount.toFixed(4)}`
}
