import { GeminiImageError, type ErrorParts } from '../kernel/errors/error.ts'

/** Whether, when and at what risk a failed call may be made again. */
export interface RetryAdvice {
  readonly retry: boolean
  /** Milliseconds that the server asks to wait at least. */
  readonly wait: number
  /** Whether the failed call may have been paid for. */
  readonly possiblyPaid: boolean
  /** Whether all calls should slow down. */
  readonly tooMany?: boolean
  /** How the answer broke amid its body, where it did: the same words for the same way. */
  readonly broken?: string
}

/** A call that failed, with what is known of calling again. */
export class CallFailure extends GeminiImageError {
  readonly advice: RetryAdvice

  constructor(parts: ErrorParts, advice: RetryAdvice) {
    super(parts)
    this.advice = advice
  }
}

/** Neither to be made again nor paid for. */
export const FINAL: RetryAdvice = { retry: false, wait: 0, possiblyPaid: false }

/** Worth another attempt; nobody knows whether this one was paid for. */
export const UNKNOWN_END: RetryAdvice = { retry: true, wait: 0, possiblyPaid: true }

/** The failure of a call whose turn would come too late, because others were too many. */
export function noTurn(company: string): CallFailure {
  return new CallFailure(
    {
      code: 'RATE_LIMITED',
      what: `${company} answered "too many requests" to other calls, and this one would have had to wait too long.`,
      fix: 'run again in a minute, lower the option "concurrency", or raise "totalTimeout"; what has landed is kept.',
    },
    FINAL,
  )
}

/** The failure behind a call that was cut off on purpose. */
export function stoppedFailure(): CallFailure {
  return new CallFailure(
    {
      code: 'STOPPED',
      what: 'The call was cut off.',
      why: 'It may have been paid for, without a picture.',
      fix: 'run again to get what is missing; what has landed is kept.',
    },
    { retry: false, wait: 0, possiblyPaid: true },
  )
}

/** `Retry-After` in milliseconds: seconds or a date. */
export function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after')
  if (value === null) return 0
  const seconds = Number(value)
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000
  return Number.isFinite(wait) ? Math.max(0, wait) : 0
}
