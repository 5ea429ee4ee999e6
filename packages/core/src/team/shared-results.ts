import {
  resultsOf,
  storedImages,
  lockEntrySchema,
  type LockEntry,
  type StoredImage,
} from '../pin/lock-entry.ts'
import { isPicture } from '../pixels/image.ts'
import { poisoned } from './shared-objects.ts'

/** Where the answer to a fingerprint lies. */
export function resultKey(fingerprint: string): string {
  return `results/${fingerprint}`
}

/** An entry as it is stored. What was before it is known to the lockfile alone. */
export function formatResult(entry: LockEntry): Uint8Array {
  return Buffer.from(JSON.stringify(resultsOf(entry)[0]))
}

/** A stored entry, or `undefined` where the bytes are none. */
export function parseResult(bytes: Uint8Array): LockEntry | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    if (!lockEntrySchema.safeParse(value).success) return undefined
    const entry = value as LockEntry
    return storedImages(entry).every(isNamedByContent) ? entry : undefined
  } catch {
    return undefined
  }
}

/**
 * Holds a fetched picture against what its entry says: what a stranger's entry claims is pinned here
 * only if the bytes agree.
 * @throws {GeminiImageError} `CORRUPT_OBJECT`.
 */
export async function checkPicture(
  store: string,
  image: StoredImage,
  bytes: Uint8Array,
): Promise<void> {
  if (!(await isPicture(bytes, image)))
    throw poisoned(store, image, 'Their type or size is not what the result says.')
}

/** A name that holds its hash can take the place of no other picture. */
function isNamedByContent({ file, object }: StoredImage): boolean {
  return file.includes(`.${object.slice(0, 12)}.`)
}
