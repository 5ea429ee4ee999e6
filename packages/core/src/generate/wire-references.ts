import { loadSharp } from '../pixels/image.ts'
import type { ReferenceImage } from '../providers/provider.ts'

/** The most bytes that the images of one request may have: APIs take 20 MB, and base64 makes three bytes four. */
const MOST_BYTES = 15_000_000

/** In pixels; models look at images at about 1000 to 4000 pixels a side. */
const SIDES: readonly number[] = [4096, 3072, 2048, 1536, 1024, 768, 512]

/**
 * Reference images as they are sent: as they are where they fit into one request, and otherwise the heaviest of them
 * as smaller copies. What is pinned goes by the originals, and the same originals make the same copies.
 */
export function wireReferences(references: readonly ReferenceImage[]): readonly ReferenceImage[] {
  const most = shareOf(references.map(({ size }) => size))
  return references.map((reference) => {
    if (reference.size <= most) return reference
    const bytes = async (): Promise<Uint8Array> => copyWithin(await reference.bytes(), most)
    return { ...reference, type: 'image/webp' as const, bytes }
  })
}

/** The most bytes of one image: what the lighter ones leave is shared by the heavier. */
function shareOf(sizes: readonly number[]): number {
  let left = MOST_BYTES
  let count = sizes.length
  for (const size of sizes.toSorted((one, other) => one - other)) {
    const share = Math.floor(left / count)
    if (size > share) return share
    left -= size
    count -= 1
  }
  return MOST_BYTES
}

async function copyWithin(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const sharp = await loadSharp()
  // A damaged image is sent as far as it can be read.
  const original = sharp(bytes, { failOn: 'none', limitInputPixels: false }).autoOrient()
  let copy: Uint8Array = bytes
  for (const side of SIDES) {
    const scaled = original.clone().resize(side, side, { fit: 'inside', withoutEnlargement: true })
    copy = await scaled.webp({ quality: 90 }).toBuffer()
    if (copy.byteLength <= most) break
  }
  return copy
}
