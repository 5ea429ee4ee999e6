import type sharp from 'sharp'
import type { Sharp } from 'sharp'
import type { Pixels } from '../image.ts'
import type { EncodedFormat, RenditionSettings } from './settings.ts'
import type { Crop } from './crop.ts'

/** The largest image of an icon file, in pixels, is the last; the others are in it as well. */
export const FAVICON_SIDES: readonly number[] = [16, 32, 48]

/** All that decides what one file of a picture holds, besides the picture and the encoder. */
export interface Operation extends Pixels {
  readonly format: EncodedFormat
  /** From 1 to 100; `undefined` for what loses nothing. */
  readonly quality: number | undefined
  readonly fit: 'cover' | 'contain'
  readonly focus: string
  readonly background: string | undefined
  /** Width by height: what is cut to it, before it is scaled. */
  readonly ratio: number
  /** The part of the width that is left free on each side. @default 0 */
  readonly inset?: number | undefined
  /** What is drawn over it: the key of the overlay, and the size in which that is drawn. @default nothing */
  readonly over?: (Pixels & { readonly key: string }) | undefined
}

/** Something that is drawn over a picture: RGBA, four bytes a pixel. */
export interface Cover extends Pixels {
  readonly data: Buffer
}

/** Between AVIF 50, WebP 75 and JPEG 78, the eye sees little difference in photos. */
const QUALITY = { avif: 50, webp: 75, jpeg: 78 } as const

export function qualityOf(
  format: EncodedFormat,
  quality: RenditionSettings['quality'],
): number | undefined {
  if (format === 'png' || format === 'ico') return undefined
  return (typeof quality === 'number' ? quality : quality?.[format]) ?? QUALITY[format]
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
  cover?: Cover,
): Promise<Buffer[]> {
  const [first] = operations
  if (!first) return []
  if (first.format === 'ico') return [await encodeIcon(picture, crop, first, load)]
  const scaled = scale(picture, crop, first)
  if (!cover && operations.length === 1 && (await isStraight(picture, first))) {
    return [await encode(scaled, first).toBuffer()]
  }
  const raw = await toRaw(scaled, load, cover && (await scaledCover(cover, first, load)))
  const encoded: Buffer[] = []
  // One after the other: side by side, the pixels of all of them would be in memory.
  for (const operation of operations) {
    encoded.push(await encode(onGround(raw.clone(), operation), operation).toBuffer())
  }
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
    const raw = await toRaw(scale(withAlpha, crop, sized), load)
    const png = await encode(onGround(raw, sized), sized).toBuffer()
    images.push({ side, png })
  }
  return writeIco(images)
}

const TRANSPARENT = { r: 255, g: 255, b: 255, alpha: 0 } as const

/**
 * Whether a file can be encoded right from the picture, with the same bytes in less time: sharp puts a
 * background below a picture before it scales it, and we do so afterwards. A PNG would keep the density of the
 * picture.
 */
async function isStraight(picture: Sharp, { format, background }: Operation): Promise<boolean> {
  if (background !== undefined || format === 'png') return false
  return format !== 'jpeg' || !(await picture.metadata()).hasAlpha
}

function scale(picture: Sharp, crop: Crop | undefined, operation: Operation): Sharp {
  const { width, height, fit, inset = 0 } = operation
  const part = crop && fit === 'cover' ? picture.clone().extract(crop) : picture.clone()
  const [left, top] = [Math.round(width * inset), Math.round(height * inset)]
  const isFree = fit === 'contain' || inset > 0
  const scaled = (isFree ? part.ensureAlpha() : part).resize(width - 2 * left, height - 2 * top, {
    fit: fit === 'contain' ? 'contain' : 'fill',
    background: TRANSPARENT,
  })
  const framed =
    inset === 0 ? scaled : scaled.extend({ ...frameOf(left, top), background: TRANSPARENT })
  return framed.toColourspace('srgb')
}

function frameOf(x: number, y: number): Record<'left' | 'right' | 'top' | 'bottom', number> {
  return { left: x, right: x, top: y, bottom: y }
}

/** The pixels themselves, so that they are worked out once. */
async function toRaw(scaled: Sharp, load: typeof sharp, cover?: Cover): Promise<Sharp> {
  const { data, info } = await scaled.raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const pixels = load(data, { raw: { width, height, channels } })
  return cover ? covered(pixels, cover, channels === 4, load) : pixels
}

/** Letters are drawn once, in the largest size: their lines end alike in all of them. */
async function scaledCover(
  cover: Cover,
  { width, height }: Pixels,
  load: typeof sharp,
): Promise<Cover> {
  if (cover.width === width && cover.height === height) return cover
  const raw = { width: cover.width, height: cover.height, channels: 4 } as const
  const scaled = load(cover.data, { raw }).resize(width, height, { fit: 'fill' })
  return { data: await scaled.raw().toBuffer(), width, height }
}

async function covered(
  pixels: Sharp,
  { data, width, height }: Cover,
  hasAlpha: boolean,
  load: typeof sharp,
): Promise<Sharp> {
  const raw = { width, height, channels: 4 } as const
  const both = await pixels
    .ensureAlpha()
    .composite([{ input: data, raw }])
    .raw()
    .toBuffer()
  const drawn = load(both, { raw })
  return hasAlpha ? drawn : drawn.removeAlpha()
}

/** On its background; a JPEG has none of its own. */
function onGround(
  pixels: Sharp,
  { background, format }: Pick<Operation, 'background' | 'format'>,
): Sharp {
  const ground = background ?? (format === 'jpeg' ? 'white' : undefined)
  return ground === undefined ? pixels : pixels.flatten({ background: ground })
}

function encode(pixels: Sharp, { format, quality }: Pick<Operation, 'format' | 'quality'>): Sharp {
  switch (format) {
    case 'avif':
      return pixels.avif({ quality, effort: AVIF_EFFORT })
    case 'webp':
      return pixels.webp({ quality })
    case 'jpeg':
      return pixels.jpeg({ quality })
    case 'png':
      return pixels.png({ compressionLevel: 9 })
    case 'ico':
      throw new TypeError('An icon file is made of several sizes.')
  }
}

/**
 * Pixels in a format, with nothing lost where no quality is named. A JPEG always loses, and is white where they are transparent.
 */
export function encodePixels(
  pixels: Sharp,
  { format, quality }: Pick<Operation, 'format' | 'quality'>,
): Promise<Buffer> {
  if (quality === undefined && format === 'webp') return pixels.webp({ lossless: true }).toBuffer()
  if (quality === undefined && format === 'avif') {
    return pixels.avif({ lossless: true, effort: AVIF_EFFORT }).toBuffer()
  }
  const own = { format, quality: qualityOf(format, quality), background: undefined }
  return encode(onGround(pixels, own), own).toBuffer()
}

interface IcoImage {
  /** Width and height, in pixels; at most 255. */
  readonly side: number
  /** Encoded, of 32 bits a pixel. */
  readonly png: Buffer
}

/** Bytes of the file's header, and of the entry of each image. */
const HEADER = 6
const ENTRY = 16

/**
 * An icon file (ICO) of PNG images, which Windows knows since Vista, and every browser.
 * @see https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)
 * @see https://en.wikipedia.org/wiki/ICO_(file_format)
 */
function writeIco(images: readonly IcoImage[]): Buffer {
  const head = Buffer.alloc(HEADER + ENTRY * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  for (const [index, { side, png }] of images.entries()) {
    const at = HEADER + ENTRY * index
    head.writeUInt8(side, at)
    head.writeUInt8(side, at + 1)
    // Colour planes, and bits for each pixel.
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)])
}
