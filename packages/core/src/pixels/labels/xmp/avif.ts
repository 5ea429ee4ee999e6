import { BOX_HEAD, bigEndian, readBoxes, writeBox, type Box } from './boxes.ts'

/** Version and flags, which begin a "full" box. ISO/IEC 14496-12, 4.2. */
const FULL = 4
/** Sizes of offset, length and base offset in `iloc`, 4 bits each; the last 4 are reserved. */
const SIZES = 0x4440
/** An item of {@link SIZES} with one extent: id, data reference, base, extents, offset, length. */
const LOCATION = 2 + 2 + 4 + 2 + 4 + 4
/** Version 2; flag 1 says that the item is no part of the presentation. ISO/IEC 14496-12, 8.11.6. */
const HIDDEN_ENTRY = 0x02_00_00_01

/**
 * An AVIF file with an XMP packet as an item that describes the primary one.
 *
 * It takes the one layout that libheif, and so sharp, writes: `ftyp`, `meta` and `mdat`; items of 16-bit
 * ids with one extent each, counted from the start of the file. The packet goes to the end of the
 * file, and all that is there moves by what `meta` grows. `undefined` for every other layout, and
 * where there is an item of metadata already.
 * @see https://aomediacodec.github.io/av1-avif/ which builds upon ISO/IEC 23008-12 (HEIF, annex A.3:
 *   a `mime` item of type `application/rdf+xml`, and a reference `cdsc` to what it describes)
 */
export function addXmpToAvif(file: Buffer, packet: Buffer): Buffer | undefined {
  const [ftyp, meta, mdat, ...rest] = readBoxes(file) ?? []
  if (ftyp?.type !== 'ftyp' || meta?.type !== 'meta' || mdat?.type !== 'mdat') return undefined
  const boxes = readBoxes(meta.content.subarray(FULL))
  if (rest.length > 0 || !boxes) return undefined
  const parts = readItems(boxes)
  if (!parts || parts.locations.some(({ end }) => end > file.length)) return undefined
  const id = Math.max(...parts.locations.map((location) => location.id)) + 1
  if (id > 0xffff) return undefined
  const rewrite = (shift: number, at: number): Buffer => {
    const contents = boxes.map((box) =>
      rewritten(box, parts, { id, shift, at, size: packet.length }),
    )
    const added = boxes.some(({ type }) => type === 'iref')
      ? []
      : [writeBox('iref', Buffer.alloc(FULL), described(id, parts.primary))]
    return writeBox('meta', meta.content.subarray(0, FULL), ...contents, ...added)
  }
  // How far things move does not depend on by how much: every field keeps its width.
  const shift = rewrite(0, 0).length - meta.content.length - BOX_HEAD
  const moved = rewrite(shift, file.length + shift + BOX_HEAD)
  return Buffer.concat([
    writeBox('ftyp', ftyp.content),
    moved,
    writeBox('mdat', mdat.content),
    writeBox('mdat', packet),
  ])
}

interface Location {
  readonly id: number
  /** Where its bytes end, from the start of the file. */
  readonly end: number
}

interface Items {
  /** The id of the primary item. */
  readonly primary: number
  readonly locations: readonly Location[]
}

function readItems(boxes: readonly Box[]): Items | undefined {
  const [pitm, iloc, iinf] = ['pitm', 'iloc', 'iinf'].map((type) => only(boxes, type))
  const irefs = boxes.filter(({ type }) => type === 'iref')
  if (!pitm || !iloc || !iinf || irefs.length > 1) return undefined
  if ([pitm, iloc, iinf, ...irefs].some((box) => !isFirstVersion(box))) return undefined
  const entries =
    iinf.content.length < FULL + 2 ? undefined : readBoxes(iinf.content.subarray(FULL + 2))
  if (!entries || iinf.content.readUInt16BE(FULL) !== entries.length) return undefined
  const hasMetadata = entries.some(({ content }) => content.includes('mime'))
  const locations = readLocations(iloc.content)
  if (hasMetadata || locations?.length !== entries.length) return undefined
  if (pitm.content.length !== FULL + 2) return undefined
  return { primary: pitm.content.readUInt16BE(FULL), locations }
}

function only(boxes: readonly Box[], type: string): Box | undefined {
  const found = boxes.filter((box) => box.type === type)
  return found.length === 1 ? found[0] : undefined
}

function isFirstVersion({ content }: Box): boolean {
  return content.length >= FULL && content.readUInt32BE(0) === 0
}

/** ISO/IEC 14496-12, 8.11.3. */
function readLocations(iloc: Buffer): Location[] | undefined {
  const count = iloc.length < FULL + 4 ? 0 : iloc.readUInt16BE(FULL + 2)
  if (count === 0 || iloc.readUInt16BE(FULL) !== SIZES) return undefined
  if (iloc.length !== FULL + 4 + count * LOCATION) return undefined
  const locations: Location[] = []
  for (let at = FULL + 4; at < iloc.length; at += LOCATION) {
    const [dataReference, extents] = [iloc.readUInt16BE(at + 2), iloc.readUInt16BE(at + 8)]
    if (dataReference !== 0 || extents !== 1) return undefined
    const end = [4, 10, 14].reduce((sum, field) => sum + iloc.readUInt32BE(at + field), 0)
    locations.push({ id: iloc.readUInt16BE(at), end })
  }
  return locations
}

interface Addition {
  readonly id: number
  /** By how many bytes all that is there moves. */
  readonly shift: number
  /** Where the packet begins, from the start of the file. */
  readonly at: number
  /** The packet's size, in bytes. */
  readonly size: number
}

function rewritten({ type, content }: Box, { primary }: Items, addition: Addition): Buffer {
  if (type === 'iloc') return writeBox(type, relocated(content, addition))
  if (type === 'iinf') {
    const count = bigEndian(content.readUInt16BE(FULL) + 1, 2)
    return writeBox(
      type,
      content.subarray(0, FULL),
      count,
      content.subarray(FULL + 2),
      entry(addition.id),
    )
  }
  if (type === 'iref') return writeBox(type, content, described(addition.id, primary))
  return writeBox(type, content)
}

function relocated(iloc: Buffer, { id, shift, at, size }: Addition): Buffer {
  const head = Buffer.from(iloc.subarray(0, FULL + 4))
  head.writeUInt16BE(head.readUInt16BE(FULL + 2) + 1, FULL + 2)
  const items = Buffer.from(iloc.subarray(FULL + 4))
  for (let item = 0; item < items.length; item += LOCATION) {
    items.writeUInt32BE(items.readUInt32BE(item + 10) + shift, item + 10)
  }
  const added = [
    bigEndian(id, 2),
    bigEndian(0, 2),
    bigEndian(0, 4),
    bigEndian(1, 2),
    bigEndian(at, 4),
    bigEndian(size, 4),
  ]
  return Buffer.concat([head, items, ...added])
}

/** `infe`: a `mime` item without a name and without content encoding. ISO/IEC 14496-12, 8.11.6. */
function entry(id: number): Buffer {
  const text = Buffer.from('mime\0application/rdf+xml\0\0', 'latin1')
  return writeBox('infe', bigEndian(HIDDEN_ENTRY, 4), bigEndian(id, 2), bigEndian(0, 2), text)
}

/** The reference that says which item the packet describes. ISO/IEC 14496-12, 8.11.12. */
function described(id: number, primary: number): Buffer {
  return writeBox('cdsc', bigEndian(id, 2), bigEndian(1, 2), bigEndian(primary, 2))
}
