import { type Place, formatPlace } from '../kernel/place.ts'
import { GeminiImageError, oursOrThrow, reworded } from '../kernel/errors/error.ts'
import { formatDollars, roundDollars } from '../kernel/dollars.ts'
import { describeDoubt, type Booking } from '../providers/models/booking.ts'
import type { ErrorCode } from '../kernel/errors/codes.ts'
import type { Logger } from '../kernel/logger.ts'

/** The money of one run, in US dollars. */
export interface Budget {
  readonly limit: number
  /** What was really spent, and what may have been. */
  readonly spent: number
  /**
   * Sets an amount aside, all or nothing.
   * @throws {GeminiImageError} `BUDGET_EXCEEDED` or `MONTHLY_BUDGET_EXCEEDED`.
   */
  reserve(amount: number): void
  /** Set where more was spent than was set aside, so that the rest does not fit any more: why no further call is made. */
  readonly overrun: GeminiImageError | undefined
  /** Replaces an amount that was set aside by what was really paid. */
  settle(reserved: number, paid: number): void
  /**
   * Books a call that may have been paid for without an answer.
   * @throws {GeminiImageError} as {@link reserve}, where trying again could cost too much.
   */
  countPossiblyPaid(amount: number): void
}

/** A millionth of a dollar: below what a float can blur in sums of this size. */
const DUST = 1e-6

/** What a calendar month may cost, in US dollars. */
export interface MonthlyCap {
  readonly limit: number
  /**
   * What it has cost so far, whoever paid, and what open batch jobs will cost.
   * @throws {GeminiImageError} where nobody can tell, or what this run costs could not be written down.
   */
  paid(): number
}

/**
 * @param limit What a run may spend, in US dollars.
 * @param month What the month may cost, of which the run is a part. @default no cap
 */
export function openBudget(limit: number, month?: MonthlyCap): Budget {
  let spent = 0
  let reserved = 0
  const take = (amount: number, why: string): void => {
    const left = limit - spent - reserved
    if (amount > left + DUST) throw exceeded(amount, left, limit, why)
    if (!month || amount < DUST) return
    const paid = month.paid()
    const leftOfMonth = month.limit - paid - reserved
    if (amount > leftOfMonth + DUST) throw monthExceeded(amount, { paid, reserved }, month, why)
  }
  return {
    limit,
    get spent() {
      return roundDollars(spent)
    },
    get overrun() {
      if (spent + reserved > limit + DUST) return overrunOf(spent, limit)
      const paid = month && reserved > 0 ? month.paid() : 0
      return month && paid + reserved > month.limit + DUST ? monthOverrun(paid, month) : undefined
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

/**
 * A part of a budget, for one run of several: what it sets aside and spends counts for both.
 * @param limit US dollars. One that is above what is left of the whole changes nothing.
 */
export function openPart(whole: Budget, limit: number): Budget {
  const part = openBudget(limit)
  const reserve = (amount: number): void => {
    try {
      part.reserve(amount)
    } catch (error) {
      const left = limit - part.spent
      const fix = `state a budget of ${inCents(limit + amount - left)} or more, or ask for fewer pictures.`
      throw reworded(oursOrThrow(error), { fix })
    }
  }
  const both = (amount: number, ofWhole: (amount: number) => void): void => {
    reserve(amount)
    try {
      ofWhole(amount)
    } catch (error) {
      part.settle(amount, 0)
      throw error
    }
  }
  return {
    limit: Math.min(limit, whole.limit),
    get spent() {
      return part.spent
    },
    get overrun() {
      return part.overrun ?? whole.overrun
    },
    reserve: (amount) => both(amount, whole.reserve),
    settle: (reserved, paid) => {
      part.settle(reserved, paid)
      whole.settle(reserved, paid)
    },
    countPossiblyPaid: (amount) => {
      both(amount, whole.countPossiblyPaid)
      part.settle(amount, amount)
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
 * @throws {GeminiImageError} as {@link Budget.reserve}, with what it is for.
 */
export function reserveFor(budget: Budget, amount: number, purpose: () => Purpose): void {
  try {
    budget.reserve(amount)
  } catch (error) {
    const ours = oursOrThrow(error)
    throw OVER_BUDGET.has(ours.code) ? reworded(ours, purpose()) : ours
  }
}

/** What a run that its budget, or that of the month, has no room for ends with. */
export const OVER_BUDGET: ReadonlySet<ErrorCode> = new Set([
  'BUDGET_EXCEEDED',
  'MONTHLY_BUDGET_EXCEEDED',
])

function exceeded(amount: number, left: number, limit: number, why: string): GeminiImageError {
  const rest = left < limit - DUST ? `, of which ${formatDollars(Math.max(0, left))} are left` : ''
  return new GeminiImageError({
    code: 'BUDGET_EXCEEDED',
    what: `This needs about ${formatDollars(amount)}; the budget of a run is ${formatDollars(limit)}${rest}.`,
    why,
    fix: `raise the option "budget" to ${inCents(amount + limit - left)} or more, or declare fewer or smaller pictures.`,
  })
}

/** An amount that covers another, in whole cents. */
function inCents(amount: number): string {
  return formatDollars(Math.ceil(roundDollars(amount * 100)) / 100)
}

function monthExceeded(
  amount: number,
  { paid, reserved }: { readonly paid: number; readonly reserved: number },
  { limit }: MonthlyCap,
  why: string,
): GeminiImageError {
  const taken = paid + reserved
  return new GeminiImageError({
    code: 'MONTHLY_BUDGET_EXCEEDED',
    what: `This needs about ${formatDollars(amount)}; the monthly budget is ${formatDollars(limit)}, of which ${formatDollars(Math.max(0, roundDollars(limit - taken)))} are left.`,
    why,
    fix: `raise the option "monthlyBudget" to ${inCents(amount + taken)} or more, or wait for the next month (UTC). "npx gemini-image costs --since month" shows what was paid.`,
  })
}

function overrunOf(spent: number, limit: number): GeminiImageError {
  return new GeminiImageError({
    code: 'BUDGET_EXCEEDED',
    what: `${formatDollars(spent)} were spent, more than was estimated, and the rest does not fit the budget of ${formatDollars(limit)} any more.`,
    why: 'No further call was made.',
    fix: 'look at what was paid in gemini-image.lock, raise the option "budget", and run again: what has landed is kept.',
  })
}

function monthOverrun(paid: number, { limit }: MonthlyCap): GeminiImageError {
  return new GeminiImageError({
    code: 'MONTHLY_BUDGET_EXCEEDED',
    what: `${formatDollars(paid)} were paid this month, more than was estimated, and the rest does not fit the monthly budget of ${formatDollars(limit)} any more.`,
    why: 'No further call was made.',
    fix: 'look at what was paid ("npx gemini-image costs --since month"), raise the option "monthlyBudget", and run again: what has landed is kept.',
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
