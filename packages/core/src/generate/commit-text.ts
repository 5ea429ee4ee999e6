import { formatDollars } from '../kernel/dollars.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { inPlaceOf, pinnedTextSchema } from '../pin/lock-entry.ts'
import type { LockTexts } from '../pin/lockfile-text.ts'
import type { PinnedText } from '../pin/pinned-text.ts'
import { textOf, type ProviderResult, type ResultPart } from '../providers/provider.ts'
import {
  placeOfStep,
  providerOf,
  storeThoughts,
  timestamp,
  NO_TOKENS,
  type CommitContext,
} from './commit.ts'
import { keepUnreadable } from './unreadable.ts'

/** What a text is committed with. */
interface TextContext extends Pick<
  CommitContext,
  'options' | 'store' | 'lockfile' | 'step' | 'declared' | 'answered' | 'isAskedAnew'
> {
  /** The texts that are pinned by now. */
  readonly texts: LockTexts
}

/**
 * Pins the text of an answer.
 * @param result With the tokens that are booked.
 * @param cost What is booked for it, in US dollars.
 * @throws {GeminiImageError} `NO_TEXT`, `BAD_ANSWER` with the file in which the text is kept, or `WRITE_FAILED`.
 */
export async function commitText(
  result: ProviderResult,
  cost: number,
  context: TextContext,
): Promise<PinnedText> {
  const { step, declared, lockfile, texts, isAskedAnew = false } = context
  const text = textOf(result).trim()
  if (text === '') throw noText(cost)
  const former = texts.get(step.fingerprint)
  const pinned: PinnedText = {
    text,
    model: result.model,
    ...providerOf(context.options),
    cost,
    tokens: result.tokens ?? NO_TOKENS,
    created: context.answered ?? timestamp(),
    ...(result.grounding && { grounding: result.grounding }),
    ...(result.replay && { replay: result.replay }),
    ...(former && { redrawn: (former.redrawn ?? 0) + 1 }),
    from: declared.place.path,
    ...(step.request && { request: step.request }),
  }
  // A provider of one's own may give anything; what is pinned must read again.
  if (!pinnedTextSchema.safeParse(pinned).success) throw await unusable(text, cost, context)
  await storeBeside(result, context)
  const replaced = inPlaceOf(former, pinned, isAskedAnew)
  await lockfile.add(step.fingerprint, replaced)
  return replaced
}

/**
 * What was looked up for the last text that a picture was drawn from: its sources are to be shown with the picture.
 * @param before Fingerprints of the steps before the picture.
 */
export function groundingOf(before: readonly string[], texts: LockTexts): PinnedText['grounding'] {
  return before.map((fingerprint) => texts.get(fingerprint)?.grounding).findLast(Boolean)
}

/** Thoughts, and a picture where none was asked for, lie where people can look at them. */
async function storeBeside(
  { parts, others = [], thoughts = [] }: ProviderResult,
  context: TextContext,
): Promise<void> {
  const isPicture = (part: ResultPart): boolean => !('text' in part)
  const pictures = [...parts, ...others].filter(isPicture)
  if (thoughts.length + pictures.length === 0) return
  const folder = await storeThoughts([...thoughts, ...pictures], context)
  if (pictures.length === 0) return
  const { declared, step, options } = context
  options.logger.warn(
    `${placeOfStep(declared, step)}: the model sent a picture beside the text that was asked for; it lies in ${folder}, and nothing shows it`,
  )
}

function noText(cost: number): GeminiImageError {
  return new GeminiImageError({
    code: 'NO_TEXT',
    what: 'The provider answered without a word, where text was asked for.',
    why: `${formatDollars(cost)} is booked for it.`,
    fix: 'use a provider that can answer in text, or leave "output: text" out.',
  })
}

async function unusable(
  text: string,
  cost: number,
  { options, step }: TextContext,
): Promise<GeminiImageError> {
  const unread = { content: text, extension: 'md' }
  const kept = await keepUnreadable(options.cacheDir, step.fingerprint, [unread])
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: `The text in the answer cannot be pinned (${text.length} characters).`,
    why: `${kept} ${formatDollars(cost)} is booked for it.`,
    fix: 'say in the prompt how long the text may be, and run again: that pays for it again.',
  })
}
