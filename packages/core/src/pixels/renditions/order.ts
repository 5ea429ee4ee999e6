import type { EncodedFormat, RenditionSettings } from './settings.ts'

/** Files to be made. */
export interface Order {
  readonly settings: RenditionSettings
  /** By preference; never empty. */
  readonly formats: readonly EncodedFormat[]
  /** The part of the width that is left free on each side. @default 0 */
  readonly inset?: number | undefined
  /** Whether the largest size is all that is wanted. @default false */
  readonly isOneSize?: boolean | undefined
}
