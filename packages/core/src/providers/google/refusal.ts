import type { GeminiImageError } from '../../kernel/errors/error.ts'
import type { TokenCount } from '../models/price.ts'
import type { ProviderResult } from '../provider.ts'
import { PictureRefusal, badAnswer as badAnswerFrom } from '../refusal.ts'
import { CUT_OFF, DRAFTED, EMPTY, findReason, LINKED, WORDLESS, type Reason } from './reasons.ts'

export interface RefusalFacts {
  /** Google's own name for why: a finish reason, a block reason, a status. */
  readonly reason: string | undefined
  /** Whether the prompt was blocked before anything was generated. */
  readonly isPromptBlocked: boolean
  /** What Google says about it. */
  readonly message: string | undefined
  readonly text: string | undefined
  /** The address of a file that came in place of a picture. */
  readonly link?: string | undefined
  readonly tokens?: TokenCount | undefined
  readonly searches?: number | undefined
  /** Whether text is all that was asked for. @default false */
  readonly isOfText?: boolean | undefined
  /** The pictures among its thoughts, if any. */
  readonly draft?: Omit<ProviderResult, 'tokens' | 'searches'> | undefined
}

export function refusal(facts: RefusalFacts): PictureRefusal {
  const { reason, message, text, link, tokens, searches } = facts
  const draft = draftIn(facts)
  const { code, what, fix } = meaningOf({ ...facts, draft })
  const wrote = text && `The model wrote: ${text.slice(0, 200)}`
  return new PictureRefusal(
    {
      code,
      what: reason && link === undefined ? `${what} (${reason}).` : `${what}.`,
      why: message ? `Google said: ${message}` : (link ?? wrote),
      fix,
    },
    { tokens, searches },
    // What was blocked is not shown by another way.
    { draft: code === 'NO_IMAGE' ? draft : undefined },
  )
}

/** Of an answer that was to be text, a picture is no draft. */
function draftIn({ draft, isOfText }: RefusalFacts): RefusalFacts['draft'] {
  return isOfText || draft?.parts.length === 0 ? undefined : draft
}

function meaningOf({ reason, isPromptBlocked, text, link, draft, isOfText }: RefusalFacts): Reason {
  if (isOfText) {
    const meant = findReason(reason, isPromptBlocked)
    if (meant.code === 'BLOCKED') return meant
    return text?.trim() ? CUT_OFF : WORDLESS
  }
  if (link !== undefined) return LINKED
  if (draft && (reason === 'STOP' || reason === undefined)) return DRAFTED
  return reason === 'STOP' && !text ? EMPTY : findReason(reason, isPromptBlocked)
}

export function badAnswer(why: string): GeminiImageError {
  return badAnswerFrom(why, 'check GOOGLE_GEMINI_BASE_URL and any proxy on the way.')
}
