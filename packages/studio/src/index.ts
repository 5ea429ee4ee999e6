export { openInBrowser } from './devframe.ts'
export type { StudioHost } from './host.ts'
export type * from './protocol.ts'
export { openStudio, type Studio, type StudioOptions } from './open-studio.ts'
