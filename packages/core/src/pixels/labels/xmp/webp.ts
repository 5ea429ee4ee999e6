import { isOurPacket } from './packet.ts'

/** Bits of the first byte of a VP8X chunk. RFC 9649, 2.7. */
const HAS_XMP = 0x04
const HAS_ALPHA = 0x10

/** Type and size before each chunk's content, in bytes. RFC 9649, 2.3. */
const HEAD = 8

/** A chunk of a RIFF file. */
interface WebpChunk {
  readonly type: string
  readonly content: Buffer
}

/**
 * A WebP file with an XMP packet in a chunk at its end. A file of the simple layout becomes one of the
 * extended layout. `undefined` where the file is not well-formed, or holds XMP already.
 * @see https://www.rfc-editor.org/rfc/rfc9649#section-2.7
 */
export function addXmpToWebp(file: Buffer, packet: Buffer): Buffer | undefined {
  const chunks = readWebpChunks(file)
  if (!chunks || chunks.some(({ type }) => type === 'XMP ')) return undefined
  const [first, ...others] = chunks
  if (!first) return undefined
  const extended = first.type === 'VP8X' ? first.content : extensionOf(first)
  if (extended?.length !== 10) return undefined
  const flagged = Buffer.from(extended)
  flagged.writeUInt8(flagged.readUInt8(0) | HAS_XMP, 0)
  return writeChunks([
    { type: 'VP8X', content: flagged },
    ...(first.type === 'VP8X' ? others : chunks),
    { type: 'XMP ', content: packet },
  ])
}

/**
 * The file without our packet. Where nothing else needs the extended layout, it is of the simple one
 * again, so that what {@link addXmpToWebp} was given comes back byte for byte, unless that was of the
 * extended layout without need, or padded with other bytes than zeros.
 */
export function removeXmpFromWebp(file: Buffer): Buffer {
  const chunks = readWebpChunks(file)
  const [head, ...others] = chunks ?? []
  const ours = others.find(({ type, content }) => type === 'XMP ' && isOurPacket(content))
  if (!ours || head?.type !== 'VP8X') return file
  const rest = others.filter((one) => one !== ours)
  const extended = Buffer.from(head.content)
  extended.writeUInt8(extended.readUInt8(0) & ~HAS_XMP, 0)
  const [only] = rest
  const isSimple = rest.length === 1 && only && extensionOf(only)?.equals(extended)
  return writeChunks(isSimple ? rest : [{ type: 'VP8X', content: extended }, ...rest])
}

/** All chunks; `undefined` where the file is not well-formed. */
export function readWebpChunks(file: Buffer): WebpChunk[] | undefined {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF') return undefined
  if (file.toString('latin1', 8, 12) !== 'WEBP') return undefined
  if (file.readUInt32LE(4) !== file.length - 8) return undefined
  const chunks: WebpChunk[] = []
  for (let at = 12; at < file.length;) {
    if (at + HEAD > file.length) return undefined
    const size = file.readUInt32LE(at + 4)
    const end = at + HEAD + size + (size % 2)
    if (end > file.length) return undefined
    const content = file.subarray(at + HEAD, at + HEAD + size)
    chunks.push({ type: file.toString('latin1', at, at + 4), content })
    at = end
  }
  return chunks
}

function writeChunks(chunks: readonly WebpChunk[]): Buffer {
  const parts = chunks.flatMap(({ type, content }) => [
    Buffer.from(type, 'latin1'),
    littleEndian(content.length, 4),
    content,
    // A chunk of an odd size is followed by a byte that its size does not count.
    Buffer.alloc(content.length % 2),
  ])
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts])
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), littleEndian(body.length, 4), body])
}

/** The content of the VP8X chunk that a file of the simple layout lacks: what it uses, and its size. */
function extensionOf({ type, content }: WebpChunk): Buffer | undefined {
  const frame = type === 'VP8 ' ? lossyFrame(content) : undefined
  const { width, height, alpha } =
    frame ?? (type === 'VP8L' ? losslessFrame(content) : undefined) ?? {}
  if (!width || !height) return undefined
  const flags = Buffer.from([alpha ? HAS_ALPHA : 0, 0, 0, 0])
  return Buffer.concat([flags, littleEndian(width - 1, 3), littleEndian(height - 1, 3)])
}

interface Frame {
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  readonly alpha: boolean
}

/** The header of a key frame. @see https://www.rfc-editor.org/rfc/rfc6386#section-9.1 */
function lossyFrame(content: Buffer): Frame | undefined {
  if (content.length < 10 || content.readUIntBE(3, 3) !== 0x9d012a) return undefined
  const width = content.readUInt16LE(6) & 0x3fff
  return { width, height: content.readUInt16LE(8) & 0x3fff, alpha: false }
}

/** The header of a lossless image. @see https://www.rfc-editor.org/rfc/rfc9649#section-3.4 */
function losslessFrame(content: Buffer): Frame | undefined {
  if (content.length < 5 || content.readUInt8(0) !== 0x2f) return undefined
  const bits = content.readUInt32LE(1)
  const alpha = ((bits >>> 28) & 1) === 1
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha }
}

function littleEndian(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}
