// What writes labels into files, by itself: a site's server needs no more of core.
export type { SourceType } from './pixels/labels/source-type.ts'
export { addXmp, removeXmp } from './pixels/labels/xmp/add-xmp.ts'
export { xmpPacket, type LabelFacts } from './pixels/labels/xmp/packet.ts'
