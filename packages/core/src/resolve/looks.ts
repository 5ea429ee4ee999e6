import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { COLOR, type Look } from '../lock/lock-entry.ts'
import { lookOf } from '../render/look.ts'
import { writeWhole } from '../store/write.ts'

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

const schema = z.object({ color: z.string().regex(COLOR), thumbhash: z.base64() })

/** Opens the cache of looks below `cacheDir`. */
export function openLooks(cacheDir: string): Looks {
  const known = new Map<string, Promise<Look>>()

  const find = async (identity: string, read: () => Promise<Uint8Array>): Promise<Look> => {
    const file = path.join(cacheDir, 'looks', `${identity}.json`)
    const kept = await readFile(file, 'utf8').catch(() => '')
    const parsed = kept === '' ? undefined : schema.safeParse(JSON.parse(kept))
    if (parsed?.success) return parsed.data
    const look = await lookOf(await read())
    if (!look) return UNKNOWN
    // Without it, the next run looks again.
    await writeWhole(file, JSON.stringify(look)).catch(() => undefined)
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
