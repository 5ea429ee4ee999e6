import { GeminiImageError } from '../kernel/errors/error.ts'
import {
  contentOf,
  resultsOf,
  storedImages,
  withFormer,
  type LockEntry,
  type PinnedPicture,
} from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import type { PinnedText } from '../pin/pinned-text.ts'
import { isOfText } from '../providers/request.ts'
import { chainOf, type Declared } from '../plan/declared.ts'
import type { PlanContext } from '../plan/plan.ts'
import { assertFixed } from './adopt.ts'
import { withTeam } from '../team/team-store.ts'
import { shareCommitted } from './claim.ts'
import { NO_TOKENS } from './commit.ts'

/**
 * Puts an earlier result in the place of the one that is pinned, and the texts that it was drawn from with it. It counts
 * as generated anew, so that a merge keeps it. One of an earlier request is adopted: it keeps its own model and request,
 * and its price stays where it was paid.
 * @param past A result of the declaration, or one that was pinned for an earlier request.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where it is gone by now or nothing can be pinned, `CORRUPT_OBJECT` or
 *   `WRITE_FAILED`.
 */
export async function recallResult(
  declared: Declared,
  past: PinnedPicture,
  context: PlanContext,
): Promise<LockEntry> {
  assertFixed(declared)
  const { lockfile, options } = context
  const { fingerprint } = declared
  const pin = async (): Promise<LockEntry> => {
    const { entries } = await lockfile.read()
    const pinned = entries.get(past.fingerprint)
    const result = pinned && resultsOf(pinned).find((one) => isSame(one, past.entry))
    if (!result) throw goneMeanwhile(past.entry)
    await assertStored(result, context)
    const current = entries.get(fingerprint)
    const redrawn = (current?.redrawn ?? 0) + 1
    const own = past.fingerprint === fingerprint ? result : adoptedFrom(past.fingerprint, result)
    const recalled = withFormer({ ...own, redrawn }, current ? resultsOf(current) : [])
    await lockfile.add(fingerprint, recalled)
    if (past.fingerprint === fingerprint) await recallTexts(declared, result, context)
    return recalled
  }
  return withTeam(context.team, async () => {
    const entry = await withProjectLock(lockOf(options), pin)
    await shareCommitted(fingerprint, entry, context)
    return entry
  })
}

function isSame(one: LockEntry, other: LockEntry): boolean {
  return one.object === other.object && one.created === other.created
}

function adoptedFrom(fingerprint: string, result: LockEntry): LockEntry {
  // Who adopted it first has said where it is from.
  return { ...result, cost: 0, tokens: NO_TOKENS, adopted: result.adopted ?? fingerprint }
}

/** A text belongs to the picture that was drawn from it: of several, the last that was there before. */
async function recallTexts(
  { result }: Declared,
  { created }: LockEntry,
  { lockfile }: PlanContext,
): Promise<void> {
  const { texts } = await lockfile.read()
  for (const { fingerprint, request } of chainOf(result)) {
    const current = isOfText(request) ? texts.get(fingerprint) : undefined
    const text = current && textBefore(created, resultsOf(current))
    if (!text || contentOf(text) === contentOf(current)) continue
    const redrawn = (current.redrawn ?? 0) + 1
    await lockfile.add(fingerprint, withFormer({ ...text, redrawn }, resultsOf(current)))
  }
}

function textBefore(created: string, texts: readonly PinnedText[]): PinnedText | undefined {
  const inTime = texts.toSorted((a, b) => Date.parse(b.created) - Date.parse(a.created))
  return inTime.find((one) => Date.parse(one.created) <= Date.parse(created)) ?? inTime.at(-1)
}

async function assertStored(entry: LockEntry, { store, team }: PlanContext): Promise<void> {
  const images = storedImages(entry)
  await team?.restore(images.filter(({ file }) => !store.has(file)))
  for (const image of images) {
    if ((await store.verify(image)) === 'sound') continue
    throw new GeminiImageError({
      code: 'CORRUPT_OBJECT',
      what: `${image.file} is not in the store.`,
      why: 'Nothing was changed.',
      fix: 'restore it from version control, or run: npx gemini-image prune',
    })
  }
}

function goneMeanwhile({ file }: LockEntry): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${file} is not in gemini-image.lock any more.`,
    why: 'Another process has pruned it. Nothing was changed.',
    fix: 'list what there is: npx gemini-image explain <name>',
  })
}
