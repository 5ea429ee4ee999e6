import { isOurPacket } from './packet.ts'

/** Which metadata an APP1 segment holds; a packet follows. XMP specification, part 3, 1.1.3. */
const XMP_HEADER = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1')
const EXIF_HEADER = Buffer.from('Exif\0\0', 'latin1')

const SOI = 0xffd8
const APP0 = 0xffe0
const APP1 = 0xffe1
const SOS = 0xffda

/** A segment's length is 16 bits wide and counts itself. ITU-T T.81, B.1.1.4. */
const MAX_PAYLOAD = 0xffff - 2

/** A segment before the pixels. */
interface Segment {
  readonly marker: number
  /** Where it begins, from the start of the file, its marker included. */
  readonly start: number
  readonly end: number
  /** What follows marker and length. */
  readonly content: Buffer
}

/**
 * A JPEG file with an XMP packet in an APP1 segment, behind JFIF's and Exif's own segments, which
 * want to be first. `undefined` where the file is not well-formed, or holds XMP already.
 * @see https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 3, 1.1.3
 */
export function addXmpToJpeg(file: Buffer, packet: Buffer): Buffer | undefined {
  const payload = Buffer.concat([XMP_HEADER, packet])
  const segments = readSegments(file)
  if (payload.length > MAX_PAYLOAD || !segments || segments.some(isXmp)) return undefined
  const follower = segments.find((segment) => !isLeading(segment))
  const place = follower?.start ?? segments.at(-1)?.end ?? 2
  const head = Buffer.alloc(4)
  head.writeUInt16BE(APP1, 0)
  head.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([file.subarray(0, place), head, payload, file.subarray(place)])
}

/** The file without our packet: byte for byte what {@link addXmpToJpeg} was given. */
export function removeXmpFromJpeg(file: Buffer): Buffer {
  const ours = readSegments(file)?.find((one) => isXmp(one) && isOurPacket(one.content))
  return ours ? Buffer.concat([file.subarray(0, ours.start), file.subarray(ours.end)]) : file
}

/** The segments before the pixels; `undefined` where the file is not well-formed. */
export function readSegments(file: Buffer): Segment[] | undefined {
  if (file.length < 4 || file.readUInt16BE(0) !== SOI) return undefined
  const segments: Segment[] = []
  for (let at = 2; ;) {
    if (at + 4 > file.length) return undefined
    const marker = file.readUInt16BE(at)
    if (marker === SOS) return segments
    const end = at + 2 + file.readUInt16BE(at + 2)
    if (marker < 0xffc0 || marker === 0xffff || end < at + 4 || end > file.length) return undefined
    segments.push({ marker, start: at, end, content: file.subarray(at + 4, end) })
    at = end
  }
}

function isXmp({ marker, content }: Segment): boolean {
  return marker === APP1 && startsWith(content, XMP_HEADER)
}

function isLeading({ marker, content }: Segment): boolean {
  return marker === APP0 || (marker === APP1 && startsWith(content, EXIF_HEADER))
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start)
}
