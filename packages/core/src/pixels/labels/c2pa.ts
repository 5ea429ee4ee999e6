import { asBuffer } from './xmp/add-xmp.ts'
import { readBoxes } from './xmp/boxes.ts'
import { readSegments } from './xmp/jpeg.ts'
import { readPngChunks } from './xmp/png.ts'
import { readWebpChunks } from './xmp/webp.ts'

const APP11 = 0xffeb
/** "Common identifier" of JPEG XT boxes in APP11. ISO/IEC 18477-3, B.1. */
const JPEG_XT = 'JP'
/** The type of a box that holds a manifest store in AVIF and HEIF files. */
const UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')

/**
 * The C2PA manifest store (Content Credentials) that a JPEG, PNG, WebP or AVIF file embeds, as JUMBF bytes,
 * or `undefined` where there is none. Its signature covers the file: no byte of it may be changed.
 * @see https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html annex A.3
 */
export function findC2pa(bytes: Uint8Array): Uint8Array | undefined {
  const file = asBuffer(bytes)
  const found = inJpeg(file) ?? inPng(file) ?? inWebp(file) ?? inAvif(file)
  return found && found.length > 0 ? Buffer.concat(found) : undefined
}

function inJpeg(file: Buffer): Buffer[] | undefined {
  const boxes = readSegments(file)
    ?.filter(({ marker, content }) => marker === APP11 && startsAs(content, JPEG_XT))
    .map(({ content }) => content)
  // Only the first of several segments names what all of them hold.
  const isC2pa = boxes?.some((box) => box.includes('c2pa')) ?? false
  return boxes?.filter(() => isC2pa)
}

function inPng(file: Buffer): Buffer[] | undefined {
  return ofType(readPngChunks(file), 'caBX')
}

function inWebp(file: Buffer): Buffer[] | undefined {
  return ofType(readWebpChunks(file), 'C2PA')
}

function inAvif(file: Buffer): Buffer[] | undefined {
  const isBoxed = file.toString('latin1', 4, 8) === 'ftyp'
  const boxes = isBoxed ? ofType(readBoxes(file), 'uuid') : undefined
  return boxes?.filter((content) => content.subarray(0, UUID.length).equals(UUID))
}

interface Part {
  readonly type: string
  readonly content: Buffer
}

function ofType(parts: readonly Part[] | undefined, wanted: string): Buffer[] | undefined {
  return parts?.filter(({ type }) => type === wanted).map(({ content }) => content)
}

function startsAs(content: Buffer, text: string): boolean {
  return content.toString('latin1', 0, text.length) === text
}
