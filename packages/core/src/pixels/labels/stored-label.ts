import type { ImageType } from '../image.ts'
import { formatOf } from '../inspect-image.ts'
import { findC2pa } from './c2pa.ts'
import { addXmp, removeXmp } from './xmp/add-xmp.ts'
import { xmpPacket, type LabelFacts } from './xmp/packet.ts'

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
