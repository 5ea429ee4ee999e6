import { crc32 } from 'node:zlib'
import { isOurPacket } from './packet.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * What precedes the packet: the keyword and its end, "not compressed", compression method 0, and
 * neither language nor translated keyword. PNG specification, 11.3.3.4.
 */
const XMP_HEADER = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1')
const XMP_KEYWORD = XMP_HEADER.subarray(0, 18)
/** Some, libvips among them, write the packet compressed, as plain text. */
const TEXTS = new Set(['iTXt', 'zTXt', 'tEXt'])

/** Length, type and CRC of a chunk, in bytes. PNG specification, 5.3. */
const FRAME = 12

/** A chunk, up to the last one, `IEND`. */
interface PngChunk {
  readonly type: string
  /** Where it begins, from the start of the file, its length included. */
  readonly start: number
  readonly end: number
  readonly content: Buffer
}

/**
 * A PNG file with an XMP packet in an iTXt chunk, right behind the header, where a reader finds it
 * before the pixels. `undefined` where the file is not well-formed, or holds XMP already.
 * @see https://www.w3.org/TR/png-3/#11iTXt
 * @see https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 3, 1.1.5
 */
export function addXmpToPng(file: Buffer, packet: Buffer): Buffer | undefined {
  const chunks = readPngChunks(file)
  const place = chunks?.[0]?.end
  if (place === undefined || chunks?.some(isXmp)) return undefined
  const xmp = chunk('iTXt', Buffer.concat([XMP_HEADER, packet]))
  return Buffer.concat([file.subarray(0, place), xmp, file.subarray(place)])
}

/** The file without our packet: byte for byte what {@link addXmpToPng} was given. */
export function removeXmpFromPng(file: Buffer): Buffer {
  const ours = readPngChunks(file)?.find((one) => isXmp(one) && isOurPacket(one.content))
  return ours ? Buffer.concat([file.subarray(0, ours.start), file.subarray(ours.end)]) : file
}

/** All chunks, the header first; `undefined` where the file is not well-formed. */
export function readPngChunks(file: Buffer): PngChunk[] | undefined {
  if (!file.subarray(0, 8).equals(SIGNATURE)) return undefined
  const chunks: PngChunk[] = []
  for (let at = 8; at < file.length;) {
    if (at + FRAME > file.length) return undefined
    const end = at + FRAME + file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    if (end > file.length || (chunks.length === 0) !== (type === 'IHDR')) return undefined
    chunks.push({ type, start: at, end, content: file.subarray(at + 8, end - 4) })
    if (type === 'IEND') return chunks
    at = end
  }
  return undefined
}

function isXmp({ type, content }: PngChunk): boolean {
  return TEXTS.has(type) && content.subarray(0, XMP_KEYWORD.length).equals(XMP_KEYWORD)
}

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.alloc(FRAME + content.length)
  bytes.writeUInt32BE(content.length, 0)
  bytes.write(type, 4, 'latin1')
  content.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length)
  return bytes
}
