import { inflateSync } from 'node:zlib'
import { sha256 } from '../../kernel/hash.ts'

/** A font that a text may be set in. */
export interface Font {
  /** A name that no other font has, whatever is installed on this machine. */
  readonly family: string
  /** The same font under that name, as TrueType or OpenType. */
  readonly file: Buffer
  /** Whether it has a glyph for a character. */
  has(codePoint: number): boolean
  /** How far a character moves what follows, as a multiple of the size. */
  advanceOf(codePoint: number): number
}

interface Table {
  readonly tag: string
  readonly data: Buffer
}

/** The first four bytes of fonts that can be read: TrueType, twice, and OpenType with PostScript outlines. */
const SIGNATURES: ReadonlySet<number> = new Set([0x00_01_00_00, 0x74_72_75_65, 0x4f_54_54_4f])
const WOFF = 0x77_4f_46_46
const WOFF2 = 0x77_4f_46_32

/** Why bytes are no font that can be used. */
export class UnreadableFont extends Error {}

/**
 * Reads a TrueType, OpenType or WOFF font and gives it a name of its own. A text engine looks for fonts by name: under
 * the designer's name, it would take a version that is installed on the machine.
 * @param owner Where its file lies: within a process, a name stands for one file for good.
 * @throws {UnreadableFont} where the bytes are something else.
 * @see https://learn.microsoft.com/typography/opentype/spec/otff
 */
export function readFont(bytes: Buffer, owner: string): Font {
  try {
    const tables = tablesOf(bytes)
    const find = (tag: string): Buffer => {
      const found = tables.find((table) => table.tag === tag)
      if (!found) throw new UnreadableFont(`It has no table "${tag}".`)
      return found.data
    }
    const glyphOf = readCharacters(find('cmap'))
    const family = `gemini-image-${sha256(Buffer.concat([bytes, Buffer.from(owner)])).slice(0, 20)}`
    const named = tables.filter(({ tag }) => tag !== 'name' && tag !== 'DSIG')
    const unitsPerEm = find('head').readUInt16BE(18)
    const [metrics, longMetrics] = [find('hmtx'), find('hhea').readUInt16BE(34)]
    return {
      family,
      file: writeTables([...named, { tag: 'name', data: nameTable(family) }], bytes),
      has: (codePoint) => glyphOf(codePoint) !== 0,
      advanceOf: (codePoint) => {
        const glyph = Math.min(glyphOf(codePoint), longMetrics - 1)
        return metrics.readUInt16BE(glyph * 4) / unitsPerEm
      },
    }
  } catch (error) {
    if (error instanceof UnreadableFont) throw error
    throw new UnreadableFont('It is damaged.', { cause: error })
  }
}

function tablesOf(bytes: Buffer): Table[] {
  const signature = bytes.length < 12 ? 0 : bytes.readUInt32BE(0)
  if (signature === WOFF) return woffTables(bytes)
  if (signature === WOFF2) throw new UnreadableFont('It is a WOFF2 file.')
  if (!SIGNATURES.has(signature)) throw new UnreadableFont('It is no font.')
  return Array.from({ length: bytes.readUInt16BE(4) }, (_, index) => {
    const at = 12 + index * 16
    return {
      tag: tagAt(bytes, at),
      data: slice(bytes, bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)),
    }
  })
}

/** Far above the largest table of any font, in bytes. */
const MOST_TABLE = 64_000_000

/** @see https://www.w3.org/TR/WOFF/ */
function woffTables(bytes: Buffer): Table[] {
  return Array.from({ length: bytes.readUInt16BE(12) }, (_, index) => {
    const at = 44 + index * 20
    const stored = slice(bytes, bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8))
    const isPacked = stored.length < bytes.readUInt32BE(at + 12)
    const data = isPacked ? inflateSync(stored, { maxOutputLength: MOST_TABLE }) : stored
    return { tag: tagAt(bytes, at), data }
  })
}

function tagAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4)
}

function slice(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new UnreadableFont('It ends too early.')
  return bytes.subarray(start, start + length)
}

