import { formatPlace, type Place } from '../kernel/place.ts'
import { describeDoubt, type Booking } from '../providers/models/booking.ts'
import { formatDollars } from '../kernel/dollars.ts'
import type { Logger } from '../kernel/logger.ts'

/** Warns where a booking is the most that was estimated, because an answer does not say what it cost. */
export function warnOfDoubt(booking: Booking, place: Place, logger: Logger): void {
  if (booking.doubt !== undefined) logger.warn(`${formatPlace(place)}: ${describeDoubt(booking)}`)
}

/** Attempts that may have been paid for without an answer: cut off, lost, or not answered in time. */
export interface Unconfirmed {
  readonly attempts: number
  /** The most that they can have cost, in US dollars. */
  readonly cost: number
}

/** What is said of them; empty where there are none. */
export function describeUnconfirmed({ attempts, cost }: Unconfirmed): string {
  if (attempts === 0) return ''
  const which =
    attempts === 1 ? 'One attempt got no whole answer' : `${attempts} attempts got no whole answer`
  return `${which} and may have been paid for: ${formatDollars(cost)}, the most that was estimated, is booked.`
}

/** `1 call`, `2 calls`. */
export function countCalls(count: number): string {
  return `${count} ${count === 1 ? 'call' : 'calls'}`
}
