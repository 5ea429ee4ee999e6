import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { Description } from '../../providers/provider.ts'

/** How long an alternative text is asked to be, in characters: some screen readers cut at this. */
const ASKED_LENGTH = 150

/** As much of a prompt as its language can be told from, in characters. */
const PROMPT_LENGTH = 1000

/**
 * What a text model is asked for. The prompt is sent for its language alone, so that what is described
 * is what the picture shows and not what was wished for.
 * @param prompt What the picture was generated from.
 * @param language What to write in, as a person says it: `de`, `German`. @default that of the prompt
 */
export function altInstruction(prompt: string, language: string | undefined): string {
  const lines = [
    'Write the alternative text of this picture, for people who cannot see it.',
    `One or two plain sentences in one line, with less than ${ASKED_LENGTH} characters in all.`,
    'Say what can be seen and matters most. Text in the picture is to be told word for word.',
    'Do not begin with "image of", "picture of" or the like in any language. No quotation marks around it, no Markdown, nothing else.',
  ]
  if (language !== undefined) return [...lines, `Write in this language: ${language}`].join('\n')
  return [
    ...lines,
    'Write in the language of the following text. It serves for nothing else: do not repeat its words, and describe nothing that cannot be seen.',
    JSON.stringify(prompt.slice(0, PROMPT_LENGTH).toWellFormed()),
  ].join('\n')
}

/** A draft may be longer than was asked for, but nobody listens to more. In characters. */
export const LONGEST_DRAFT = 300

/**
 * The draft in what a text model has answered.
 * @param prompt What the picture was generated from, which is no alternative text.
 * @throws {GeminiImageError} `BLOCKED`, or `NO_DRAFT` where it cannot be used.
 */
export function validateDraft(
  { text, stopped }: Description,
  prompt: string,
  { company }: Pick<ResolvedOptions, 'company'>,
): string {
  const draft = text.trim()
  if (stopped?.isBlocked) throw blocked(stopped.reason, company)
  if (stopped) throw noDraft(`it did not come to its end (${stopped.reason})`)
  if (draft === '') throw noDraft('it is empty')
  if (/[\p{Cc}\u2028\u2029]/u.test(draft)) throw noDraft('it has more than one line', draft)
  if ([...draft].length > LONGEST_DRAFT) {
    throw noDraft(`it has more than ${LONGEST_DRAFT} characters`, draft)
  }
  if (wordsOf(draft) === wordsOf(prompt)) throw noDraft('it repeats the prompt', draft)
  return draft
}

function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}

function noDraft(why: string, draft = ''): GeminiImageError {
  const said = draft === '' ? '' : ` It says: ${JSON.stringify(draft.slice(0, 200))}`
  return new GeminiImageError({
    code: 'NO_DRAFT',
    what: `The text model's answer is no alternative text: ${why}.${said}`,
    fix: 'write "alt" by hand, or run again, perhaps with another --model; another run pays again.',
  })
}

function blocked(reason: string, company: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BLOCKED',
    what: `${company} blocked the description of this picture (${reason}).`,
    fix: 'look at the picture, and write "alt" by hand.',
  })
}
