// What writes labels into files, by itself: a site's server needs no more of core.
export { type SourceType, xmpPacket, type LabelFacts } from './pixels/labels/xmp/packet.ts'
export { addXmp, removeXmp } from './pixels/labels/xmp/add-xmp.ts'
