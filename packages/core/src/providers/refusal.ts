import { GeminiImageError, type ErrorParts } from '../kernel/errors/error.ts'
import type { Usage } from './models/booking.ts'
import type { ProviderResult } from './provider.ts'

type Came = Partial<Pick<PictureRefusal, 'raw' | 'draft'>>

/** An answer without what was asked for, mostly a picture. It may well have been paid for: `usage` is what it says of that. */
export class PictureRefusal extends GeminiImageError {
  readonly usage: Usage
  /** What came, where a person should look at it: the text of the answer, without the API key. */
  readonly raw: string | undefined
  /** An answer that holds pictures among its thoughts alone, as if they were its result. Nobody takes them for that unasked. */
  readonly draft: ProviderResult | undefined

  constructor(parts: ErrorParts, usage: Usage, { raw, draft }: Came = {}) {
    super(parts)
    this.usage = usage
    this.raw = raw
    this.draft = draft
  }
}

/** Makes the error that a provider throws for an answer without a picture. */
export function refuse(parts: ErrorParts, usage: Usage = {}): PictureRefusal {
  return new PictureRefusal(parts, usage)
}

/** An answer that is none. @param fix What to do about it. */
export function badAnswer(
  why: string,
  fix = 'fix the provider, or report it to whoever wrote it.',
): GeminiImageError {
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: `The answer cannot be read: ${why}.`,
    fix,
  })
}

/** An answer to a request that costs, and that cannot be read. @param raw What came, without the API key. */
export function unreadable(
  { code, what, why, fix }: GeminiImageError,
  raw: string,
): PictureRefusal {
  return new PictureRefusal({ code, what, why, fix }, {}, { raw })
}
