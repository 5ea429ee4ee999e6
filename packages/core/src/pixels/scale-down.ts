import type { ImageType } from './image.ts'
import { loadSharp } from './load-sharp.ts'

/** A picture that is no larger than is needed. */
export interface ScaledImage {
  readonly type: ImageType
  readonly bytes: Uint8Array
}

/**
 * A copy of a picture whose longest side is at most so many pixels; never a larger one.
 * @param longest In pixels.
 * @param format What the copy is to be.
 */
export async function scaleDown(
  bytes: Uint8Array,
  longest: number,
  format: 'jpeg' | 'webp',
): Promise<ScaledImage> {
  const sharp = await loadSharp()
  const size = { width: longest, height: longest, fit: 'inside', withoutEnlargement: true } as const
  // JPEG has no alpha: what is seen through is seen on white, as on most pages.
  const scaled = sharp(bytes).autoOrient().resize(size)
  const copy = format === 'jpeg' ? scaled.flatten({ background: '#fff' }) : scaled
  return { type: `image/${format}`, bytes: await copy.toFormat(format, { quality: 80 }).toBuffer() }
}
