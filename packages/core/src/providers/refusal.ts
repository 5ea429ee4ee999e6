import { GeminiImageError, type ErrorParts } from '../kernel/errors/error.ts'
import type { TokenCount } from './models/price.ts'
import { findReason } from './google/reasons.ts'

/** An answer without a picture. It may well have been paid for: `tokens` says how much. */
export class PictureRefusal extends GeminiImageError {
  readonly tokens: TokenCount
  readonly searches: number

  constructor(parts: ErrorParts, tokens: TokenCount, searches = 0) {
    super(parts)
    this.tokens = tokens
    this.searches = searches
  }
}

/** What Google gave in place of a picture. */
export interface RefusalFacts {
  /** Google's own name for why: a finish reason, a block reason, a status. */
  readonly reason: string | undefined
  /** Whether the prompt was blocked before anything was drawn. */
  readonly isPromptBlocked: boolean
  /** What Google says about it. */
  readonly message: string | undefined
  /** What the model wrote. */
  readonly text: string | undefined
  readonly tokens: TokenCount
  readonly searches: number
}

/** The error for an answer without a picture. */
export function refusal(facts: RefusalFacts): PictureRefusal {
  const { reason, isPromptBlocked, message, text, tokens, searches } = facts
  const { code, what, fix } = findReason(reason, isPromptBlocked)
  const wrote = text && `The model wrote: ${text.slice(0, 200)}`
  return new PictureRefusal(
    {
      code,
      what: reason ? `${what} (${reason}).` : `${what}.`,
      why: message ? `Google said: ${message}` : wrote,
      fix,
    },
    tokens,
    searches,
  )
}

/** An answer that cannot be read. */
export function badAnswer(why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: `The answer cannot be read: ${why}.`,
    fix: 'check GOOGLE_GEMINI_BASE_URL and any proxy on the way; the call may have been paid for.',
  })
}
