export type { StudioHost } from './host.ts'
export type * from './protocol.ts'
export { openInBrowser } from './devframe.ts'
export { Studio, type StudioOptions } from './studio.ts'
