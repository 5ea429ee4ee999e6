import { GeminiImageError } from '../kernel/errors/error.ts'
import type { LockEntry } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import type { PlanContext, PlanRow } from '../plan/plan.ts'
import { shareCommitted } from './claim.ts'
import { commitAnswer } from './commit.ts'
import { openDrafts } from './drafts.ts'
import { openRefusals } from './refused.ts'

/**
 * Pins a draft: a picture that a model gave among its thoughts alone, at the price that was paid for it. It is taken for the
 * first missing step that has one.
 * @param number From 1, in the order of the answer; the last is the one that the model ended with.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where there is none, `BAD_ANSWER` or `WRITE_FAILED`.
 */
export async function adoptDraft(
  { declared, missing }: Pick<PlanRow, 'declared' | 'missing'>,
  number: number,
  context: PlanContext,
): Promise<LockEntry> {
  const { options, lockfile } = context
  const drafts = openDrafts(options.cacheDir)
  const step = missing.find(({ fingerprint }) => drafts.find(fingerprint) !== undefined)
  const draft = step && drafts.find(step.fingerprint)
  const part = draft?.result.parts[number - 1]
  if (!step || !part) throw unknownDraft(number, draft?.result.parts.length ?? 0)
  const { fingerprint, pixels } = step
  const entry = await withProjectLock(lockOf(options), async () => {
    const { entries: pinned } = await lockfile.read()
    const { result, cost, answered } = draft
    const adopted = { ...result, parts: [part] }
    const landed = await commitAnswer(adopted, cost, {
      ...context,
      step,
      declared,
      pinned,
      pixels,
      answered,
    })
    await openRefusals(options.cacheDir).drop(fingerprint)
    return landed
  })
  await shareCommitted(fingerprint, entry, context)
  return entry
}

function unknownDraft(number: number, count: number): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no draft ${number}.`,
    why: count > 0 ? undefined : 'No answer left one: an answer with a picture is pinned.',
    fix: count > 0 ? `write a number from 1 to ${count}.` : 'run: npx gemini-image generate',
  })
}
