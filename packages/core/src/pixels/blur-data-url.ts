import type * as Zlib from 'node:zlib'
import type { BlurPreview } from './image.ts'
import { decodeThumbhash, type Bitmap } from './thumbhash.ts'

/** Pixels a side: there is no detail that would need more, and 1 KB holds no more. */
const SHOWN = 14
const SHOWN_WITH_ALPHA = 12

/**
 * Whether a picture is transparent anywhere: its ThumbHash says so in the last bit of its third byte.
 * @see https://evanw.github.io/thumbhash/
 */
export function hasAlpha({ thumbhash }: Pick<BlurPreview, 'thumbhash'>): boolean {
  return ((Buffer.from(thumbhash, 'base64')[2] ?? 0) & 0x80) !== 0
}

/**
 * What a ThumbHash shows, as the URI of a PNG of under 1 KB. A browser scales it up, and blurs it so.
 * @param thumbhash In base64.
 */
export function placeholderUri(thumbhash: string): string {
  const longest = hasAlpha({ thumbhash }) ? SHOWN_WITH_ALPHA : SHOWN
  const png = encodePng(decodeThumbhash(Buffer.from(thumbhash, 'base64'), longest))
  return `data:image/png;base64,${png.toString('base64')}`
}

/**
 * Adds the placeholder of a picture: drawn when it is asked for, since few pages show it and each takes as long as all
 * else of a picture. It is not enumerable, so that no copy asks for it by accident.
 * @param drawn ThumbHash → placeholder; what is drawn is added.
 */
export function withPlaceholder<Image extends { readonly look: BlurPreview }>(
  image: Image,
  drawn: Map<string, string>,
): Image & { readonly placeholder: string } {
  const { thumbhash } = image.look
  const get = (): string => {
    const uri = drawn.get(thumbhash) ?? placeholderUri(thumbhash)
    drawn.set(thumbhash, uri)
    return uri
  }
  Object.defineProperty(image, 'placeholder', { get, configurable: true })
  return image as Image & { readonly placeholder: string }
}

/** PNG specification, 11.2.1: eight bits for each of red, green, blue, and alpha. */
const TRUECOLOUR = 2
const TRUECOLOUR_WITH_ALPHA = 6
/** PNG specification, 9.2: each byte as its difference to that of the pixel before. */
const SUB = 1

/**
 * A PNG of a few pixels, at once: sharp would have to be loaded, and is asynchronous.
 * @see https://www.w3.org/TR/png-3/
 */
function encodePng({ width, height, rgba }: Bitmap): Buffer {
  const { deflateSync } = zlib()
  const isOpaque = rgba.every((value, index) => index % 4 !== 3 || value === 255)
  const channels = isOpaque ? 3 : 4
  const line = 1 + width * channels
  const lines = Buffer.alloc(line * height)
  for (let y = 0; y < height; y += 1) {
    lines[y * line] = SUB
    for (let byte = 0; byte < width * channels; byte += 1) {
      const value = rgba[(y * width + Math.floor(byte / channels)) * 4 + (byte % channels)] ?? 0
      const before = Math.floor(byte / channels) - 1
      const left = before < 0 ? 0 : (rgba[(y * width + before) * 4 + (byte % channels)] ?? 0)
      lines[y * line + 1 + byte] = (value - left) & 0xff
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, isOpaque ? TRUECOLOUR : TRUECOLOUR_WITH_ALPHA], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(content.length, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(zlib().crc32(body), body.length + 4)
  return bytes
}

/** Loaded when the first likeness is drawn: many a build draws none. */
function zlib(): typeof Zlib {
  return process.getBuiltinModule('node:zlib')
}
