import { openFiles } from '../../kernel/files/files.ts'
import { verifiedFile } from '../../options/places.ts'
import { goneMeanwhile } from '../prepared.ts'
import { openObjectStore } from '../../pin/object-store.ts'
import { stampBefore, type BuildIndex, type IndexedObject } from './build-index.ts'
import type { Indexed } from './from-index.ts'

/** Objects of an index that were touched since, and may hold the same bytes all the same. */
export interface TouchedObjects {
  /** Begins to hold them against their SHA-256. */
  check(objects: readonly IndexedObject[]): void
  /**
   * Waits for all that was begun, and then writes the index down again: the next build need not look any more.
   * @throws {GeminiImageError} `CORRUPT_OBJECT`.
   */
  assertSound(): Promise<void>
}

export function openTouchedObjects(indexed: Indexed): TouchedObjects {
  const { storeDir, cacheDir } = indexed.index.options
  const store = openObjectStore(storeDir, verifiedFile(cacheDir))
  const checks = new Map<IndexedObject, Promise<void>>()
  const assertThere = async (object: IndexedObject): Promise<void> => {
    if ((await store.verify(object)) === 'lost') throw goneMeanwhile(object.file)
  }
  return {
    check: (objects) => {
      for (const object of objects) {
        const check = assertThere(object)
        // Its failure waits for assertSound().
        check.catch(() => undefined)
        checks.set(object, check)
      }
    },
    assertSound: async () => {
      const checked = new Set(checks.keys())
      const all = [...checks.values()]
      checks.clear()
      await Promise.all(all)
      await writeAgain(indexed, checked)
    },
  }
}

/** Writes an index down with what the file system says now. A failure costs time, not safety: it is ignored. */
async function writeAgain(
  { index, began, file }: Indexed,
  checked: ReadonlySet<IndexedObject>,
): Promise<void> {
  const stampNow = (path: string, before: string): string => {
    try {
      return stampBefore(path, began)
    } catch {
      return before
    }
  }
  const again: BuildIndex = {
    ...index,
    stamps: index.stamps.map(([path, stamp, ...check]) => [path, stampNow(path, stamp), ...check]),
    pictures: index.pictures.map(([id, { image, objects }]) => [
      id,
      {
        image,
        objects: objects.map((one) =>
          checked.has(one) ? { ...one, stamp: stampNow(one.path, one.stamp) } : one,
        ),
      },
    ]),
  }
  const cache = openFiles(index.options.cacheDir)
  await cache.write('cache', file, JSON.stringify(again)).catch(() => undefined)
}
