import type { GeminiImageError } from '../../kernel/errors/error.ts'
import type { TokenCount } from '../models/price.ts'
import { PictureRefusal, badAnswer as badAnswerFrom } from '../refusal.ts'
import { EMPTY, findReason, LINKED, type Reason } from './reasons.ts'

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
  return badAnswerFrom(why, 'check GOOGLE_GEMINI_BASE_URL and any proxy on the way.')
}
