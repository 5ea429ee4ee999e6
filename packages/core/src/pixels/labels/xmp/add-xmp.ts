import { addXmpToAvif } from './avif.ts'
import { addXmpToJpeg, removeXmpFromJpeg } from './jpeg.ts'
import { addXmpToPng, removeXmpFromPng } from './png.ts'
import { addXmpToWebp, removeXmpFromWebp } from './webp.ts'

/** Gives a file with the packet in it, or `undefined` for one that it cannot take. */
type AddXmp = (file: Buffer, packet: Buffer) => Buffer | undefined

const ADD: ReadonlyMap<string, AddXmp> = new Map([
  ['avif', addXmpToAvif],
  // What libvips calls an AVIF file.
  ['heif', addXmpToAvif],
  ['jpeg', addXmpToJpeg],
  ['jpg', addXmpToJpeg],
  ['png', addXmpToPng],
  ['webp', addXmpToWebp],
])

const REMOVE: ReadonlyMap<string, (file: Buffer) => Buffer> = new Map([
  ['jpeg', removeXmpFromJpeg],
  ['jpg', removeXmpFromJpeg],
  ['png', removeXmpFromPng],
  ['webp', removeXmpFromWebp],
])

/**
 * A picture file with an XMP packet in it. Its pixels are not touched: nothing is encoded again.
 * @param format As sharp and Astro name it: `jpeg`, `jpg`, `png`, `webp`, `avif` or `heif`.
 * @returns `undefined` for a format that is not known here, for a file that is not well-formed or of
 *   an unusual layout, and for one that holds XMP already.
 */
export function addXmp(
  file: Uint8Array,
  format: string,
  packet: Uint8Array,
): Uint8Array | undefined {
  return ADD.get(format)?.(asBuffer(file), asBuffer(packet))
}

/**
 * A picture file as it was before {@link addXmp} put a packet of `xmpPacket` into it: byte for byte for
 * JPEG and PNG, and for WebP as encoders write it. What holds none, and AVIF, is given back as it is.
 */
export function removeXmp(file: Uint8Array, format: string): Uint8Array {
  return REMOVE.get(format)?.(asBuffer(file)) ?? file
}

/** The same bytes, with the methods of a buffer. Published types name none: sites may lack Node's types. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
