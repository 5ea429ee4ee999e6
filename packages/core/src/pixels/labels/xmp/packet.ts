/**
 * How pictures come about: the terms of IPTC's vocabulary of digital source types that are in use. A model alone generated
 * the first; of the second, a model changed or added to something that was there before. The others are for adopted
 * pictures.
 * @see https://cv.iptc.org/newscodes/digitalsourcetype/
 */
export const SOURCE_TYPES = [
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'digitalCreation',
  'digitalCapture',
  'computationalCapture',
  'humanEdits',
  'composite',
  'compositeCapture',
  'compositeSynthetic',
  'algorithmicallyEnhanced',
  'algorithmicMedia',
  'dataDrivenMedia',
  'screenCapture',
  'virtualRecording',
  'negativeFilm',
  'positiveFilm',
  'print',
] as const

/** One of {@link SOURCE_TYPES}. */
export type SourceType = (typeof SOURCE_TYPES)[number]

/** The vocabulary's address of a source type, which is what metadata holds. */
function sourceTypeUri(type: SourceType): string {
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`
}

/** What a picture says of how it came about. */
export interface LabelFacts {
  readonly sourceType: SourceType
  /** The model that drew it: its id, as its provider names it. @default absent: none did, or nobody knows which */
  readonly model?: string | undefined
  /** When it was generated: an ISO 8601 date and time, UTC. @default absent: nobody knows */
  readonly created?: string | undefined
  /** What was asked for. @default absent from the packet */
  readonly prompt?: string | undefined
}

/** Who has written a packet. XMP specification, part 1, 7.3.3. */
const TOOLKIT = 'x:xmptk="gemini-image"'

/**
 * The most bytes of a packet. A JPEG segment holds no more than 65,533 bytes beside its length, of which
 * 29 say what it is. A prompt that does not fit is left out.
 * @see https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 3, 1.1.3
 */
const MOST_BYTES = 65_533 - 29

/**
 * An XMP packet that says how a picture came about, and nothing else. The properties are those of the
 * IPTC Photo Metadata Standard 2025.1: Digital Source Type, AI System Used ("the AI engine and/or the
 * model name"), Date Created and AI Prompt Information, each of them single; all but the URI and the
 * date are plain text.
 *
 * A character that XML 1.0 cannot hold becomes U+FFFD.
 * @see https://iptc.org/std/photometadata/specification/IPTC-PhotoMetadata
 * @see https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 1, 7.3: the packet's wrapper.
 */
export function xmpPacket(facts: LabelFacts): Uint8Array {
  const packet = write(facts)
  const isTooLong = facts.prompt !== undefined && packet.length > MOST_BYTES
  return isTooLong ? write({ ...facts, prompt: undefined }) : packet
}

/** Whether a packet is one of {@link xmpPacket}, so that it may be taken out again. */
export function isOurPacket(packet: Buffer): boolean {
  return packet.includes(TOOLKIT)
}

function write({ sourceType, model, created, prompt }: LabelFacts): Buffer {
  return Buffer.from(
    [
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
      `<x:xmpmeta xmlns:x="adobe:ns:meta/" ${TOOLKIT}>`,
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
      ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">',
      element('Iptc4xmpExt:DigitalSourceType', sourceTypeUri(sourceType)),
      element('Iptc4xmpExt:AISystemUsed', model),
      element('photoshop:DateCreated', created),
      element('Iptc4xmpExt:AIPromptInformation', prompt),
      '</rdf:Description></rdf:RDF></x:xmpmeta>',
      '<?xpacket end="w"?>',
    ].join(''),
  )
}

function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`
}

/** What XML 1.0 (2.2, "Char") has no place for: most control characters, and two that are none. */
// oxlint-disable-next-line no-control-regex
const NO_CHARACTERS = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g

/** Markup, and what parsers read as a line feed: of XML 1.0 the first, of XML 1.1 all three (2.11). */
const SPECIAL = /[&<>\r\u0085\u2028]/g

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(NO_CHARACTERS, '\uFFFD')
    .replace(SPECIAL, (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`)
}
