import { addXmpToAvif } from './avif.ts'
import { addXmpToJpeg } from './jpeg.ts'
import { addXmpToPng } from './png.ts'
import { addXmpToWebp } from './webp.ts'

/** Gives a file with the packet in it, or `undefined` for one that it cannot take. */
type AddXmp = (file: Buffer, packet: Buffer) => Buffer | undefined

const FORMATS: ReadonlyMap<string, AddXmp> = new Map([
  ['avif', addXmpToAvif],
  // What libvips calls an AVIF file.
  ['heif', addXmpToAvif],
  ['jpeg', addXmpToJpeg],
  ['jpg', addXmpToJpeg],
  ['png', addXmpToPng],
  ['webp', addXmpToWebp],
])

/**
 * A picture file with an XMP packet in it. Its pixels are not touched: nothing is encoded again.
 * @param format As sharp and Astro name it: `jpeg`, `jpg`, `png`, `webp`, `avif` or `heif`.
 * @returns `undefined` for a format that is not known here, for a file that is not well-formed or of
 *   an unusual layout, and for one that holds XMP already.
 */
export function addXmp(file: Uint8Array, format: string, packet: Buffer): Buffer | undefined {
  return FORMATS.get(format)?.(Buffer.from(file.buffer, file.byteOffset, file.byteLength), packet)
}
