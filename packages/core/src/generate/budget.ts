import { type Place, formatPlace } from '../kernel/place.ts'
import { GeminiImageError, oursOrThrow, reworded } from '../kernel/errors/error.ts'
import { formatDollars, roundDollars } from '../kernel/dollars.ts'
import { describeDoubt, type Booking } from '../providers/models/booking.ts'
import type { Logger } from '../kernel/logger.ts'

/** The money of one run, in US dollars. */
export interface Budget {
  readonly limit: number
  /** What was really spent, and what may have been. */
  readonly spent: number
  /** Sets an amount aside, all or nothing. @throws {GeminiImageError} `BUDGET_EXCEEDED`. */
  reserve(amount: number): void
  /** Whether more was spent than was set aside, so that the rest does not fit any more. */
  readonly isOverrun: boolean
  /** Replaces an amount that was set aside by what was really paid. */
  settle(reserved: number, paid: number): void
  /**
   * Books a call that may have been paid for without an answer.
   * @throws {GeminiImageError} `BUDGET_EXCEEDED` where trying again could cost too much.
   */
  countPossiblyPaid(amount: number): void
}

/** A millionth of a dollar: below what a float can blur in sums of this size. */
const DUST = 1e-6

export function openBudget(limit: number): Budget {
  let spent = 0
  let reserved = 0
  const take = (amount: number, why: string): void => {
    const left = limit - spent - reserved
    if (amount > left + DUST) throw exceeded(amount, left, limit, why)
  }
  return {
    limit,
    get spent() {
      return roundDollars(spent)
    },
    get isOverrun() {
      return spent + reserved > limit + DUST
    },
    reserve: (amount) => {
      take(amount, 'No call was made for it.')
      reserved += amount
    },
    settle: (amount, paid) => {
      reserved -= amount
      spent += paid
    },
    countPossiblyPaid: (amount) => {
      take(amount, 'No further attempt was made.')
      spent += amount
    },
  }
}

/** What an amount is for, for whoever has too little. */
export interface Purpose {
  readonly why: string
  readonly place: Place | undefined
}

/**
 * Sets an amount aside.
 * @param purpose What it is for; asked for only where the amount does not fit.
 * @throws {GeminiImageError} `BUDGET_EXCEEDED`, with what it is for.
 */
export function reserveFor(budget: Budget, amount: number, purpose: () => Purpose): void {
  try {
    budget.reserve(amount)
  } catch (error) {
    throw reworded(oursOrThrow(error), purpose())
  }
}

function exceeded(amount: number, left: number, limit: number, why: string): GeminiImageError {
  const rest = left < limit - DUST ? `, of which ${formatDollars(Math.max(0, left))} are left` : ''
  return new GeminiImageError({
    code: 'BUDGET_EXCEEDED',
    what: `This needs about ${formatDollars(amount)}; the budget of a run is ${formatDollars(limit)}${rest}.`,
    why,
    fix: `raise the option "budget" to ${formatDollars(Math.ceil(roundDollars((amount + limit - left) * 100)) / 100)} or more, or declare fewer or smaller pictures.`,
  })
}

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
