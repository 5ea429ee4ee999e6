import { loadSharp, type ImageType, formatOf } from '../image.ts'
import { findC2pa } from './c2pa.ts'
import { addXmp, removeXmp } from './xmp/add-xmp.ts'
import { xmpPacket, type LabelFacts } from './xmp/packet.ts'

/** What a file says of how its picture came about. */
export interface FileLabel {
  /** The term of IPTC's vocabulary: `trainedAlgorithmicMedia`. */
  readonly sourceType: string
  /** Where it stands: in XMP, or in signed Content Credentials, whose signature is not checked here. */
  readonly by: 'xmp' | 'c2pa'
}

/** Terms for what a model has generated or had a part in. */
const GENERATED = new Set([
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'compositeSynthetic',
])

const TERM = /digitalsourcetype\/([A-Za-z]+)/g

/**
 * The AI label of a picture file; `undefined` where it has none, or is no picture that sharp can read.
 * @see https://cv.iptc.org/newscodes/digitalsourcetype/
 */
export async function readFileLabel(bytes: Uint8Array): Promise<FileLabel | undefined> {
  const inXmp = generatedTerm(await xmpOf(bytes))
  if (inXmp) return { sourceType: inXmp, by: 'xmp' }
  const manifest = findC2pa(bytes)
  const inC2pa = manifest && generatedTerm(Buffer.from(manifest).toString('latin1'))
  return inC2pa ? { sourceType: inC2pa, by: 'c2pa' } : undefined
}

function generatedTerm(text: string): string | undefined {
  return [...text.matchAll(TERM)].map(([, term = '']) => term).find((term) => GENERATED.has(term))
}

async function xmpOf(bytes: Uint8Array): Promise<string> {
  const sharp = await loadSharp()
  try {
    const { xmp } = await sharp(bytes).metadata()
    return xmp?.toString('utf8') ?? ''
  } catch {
    return ''
  }
}

/**
 * A picture as it is stored: what came, with our label spliced in. A file with Content Credentials (C2PA),
 * whose signature a changed byte would break, and one with XMP of its own stay as they came.
 */
export function withLabel(bytes: Uint8Array, type: ImageType, facts: LabelFacts): Uint8Array {
  if (findC2pa(bytes)) return bytes
  return addXmp(bytes, formatOf(type), xmpPacket(facts)) ?? bytes
}

/** A stored picture as it came: an API goes on from its own bytes. */
export function withoutLabel(bytes: Uint8Array, type: ImageType): Uint8Array {
  return removeXmp(bytes, formatOf(type))
}
