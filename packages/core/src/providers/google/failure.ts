import { z } from 'zod'
import { GeminiImageError, type ErrorParts } from '../../kernel/errors/error.ts'

/** Whether, when and at what risk a failed call may be made again. */
export interface RetryAdvice {
  readonly retry: boolean
  /** Milliseconds that the server asks to wait at least. */
  readonly wait: number
  /** Whether the failed call may have been paid for. */
  readonly possiblyPaid: boolean
  /** Whether all calls should slow down. */
  readonly tooMany?: boolean
}

/** A call that failed, with what is known of calling again. */
export class CallFailure extends GeminiImageError {
  readonly advice: RetryAdvice

  constructor(parts: ErrorParts, advice: RetryAdvice) {
    super(parts)
    this.advice = advice
  }
}

const FINAL: RetryAdvice = { retry: false, wait: 0, possiblyPaid: false }

/** Google's error body, read leniently. @see https://google.aip.dev/193 */
const errorSchema = z.object({
  error: z.object({
    message: z.string().catch(''),
    details: z.array(z.looseObject({})).catch([]),
  }),
})

interface GoogleError {
  readonly message: string
  readonly details: readonly Record<string, unknown>[]
}

/** The failure behind an HTTP status that is not 2xx. */
export function httpFailure(status: number, body: string, headers: Headers): CallFailure {
  const google = parseError(body)
  const said = google.message || `HTTP ${status}`
  const text = `${google.message} ${JSON.stringify(google.details)}`
  if (/API_KEY_INVALID|API key not valid/.test(text) || status === 401 || status === 403) {
    return new CallFailure(
      {
        code: 'INVALID_KEY',
        what: 'Google does not accept the API key.',
        why: `It said: ${said}`,
        fix: 'set GEMINI_API_KEY to a key from https://aistudio.google.com/apikey that may use image models.',
      },
      FINAL,
    )
  }
  if (status === 429) return tooMany(google, said, retryAfter(headers))
  if (status === 404) return notFound(said)
  if (status >= 500 || status === 408) {
    return unavailable(`Google answered with status ${status}.`, said, {
      retry: true,
      wait: retryAfter(headers),
      possiblyPaid: false,
    })
  }
  return new CallFailure(
    {
      code: 'REFUSED_REQUEST',
      what: `Google refused the request (status ${status}).`,
      why: `It said: ${said}`,
      fix: 'change what it names; if the declaration is in order, the catalogue of gemini-image may be out of date.',
    },
    FINAL,
  )
}

/** The failure behind a `fetch` that threw: no connection, a lost one, or a timeout. */
export function networkFailure(cause: unknown): CallFailure {
  const code = (cause as { cause?: { code?: string } }).cause?.code ?? ''
  const name = (cause as Error).name
  const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    code,
  )
  const what =
    name === 'TimeoutError' ? 'Google did not answer in time.' : 'The connection to Google failed.'
  const why = [code, (cause as Error).message].filter(Boolean).join(': ')
  return unavailable(what, why, { retry: true, wait: 0, possiblyPaid: !neverSent }, cause)
}

/** The failure of a call whose turn would come too late, because others were too many. */
export function noTurn(): CallFailure {
  return new CallFailure(
    {
      code: 'RATE_LIMITED',
      what: 'Google answered "too many requests" to other calls, and this one would have had to wait too long.',
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

/** The failure of a server that cannot help just now. */
export function unavailable(
  what: string,
  why: string,
  advice: RetryAdvice,
  cause?: unknown,
): CallFailure {
  return new CallFailure(
    {
      code: 'PROVIDER_UNAVAILABLE',
      what,
      why: `It said: ${why.slice(0, 300)}`,
      fix: 'run again later; what has landed is kept and is not paid for again.',
      cause,
    },
    advice,
  )
}

function notFound(said: string): CallFailure {
  return new CallFailure(
    {
      code: 'MODEL_NOT_FOUND',
      what: 'Google does not know this model.',
      why: `It said: ${said}`,
      fix: 'declare another model; an announced shutdown may have come to pass.',
    },
    FINAL,
  )
}

function tooMany(google: GoogleError, said: string, headerWait: number): CallFailure {
  const details = JSON.stringify(google.details)
  // A daily quota, or one of zero (image models on the free tier), does not come back by waiting.
  const hopeless =
    /PerDay/.test(details) || /"quotaValue":"?0"?[,}]/.test(details) || /limit: 0\b/.test(said)
  if (hopeless) {
    return new CallFailure(
      {
        code: 'QUOTA_EXHAUSTED',
        what: 'The quota of this key is used up, or is zero.',
        why: `It said: ${said}`,
        fix: 'wait for the quota to reset, or enable billing for the key: image models have no free tier.',
      },
      FINAL,
    )
  }
  return new CallFailure(
    {
      code: 'RATE_LIMITED',
      what: 'Google kept answering "too many requests".',
      why: `It said: ${said}`,
      fix: 'run again in a minute, or lower the option "concurrency"; what has landed is kept.',
    },
    {
      retry: true,
      wait: Math.max(headerWait, retryDelay(google)),
      possiblyPaid: false,
      tooMany: true,
    },
  )
}

function parseError(body: string): GoogleError {
  try {
    return errorSchema.parse(JSON.parse(body)).error
  } catch {
    return { message: '', details: [] }
  }
}

/** `Retry-After` in milliseconds: seconds or a date. */
function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after')
  if (value === null) return 0
  const seconds = Number(value)
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000
  return Number.isFinite(wait) ? Math.max(0, wait) : 0
}

/** `retryDelay` of a `google.rpc.RetryInfo`, in milliseconds. */
function retryDelay({ details }: GoogleError): number {
  const delay = details.find((detail) => 'retryDelay' in detail)?.['retryDelay']
  const seconds = typeof delay === 'string' ? Number.parseFloat(delay) : Number.NaN
  return Number.isFinite(seconds) ? seconds * 1000 : 0
}
