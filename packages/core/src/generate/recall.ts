import { GeminiImageError } from '../kernel/errors/error.ts'
import { resultsOf, storedImages, withFormer, type LockEntry } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { shareCommitted } from './claim.ts'
import type { PlanContext } from '../plan/plan.ts'

/**
 * Puts a former result in the place of the one that is pinned. It counts as generated anew, so that a merge keeps it.
 * @param number From 1, the newest.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where there is none, `CORRUPT_OBJECT` or `WRITE_FAILED`.
 */
export async function recallFormer(
  fingerprint: string,
  number: number,
  context: PlanContext,
): Promise<LockEntry> {
  const { lockfile, options } = context
  const entry = await withProjectLock(lockOf(options), async () => {
    const current = (await lockfile.read()).entries.get(fingerprint)
    const former = current?.former?.[number - 1]
    if (!current || !former) throw unknownFormer(number, current?.former?.length ?? 0)
    await assertStored(former, context)
    const redrawn = (current.redrawn ?? 0) + 1
    const recalled = withFormer({ ...former, redrawn }, resultsOf(current))
    await lockfile.add(fingerprint, recalled)
    return recalled
  })
  await shareCommitted(fingerprint, entry, context)
  return entry
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

function unknownFormer(number: number, count: number): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no former picture ${number}.`,
    fix:
      count > 0
        ? `write a number from 1, the newest, to ${count}.`
        : '"npx gemini-image generate <name> --again" asks for another picture, and keeps this one.',
  })
}
