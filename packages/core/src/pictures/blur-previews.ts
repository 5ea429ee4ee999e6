import type { BlurPreview } from '../pixels/image.ts'
import path from 'node:path'
import { readCached } from '../kernel/files/file-index.ts'
import { openFiles } from '../kernel/files/files.ts'
import { blurPreviewSchema } from '../pin/lock-entry.ts'
import { blurPreviewOf } from '../pixels/blur-preview.ts'

/** The cache of blur previews that no lockfile pins: of placeholders, and of pictures that were committed without one. */
export interface BlurPreviews {
  /**
   * What a page shows of a picture before it is there.
   * @param identity What its bytes are known by.
   * @param read Its bytes; asked for where the blur preview is not known.
   * @throws what `read` throws.
   */
  of(identity: string, read: () => Promise<Uint8Array>): Promise<BlurPreview>
}

/** For what cannot be decoded: neither light nor dark, and no picture. */
export const UNKNOWN: BlurPreview = {
  color: '#808080',
  thumbhash: 'IAgCBwBYUy6HiHh1h0iIWIiPAQAAAAAA',
}

export function openBlurPreviews(cacheDir: string): BlurPreviews {
  const files = openFiles(cacheDir)
  const known = new Map<string, Promise<BlurPreview>>()

  const find = async (identity: string, read: () => Promise<Uint8Array>): Promise<BlurPreview> => {
    const file = path.join(cacheDir, 'looks', `${identity}.json`)
    const kept = readCached(file, blurPreviewSchema, files)
    if (kept) return kept
    const look = await blurPreviewOf(await read())
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
