import { openFiles } from '../../kernel/files/files.ts'
import { verifiedFile } from '../../options/places.ts'
import { goneMeanwhile } from '../prepared.ts'
import { openObjectStore } from '../../pin/object-store.ts'
import { isUntouched, stampBefore, type BuildIndex, type IndexedObject } from './build-index.ts'
import type { Indexed } from './from-index.ts'

/** Objects of an index that were touched since, and may hold the same bytes all the same. */
export interface TouchedObjects {
  /** Begins to hold them against their SHA-256. */
  check(objects: readonly IndexedObject[]): void
  /**
   * Waits for all that was begun. Once that was every touched object of the index, it is written down again: the
   * next build need not look any more.
   * @throws {GeminiImageError} `CORRUPT_OBJECT`.
   */
  assertSound(): Promise<void>
}

export function openTouchedObjects(indexed: Indexed): TouchedObjects {
  const { storeDir, cacheDir } = indexed.index.options
  const store = openObjectStore(storeDir, verifiedFile(cacheDir))
  const checks = new Map<IndexedObject, Promise<void>>()
  const all = indexed.index.pictures.flatMap(([, { objects }]) => objects)
  // Some hosts verify one picture after another.
  const unchecked = new Set(all.filter(({ path, stamp }) => !isUntouched(path, stamp)))
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
      const begun = [...checks]
      checks.clear()
      await Promise.all(begun.map(([, check]) => check))
      const before = unchecked.size
      for (const [object] of begun) unchecked.delete(object)
      if (before > 0 && unchecked.size === 0) await writeAgain(indexed)
    },
  }
}

/** Writes an index down with what the file system says now. A failure costs time, not safety: it is ignored. */
async function writeAgain({ index, began, file }: Indexed): Promise<void> {
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
        objects: objects.map((one) => ({ ...one, stamp: stampNow(one.path, one.stamp) })),
      },
    ]),
  }
  const cache = openFiles(index.options.cacheDir)
  await cache.write('cache', file, JSON.stringify(again)).catch(() => undefined)
}
