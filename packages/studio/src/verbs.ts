/**
 * What the page does and shows, for whoever does it without a page.
 * @module
 */
export { actionsOf, type Actions } from './actions.ts'
export { toDetails } from './details.ts'
export { editsOf, priceOf, type Edits } from './edits.ts'
export type { StudioHost } from './host.ts'
export { Images } from './images.ts'
export { toItems, type Shown } from './items.ts'
export type * from './protocol.ts'
