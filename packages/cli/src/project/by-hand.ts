import type { Place } from '@gemini-image/core'
import { findInline, type Declared, type ResolvedOptions } from '@gemini-image/core/internal'

/** What a person is to change in source code or content, which no command writes into. */
export interface ByHand {
  /** Where the setting stands, or the declaration that lacks it. */
  readonly place: Place
  readonly isWritten: boolean
  readonly fix: string
}

/** How a setting gets a value in an inline declaration. */
export function byHand(
  { id, place }: Declared,
  setting: string,
  value: string | number,
  { root }: ResolvedOptions,
): ByHand {
  const written = findInline(id, root)?.settings.get(setting)
  const pair = `${setting}: ${JSON.stringify(value)}`
  return written
    ? { place: written.valuePlace(), isWritten: true, fix: `write ${pair} there by hand.` }
    : { place, isWritten: false, fix: `add ${pair} there by hand.` }
}
