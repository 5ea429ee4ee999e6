import type sharp from 'sharp'

/** The media types of the pictures that we read, send and write. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const

/** One of {@link IMAGE_TYPES}. */
export type ImageType = (typeof IMAGE_TYPES)[number]

/** A colour of a {@link BlurPreview}. */
export const COLOR: RegExp = /^#[0-9a-f]{6}$/

/** What a page shows of a picture before it is there. */
export interface BlurPreview {
  /** Its dominant colour: `#2b4a3f`. */
  readonly color: string
  /** Its ThumbHash, in base64: some 25 bytes. @see https://evanw.github.io/thumbhash/ */
  readonly thumbhash: string
}

/** A pixel size. */
export interface Pixels {
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
}

/**
 * sharp, loaded when a picture is first looked into: that takes 20 ms, and a build that finds everything
 * pinned needs none of it. Whoever is about to pay for a picture loads it before.
 * @throws {Error} sharp's own, which says what to install, where it is not there for this platform.
 */
export async function loadSharp(): Promise<typeof sharp> {
  return (await import('sharp')).default
}

/** What the bytes themselves say of a picture. */
export interface ImageFacts extends Pixels {
  readonly type: ImageType
}

/** The media type of a format of sharp's; `undefined` for one that we don't take. */
export function imageTypeOf(format: string): ImageType | undefined {
  return IMAGE_TYPES.find((type) => type === `image/${format}`)
}

/** Type and pixel size, read from the bytes; `undefined` where they are no picture of ours. */
export async function inspectImage(bytes: Uint8Array): Promise<ImageFacts | undefined> {
  const sharp = await loadSharp()
  try {
    const { format, width, height } = await sharp(bytes).metadata()
    const type = imageTypeOf(format)
    return type && { type, width, height }
  } catch {
    return undefined
  }
}

/** The extension that bytes of any kind should have as a file, without a dot; `bin` where nobody knows. */
export async function extensionOfBytes(bytes: Uint8Array): Promise<string> {
  const sharp = await loadSharp()
  try {
    const { format, compression } = await sharp(bytes).metadata()
    if (format === 'heif') return compression === 'av1' ? 'avif' : 'heic'
    return format === 'jpeg' ? 'jpg' : format
  } catch {
    return 'bin'
  }
}

/** Whether bytes are a picture of this type and size. */
export async function isPicture(
  bytes: Uint8Array,
  { type, width, height }: ImageFacts,
): Promise<boolean> {
  const facts = await inspectImage(bytes)
  return facts?.type === type && facts.width === width && facts.height === height
}

/** The file extension of a media type, without a dot. */
export function extensionOf(type: ImageType): string {
  return type === 'image/jpeg' ? 'jpg' : formatOf(type)
}

/** `jpeg`, `png` or `webp`: what a component's `format` export says. */
export function formatOf(type: ImageType): string {
  return type.slice('image/'.length)
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
): Promise<{ readonly type: ImageType; readonly bytes: Uint8Array }> {
  const sharp = await loadSharp()
  const size = { width: longest, height: longest, fit: 'inside', withoutEnlargement: true } as const
  // JPEG has no alpha: what is seen through is seen on white, as on most pages.
  const scaled = sharp(bytes).autoOrient().resize(size)
  const copy = format === 'jpeg' ? scaled.flatten({ background: '#fff' }) : scaled
  return { type: `image/${format}`, bytes: await copy.toFormat(format, { quality: 80 }).toBuffer() }
}
