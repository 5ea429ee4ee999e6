import { rgbaToThumbHash } from 'thumbhash'
import { type BlurPreview, loadSharp } from './image.ts'

/** A ThumbHash knows no more than this many pixels a side. */
const HASHED = 100

/**
 * What a page shows of a picture before it is there; `undefined` for what cannot be decoded to its last byte. Whatever
 * fails here fails wherever a picture is resized, because that is done as strictly.
 */
export async function blurPreviewOf(bytes: Uint8Array): Promise<BlurPreview | undefined> {
  const sharp = await loadSharp()
  try {
    const small = sharp(bytes, { failOn: 'warning' })
      .resize(HASHED, HASHED, { fit: 'inside' })
      .toColourspace('srgb')
    const { data, info } = await small.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    const { dominant } = await sharp(data, { raw: { width, height, channels } }).stats()
    const hash = rgbaToThumbHash(width, height, data)
    return { color: hex(dominant), thumbhash: Buffer.from(hash).toString('base64') }
  } catch {
    return undefined
  }
}

function hex({ r, g, b }: { readonly r: number; readonly g: number; readonly b: number }): string {
  return `#${Buffer.from([r, g, b]).toString('hex')}`
}
