// What writes labels into files, by itself: a site's server needs no more of the engine.
export type { SourceType } from './labels/source-type.ts'
export { addXmp, removeXmp } from './labels/xmp/add-xmp.ts'
export { xmpPacket, type LabelFacts } from './labels/xmp/packet.ts'
