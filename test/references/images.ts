import { randomBytes } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'

/** A flat colour. */
function swatch(colour: string, side = 8): Sharp {
  return sharp({ create: { width: side, height: side, channels: 3, background: colour } })
}

/** A small still JPEG. */
export function jpeg(colour = '#c33'): Promise<Buffer> {
  return swatch(colour).jpeg().toBuffer()
}

/** A small still PNG. */
export function png(colour = '#3c3'): Promise<Buffer> {
  return swatch(colour).png().toBuffer()
}

/** A small still WebP. */
export function webp(colour = '#33c'): Promise<Buffer> {
  return swatch(colour).webp().toBuffer()
}

/** Two frames of 8×8. */
function frames(): Sharp {
  const raw = Buffer.alloc(8 * 16 * 3, 255).fill(0, 8 * 8 * 3)
  return sharp(raw, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
}

/** What must not be sent, by the name of the file. */
export const BAD_IMAGES: Readonly<Record<string, () => Promise<Buffer> | Buffer>> = {
  'drawing.svg': () =>
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
  'drawing-as.png': () =>
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
  'still.gif': () => swatch('#333').gif().toBuffer(),
  'animated.gif': () => frames().gif().toBuffer(),
  'animated.webp': () => frames().webp().toBuffer(),
  'photo.avif': () => swatch('#333').avif({ effort: 0 }).toBuffer(),
  'photo.heic': () => heic(),
  'clip.mp4': () => mediaFile('ftypisom', 4),
  'clip.jpg': () => mediaFile('ftypisom', 4),
  'voice.wav': () => mediaFile('RIFF8\0\0\0WAVEfmt ', 0),
  'voice.webp': () => mediaFile('RIFF8\0\0\0WAVEfmt ', 0),
  'scan.tiff': () => swatch('#333').tiff().toBuffer(),
  'words.png': () => Buffer.from('Not an image at all, and longer than any magic number.'),
  'page.jpg': () => Buffer.from('<!doctype html><title>404</title>'),
  'empty.png': () => Buffer.alloc(0),
  'cut.png': () => png().then((bytes) => bytes.subarray(0, 20)),
}

/** The head of a HEIC file, as a phone writes it. */
function heic(): Buffer {
  const head = Buffer.alloc(64)
  head.writeUInt32BE(24)
  head.write('ftypheic', 4, 'latin1')
  head.write('mif1heic', 16, 'latin1')
  return head
}

/** The head of a film, or of a sound. */
function mediaFile(brand: string, at: number): Buffer {
  const head = Buffer.alloc(64)
  head.write(brand, at, 'latin1')
  return head
}

/** Ten thousand pixels a side, in a few kilobytes. */
export function bomb(): Promise<Buffer> {
  const canvas = sharp({
    create: { width: 10_000, height: 10_000, channels: 3, background: '#000' },
    limitInputPixels: false,
  })
  return canvas.toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer()
}

/** A PNG of this many bytes, and a few more. */
export function heavy(bytes: number): Promise<Buffer> {
  const side = Math.ceil(Math.sqrt(bytes / 3))
  const raw = { width: side, height: side, channels: 3 } as const
  return sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer()
}
