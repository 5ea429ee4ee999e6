/** A box of an ISO base media file: its type, and what follows the type. ISO/IEC 14496-12, 4.2. */
export interface Box {
  readonly type: string
  readonly content: Buffer
}

/** Size and type before each box's content, in bytes. */
export const BOX_HEAD = 8

/** The boxes that fill some bytes; `undefined` where they do not, or where one is of a 64-bit size. */
export function readBoxes(bytes: Buffer): Box[] | undefined {
  const boxes: Box[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + BOX_HEAD > bytes.length) return undefined
    const size = bytes.readUInt32BE(at)
    if (size < BOX_HEAD || at + size > bytes.length) return undefined
    const type = bytes.toString('latin1', at + 4, at + BOX_HEAD)
    boxes.push({ type, content: bytes.subarray(at + BOX_HEAD, at + size) })
    at += size
  }
  return boxes
}

export function writeBox(type: string, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([
    bigEndian(content.length + BOX_HEAD, 4),
    Buffer.from(type, 'latin1'),
    content,
  ])
}

export function bigEndian(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}
