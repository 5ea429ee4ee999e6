import { loadSharp, type ImageType, formatOf } from '../image.ts'
import { findC2pa } from './c2pa.ts'
import { addXmp, removeXmp } from './xmp/add-xmp.ts'
import { SOURCE_TYPES, xmpPacket, type LabelFacts, type SourceType } from './xmp/packet.ts'

/** What a file says of how its picture came about. */
export interface FileLabel {
  /** The term of IPTC's vocabulary: `trainedAlgorithmicMedia`. */
  readonly sourceType: string
  /** Where it stands: in XMP, or in signed Content Credentials, whose signature is not checked here. */
  readonly by: 'xmp' | 'c2pa'
}

/** Terms for what a model has generated or had a part in. */
const GENERATED = new Set<string>([
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'compositeSynthetic',
] satisfies SourceType[])

/** Whether a term says that a model has generated a picture, or had a part in it. */
export function isGeneratedType(type: string): boolean {
  return GENERATED.has(type)
}

const TERM = /digitalsourcetype\/([A-Za-z]+)/g

/** Terms that IPTC has retired → what is to be used instead. */
const RETIRED: Readonly<Record<string, string>> = {
  digitalArt: 'digitalCreation',
  softwareImage: 'digitalCreation',
  minorHumanEdits: 'humanEdits',
}

/**
 * How a picture came about, as its file says: by its AI label, or in XMP; `undefined` where it says nothing, or several
 * things.
 */
export async function readSourceType(bytes: Uint8Array): Promise<SourceType | undefined> {
  const label = await readFileLabel(bytes)
  const written = [...(await xmpOf(bytes)).matchAll(TERM)].map(([, term = '']) => term)
  const terms = new Set(label ? [label.sourceType] : written.map((term) => RETIRED[term] ?? term))
  const [term] = terms
  return terms.size === 1 ? SOURCE_TYPES.find((type) => type === term) : undefined
}

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
  return [...text.matchAll(TERM)].map(([, term = '']) => term).find(isGeneratedType)
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
