import { GeminiImageError, type ErrorParts } from '../kernel/errors/error.ts'
import type { Usage } from './models/booking.ts'
import type { TokenCount } from './models/price.ts'
import { EMPTY, findReason, LINKED, type Reason } from './google/reasons.ts'

/** An answer without a picture. It may well have been paid for: `usage` is what it says of that. */
export class PictureRefusal extends GeminiImageError {
  readonly usage: Usage
  /** What came, where a person should look at it: the text of the answer, without the API key. */
  readonly raw: string | undefined

  constructor(parts: ErrorParts, usage: Usage, raw?: string) {
    super(parts)
    this.usage = usage
    this.raw = raw
  }
}

interface RefusalFacts {
  /** Google's own name for why: a finish reason, a block reason, a status. */
  readonly reason: string | undefined
  /** Whether the prompt was blocked before anything was generated. */
  readonly isPromptBlocked: boolean
  /** What Google says about it. */
  readonly message: string | undefined
  readonly text: string | undefined
  /** The address of a file that came in place of a picture. */
  readonly link?: string | undefined
  readonly tokens: TokenCount | undefined
  readonly searches: number
}

export function refusal(facts: RefusalFacts): PictureRefusal {
  const { reason, message, text, link, tokens, searches } = facts
  const { code, what, fix } = meaningOf(facts)
  const wrote = text && `The model wrote: ${text.slice(0, 200)}`
  return new PictureRefusal(
    {
      code,
      what: reason && link === undefined ? `${what} (${reason}).` : `${what}.`,
      why: message ? `Google said: ${message}` : (link ?? wrote),
      fix,
    },
    { tokens, searches },
  )
}

function meaningOf({ reason, isPromptBlocked, text, link }: RefusalFacts): Reason {
  if (link !== undefined) return LINKED
  return reason === 'STOP' && !text ? EMPTY : findReason(reason, isPromptBlocked)
}

export function badAnswer(why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: `The answer cannot be read: ${why}.`,
    fix: 'check GOOGLE_GEMINI_BASE_URL and any proxy on the way.',
  })
}

/** An answer to a request that costs, and that cannot be read. @param raw What came, without the API key. */
export function unreadable(
  { code, what, why, fix }: GeminiImageError,
  raw: string,
): PictureRefusal {
  return new PictureRefusal({ code, what, why, fix }, {}, raw)
}
