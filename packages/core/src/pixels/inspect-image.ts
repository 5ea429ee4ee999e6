import { loadSharp } from './load-sharp.ts'
import type { ImageType } from './image.ts'

/** What the bytes themselves say of a picture. */
export interface ImageFacts {
  readonly type: ImageType
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
}

const TYPES: Readonly<Record<string, ImageType>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}

const EXTENSIONS: Readonly<Record<ImageType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
}

/** Type and pixel size, read from the bytes; `undefined` where they are no picture of ours. */
export async function inspectImage(bytes: Uint8Array): Promise<ImageFacts | undefined> {
  const sharp = await loadSharp()
  try {
    const { format, width, height } = await sharp(bytes).metadata()
    const type = TYPES[format]
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
  return EXTENSIONS[type]
}

/** `jpeg`, `png` or `webp`: what a component's `format` export says. */
export function formatOf(type: ImageType): string {
  return type.slice('image/'.length)
}
