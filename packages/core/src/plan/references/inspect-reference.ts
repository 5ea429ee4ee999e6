import type { Metadata } from 'sharp'
import { GeminiImageError, type ErrorParts } from '../../kernel/errors/error.ts'
import { imageTypeOf, loadSharp, type Pixels } from '../../pixels/image.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { ReferenceFacts } from '../../providers/provider.ts'

/** What a file name or a `content-type` promises, in the words of sharp. */
const PROMISES: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jfif: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  svg: 'svg',
  'svg+xml': 'svg',
  avif: 'heif',
  heic: 'heif',
  heif: 'heif',
  tif: 'tiff',
  tiff: 'tiff',
}

/** More pixels than any camera phone's or any model's picture has; what is above is a mistake or a bomb. */
const MOST_PIXELS = 64_000_000

/**
 * Looks at the bytes of an image before they are sent anywhere.
 * @param promised What its file name or content type says that it is: `png`, `svg+xml`.
 * @throws {GeminiImageError} `UNSUPPORTED_REFERENCE`, `REFERENCE_TYPE_MISMATCH` or
 *   `REFERENCE_TOO_LARGE`.
 */
export async function inspectReference(
  bytes: Uint8Array,
  name: string,
  promised: string,
): Promise<ReferenceFacts> {
  const { format, width, height, pages } = await readMetadata(bytes, name)
  const type = imageTypeOf(format)
  if (!type) throw unsupported(name, `It is ${format.toUpperCase()}`)
  if ((pages ?? 1) > 1) throw unsupported(name, 'It is animated')
  const promise = PROMISES[promised.toLowerCase()]
  if (promise !== undefined && promise !== format) {
    throw refuse({
      code: 'REFERENCE_TYPE_MISMATCH',
      what: `${name} is a ${format.toUpperCase()} image, and its name or content type says ${promise.toUpperCase()}.`,
      fix: 'give it the ending that fits, or save it again in the format that it is named for.',
    })
  }
  if (width * height > MOST_PIXELS) {
    throw refuse({
      code: 'REFERENCE_TOO_LARGE',
      what: `${name} has ${width} × ${height} pixels; at most ${MOST_PIXELS / 1e6} million are sent.`,
      fix: 'scale it down: models look at images at about 1000 to 4000 pixels a side.',
    })
  }
  return { sha256: sha256(bytes), type, size: bytes.byteLength }
}

/** The size at which an image is shown, in pixels: cameras write down how they were held. */
export async function shownPixels(bytes: Uint8Array): Promise<Pixels> {
  const sharp = await loadSharp()
  const {
    width,
    height,
    orientation = 1,
  } = await sharp(bytes, { limitInputPixels: false }).metadata()
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

async function readMetadata(bytes: Uint8Array, name: string): Promise<Metadata> {
  const sharp = await loadSharp()
  try {
    // Reads the header only; the limit is ours to check, with a message of our own.
    return await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch {
    throw unsupported(name, 'It cannot be read as an image')
  }
}

function unsupported(name: string, what: string): GeminiImageError {
  return refuse({
    code: 'UNSUPPORTED_REFERENCE',
    what: `${name} cannot be a reference. ${what}.`,
    fix: 'save it as a still JPEG, PNG or WebP image.',
  })
}

function refuse(parts: ErrorParts): GeminiImageError {
  return new GeminiImageError({ ...parts, why: 'Nothing was sent.' })
}
