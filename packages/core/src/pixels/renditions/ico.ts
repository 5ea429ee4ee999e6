/** An image of an icon file. */
export interface IcoImage {
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
export function writeIco(images: readonly IcoImage[]): Buffer {
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