/** The outlines' kind is in the first four bytes of the file; those of WOFF are behind its own. */
function flavourOf(bytes: Buffer): number {
  const signature = bytes.readUInt32BE(0)
  return signature === WOFF ? bytes.readUInt32BE(4) : signature
}

function writeTables(tables: readonly Table[], original: Buffer): Buffer {
  const sorted = tables.toSorted((one, other) => (one.tag < other.tag ? -1 : 1))
  const head = Buffer.alloc(12 + sorted.length * 16)
  const power = Math.floor(Math.log2(sorted.length))
  head.writeUInt32BE(flavourOf(original), 0)
  head.writeUInt16BE(sorted.length, 4)
  head.writeUInt16BE(2 ** power * 16, 6)
  head.writeUInt16BE(power, 8)
  head.writeUInt16BE((sorted.length - 2 ** power) * 16, 10)
  let offset = head.length
  const parts: Buffer[] = [head]
  for (const [index, { tag, data }] of sorted.entries()) {
    const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4)
    data.copy(padded)
    const at = 12 + index * 16
    head.write(tag, at, 'latin1')
    head.writeUInt32BE(checksum(padded), at + 4)
    head.writeUInt32BE(offset, at + 8)
    head.writeUInt32BE(data.length, at + 12)
    parts.push(padded)
    offset += padded.length
  }
  return Buffer.concat(parts)
}

function checksum(padded: Buffer): number {
  let sum = 0
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0
  return sum
}

/** Family, style, full name and PostScript name, for Windows in English. */
function nameTable(family: string): Buffer {
  const names: readonly (readonly [id: number, text: string])[] = [
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family],
  ]
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16())
  const head = Buffer.alloc(6 + names.length * 12)
  head.writeUInt16BE(names.length, 2)
  head.writeUInt16BE(head.length, 4)
  let offset = 0
  for (const [index, [id]] of names.entries()) {
    const length = texts[index]?.length ?? 0
    for (const [field, value] of [3, 1, 0x409, id, length, offset].entries()) {
      head.writeUInt16BE(value, 6 + index * 12 + field * 2)
    }
    offset += length
  }
  return Buffer.concat([head, ...texts])
}

/** Tells the glyph of a character; 0 where there is none. */
type Characters = (codePoint: number) => number

/** @see https://learn.microsoft.com/typography/opentype/spec/cmap */
function readCharacters(cmap: Buffer): Characters {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => {
    const at = 4 + index * 8
    const table = cmap.subarray(cmap.readUInt32BE(at + 4))
    return { platform: cmap.readUInt16BE(at), table, format: table.readUInt16BE(0) }
  })
  // Platform 1 is older than Unicode.
  const unicode = subtables.filter(({ platform }) => platform !== 1)
  const all = unicode.find(({ format }) => format === 12)
  if (all) return groups(all.table)
  const basic = unicode.find(({ format }) => format === 4)
  if (basic) return segments(basic.table)
  throw new UnreadableFont('It does not say which characters it has.')
}

function groups(table: Buffer): Characters {
  const all = Array.from({ length: table.readUInt32BE(12) }, (_, index) => {
    const at = 16 + index * 12
    return [table.readUInt32BE(at), table.readUInt32BE(at + 4), table.readUInt32BE(at + 8)] as const
  })
  return (codePoint) => {
    const [start = 0, , glyph] =
      all.find(([from, to]) => codePoint >= from && codePoint <= to) ?? []
    return glyph === undefined ? 0 : glyph + codePoint - start
  }
}

function segments(table: Buffer): Characters {
  const twice = table.readUInt16BE(6)
  const [ends, starts] = [14, 16 + twice]
  const [deltas, offsets] = [starts + twice, starts + 2 * twice]
  return (codePoint) => {
    for (let index = 0; index < twice; index += 2) {
      if (codePoint > table.readUInt16BE(ends + index)) continue
      const start = table.readUInt16BE(starts + index)
      if (codePoint < start) return 0
      const delta = table.readUInt16BE(deltas + index)
      const offset = table.readUInt16BE(offsets + index)
      if (offset === 0) return (codePoint + delta) & 0xff_ff
      const glyph = table.readUInt16BE(offsets + index + offset + 2 * (codePoint - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xff_ff
    }
    return 0
  }
}
