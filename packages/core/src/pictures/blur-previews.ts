import type { Look } from '../pixels/image.ts'
import path from 'node:path'
import { readCached } from '../kernel/files/file-index.ts'
import { openFiles } from '../kernel/files/files.ts'
import { lookSchema } from '../pin/lock-entry.ts'
import { lookOf } from '../pixels/blur-preview.ts'

/** The derived cache of looks that no lockfile pins: of stand-ins, and of pictures that landed without. */
export interface Looks {
  /**
   * What a page shows of a picture before it is there.
   * @param identity What its bytes are known by.
   * @param read Its bytes; asked for where the look is not known.
   * @throws what `read` throws.
   */
  of(identity: string, read: () => Promise<Uint8Array>): Promise<Look>
}

/** For what cannot be decoded: neither light nor dark, and no picture. */
const UNKNOWN: Look = { color: '#808080', thumbhash: 'IAgCBwBYUy6HiHh1h0iIWIiPAQAAAAAA' }

/** Opens the cache of looks below `cacheDir`. */
export function openLooks(cacheDir: string): Looks {
  const files = openFiles(cacheDir)
  const known = new Map<string, Promise<Look>>()

  const find = async (identity: string, read: () => Promise<Uint8Array>): Promise<Look> => {
    const file = path.join(cacheDir, 'looks', `${identity}.json`)
    const kept = readCached(file, lookSchema, files)
    if (kept) return kept
    const look = await lookOf(await read())
    if (!look) return UNKNOWN
    // Without it, the next run looks again.
    await files.write('cache', file, JSON.stringify(look)).catch(() => undefined)
    return look
  }

  return {
    of: (identity, read) => {
      const finding = known.get(identity) ?? find(identity, read)
      known.set(identity, finding)
      finding.catch(() => known.delete(identity))
      return finding
    },
  }
}
