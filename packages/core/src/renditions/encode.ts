import type sharp from 'sharp'
import type { Sharp } from 'sharp'
import type { Crop } from './crop.ts'
import { FAVICON_SIDES } from './forms.ts'
import { writeIco, type IcoImage } from './ico.ts'
import type { Operation } from './operation.ts'

/** Pixels without any encoding. */
interface Raw {
  readonly data: Buffer
  readonly info: {
    readonly width: number
    readonly height: number
    readonly channels: 1 | 2 | 3 | 4
  }
}

/**
 * Of sharp's 0 to 9. Of a photo of 1200 pixels, its default of 4 takes four times as long and saves 3 % of
 * the bytes (sharp 0.35).
 */
const AVIF_EFFORT = 3

/** Raised when the same operation would give other bytes with the same encoders. */
export const ENCODING_VERSION = 1

/**
 * A picture in one size, in each of the formats. It is decoded and scaled once for all of them.
 * @param operations They differ in format and quality only.
 */
export async function encodeSize(
  picture: Sharp,
  crop: Crop | undefined,
  operations: readonly Operation[],
  load: typeof sharp,
): Promise<Buffer[]> {
  const [first] = operations
  if (!first) return []
  if (first.format === 'ico') return [await encodeIcon(picture, crop, first, load)]
  const raw = await scale(picture, crop, first)
  const encoded: Buffer[] = []
  // One after the other: side by side, the pixels of all of them would be in memory.
  for (const operation of operations) encoded.push(await encode(raw, operation, load))
  return encoded
}

/** Scaled from the picture, each by itself: a small image of a small image is blurred. */
async function encodeIcon(
  picture: Sharp,
  crop: Crop | undefined,
  operation: Operation,
  load: typeof sharp,
): Promise<Buffer> {
  const images: IcoImage[] = []
  // Images of an icon file have 32 bits a pixel.
  const withAlpha = picture.clone().ensureAlpha()
  for (const side of FAVICON_SIDES) {
    const sized = { ...operation, format: 'png', width: side, height: side } as const
    const png = await encode(await scale(withAlpha, crop, sized), sized, load)
    images.push({ side, png })
  }
  return writeIco(images)
}

const TRANSPARENT = { r: 255, g: 255, b: 255, alpha: 0 } as const

async function scale(picture: Sharp, crop: Crop | undefined, operation: Operation): Promise<Raw> {
  const { width, height, fit, inset = 0 } = operation
  const part = crop && fit === 'cover' ? picture.clone().extract(crop) : picture.clone()
  const [left, top] = [Math.round(width * inset), Math.round(height * inset)]
  const isFree = fit === 'contain' || inset > 0
  const scaled = (isFree ? part.ensureAlpha() : part)
    .resize(width - 2 * left, height - 2 * top, {
      fit: fit === 'contain' ? 'contain' : 'fill',
      background: TRANSPARENT,
    })
    .extend({ left, right: left, top, bottom: top, background: TRANSPARENT })
  return scaled.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
}

function encode({ data, info }: Raw, operation: Operation, load: typeof sharp): Promise<Buffer> {
  const { width, height, channels } = info
  const { quality, background } = operation
  const raw = load(data, { raw: { width, height, channels } })
  const pixels = background === undefined ? raw : raw.flatten({ background })
  switch (operation.format) {
    case 'avif':
      return pixels.avif({ quality, effort: AVIF_EFFORT }).toBuffer()
    case 'webp':
      return pixels.webp({ quality }).toBuffer()
    case 'jpeg':
      return pixels
        .flatten({ background: background ?? 'white' })
        .jpeg({ quality, progressive: true })
        .toBuffer()
    case 'png':
      return pixels.png({ compressionLevel: 9 }).toBuffer()
    case 'ico':
      throw new TypeError('An icon file is made of several sizes.')
  }
}
