import { setTimeout as sleep } from 'node:timers/promises'
import { CallFailure, type RetryAdvice } from './call-failure.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface RetryOptions {
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; each later wait is about twice the one before. */
  readonly retryDelay: number
  /** Milliseconds for all attempts at one thing, the waits included. */
  readonly totalTimeout: number
}

export interface Attempt<Result> {
  /** Tries once. @param timeout Milliseconds. */
  once(timeout: number): Promise<Result>
  /** Told of each failure before anything else happens; what it throws ends the attempts. */
  onFailure?(advice: RetryAdvice): void
  /**
   * Asked for the result of what failed, before each further attempt and after the last, where the
   * server may have done it all the same: never after a 429.
   */
  recover?(): Promise<Result | undefined>
}

/** No server's wish to wait is granted beyond this many milliseconds. */
const LONGEST_WAIT = 60_000

/**
 * The one layer that repeats calls: keeps to the rate, to what the server asks for, and to the time.
 * @throws whatever the last attempt threw; the signal's reason when it is aborted.
 */
export async function withRetries<Result>(
  attempt: Attempt<Result>,
  signal: AbortSignal,
  options: RetryOptions,
  limiter: RateLimiter,
): Promise<Result> {
  const deadline = performance.now() + options.totalTimeout
  for (let number = 1; ; number += 1) {
    await limiter.turn(signal, deadline)
    const most = Math.ceil(deadline - performance.now())
    try {
      const result = await attempt.once(Math.max(1, Math.min(options.timeout, most)))
      limiter.speedUp()
      return result
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      const { retry, tooMany } = error.advice
      const asked = Math.min(error.advice.wait, LONGEST_WAIT)
      if (tooMany) limiter.slowDown(asked)
      attempt.onFailure?.(error.advice)
      const usual = backOff(number, options.retryDelay)
      const wait = Math.max(asked, usual)
      const isTooLong = performance.now() + wait > deadline
      const isLast = number >= options.attempts || isTooLong
      if (!retry || (isLast && (tooMany || !attempt.recover))) throw error
      // A server that asks for more time than there is would have the result be looked for at the very end.
      const left = Math.max(0, deadline - performance.now())
      await sleep(isTooLong ? Math.min(usual, left) : wait, undefined, { signal })
      const recovered = tooMany ? undefined : await attempt.recover?.()
      if (recovered !== undefined) return recovered
      if (isLast) throw error
    }
  }
}

/** Doubles with each attempt, with up to as much again at random, so that calls do not march in step. */
function backOff(attempt: number, first: number): number {
  return Math.min(LONGEST_WAIT, first * 2 ** (attempt - 1) * (1 + Math.random()))
}
