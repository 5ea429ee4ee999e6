import { crc32 } from 'node:zlib'

const pngHeaderLength = 33

/** A copy of a JPEG with a comment in it. The pixels stay what they were. */
export function markJpeg(bytes: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment)
  const segment = Buffer.alloc(4 + text.length)
  segment.writeUInt16BE(0xfffe, 0)
  segment.writeUInt16BE(2 + text.length, 2)
  text.copy(segment, 4)
  // JFIF wants its APP0 segment to be the first one.
  const startsWithApp0 = bytes.readUInt16BE(2) === 0xffe0
  const at = startsWithApp0 ? 4 + bytes.readUInt16BE(4) : 2
  return Buffer.concat([bytes.subarray(0, at), segment, bytes.subarray(at)])
}

/** A copy of a PNG with a tEXt chunk in it. The pixels stay what they were. */
export function markPng(bytes: Buffer, comment: string): Buffer {
  const content = Buffer.from(`tEXtComment\0${comment}`, 'latin1')
  const chunk = Buffer.alloc(4 + content.length + 4)
  chunk.writeUInt32BE(content.length - 4, 0)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), 4 + content.length)
  return Buffer.concat([bytes.subarray(0, pngHeaderLength), chunk, bytes.subarray(pngHeaderLength)])
}
