import { z } from 'zod'
import { parseJson } from '../../kernel/json.ts'
import type { ErrorParts } from '../../kernel/errors/error.ts'
import { CallFailure, FINAL, retryAfter, type RetryAdvice } from '../call-failure.ts'
import { optional } from '../lenient.ts'

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

/** Statuses that Google explains in JSON; a page with one of them is somebody else's. */
const EXPLAINED: ReadonlySet<number> = new Set([401, 403, 404])

/** The failure behind an HTTP status that is not 2xx. */
export function httpFailure(status: number, body: string, headers: Headers): CallFailure {
  const google = parseError(body)
  const said = google?.message || titleOf(body) || `HTTP ${status}`
  if (!google && EXPLAINED.has(status)) return foreign(status, said)
  const text = google ? `${google.message} ${JSON.stringify(google.details)}` : ''
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
  if (status === 429) return tooMany(google?.details ?? [], said, retryAfter(headers))
  if (status === 404) return notFound(said)
  // 409: another request got in the way (ABORTED).
  if (status >= 500 || status === 408 || status === 409) {
    return unavailable(`Google answered with status ${status}.`, said, {
      retry: true,
      wait: retryAfter(headers),
      possiblyPaid: false,
    })
  }
  return refused(status, said)
}

/** The failure of a server that cannot help just now, or that nothing comes from. */
export function unavailable(
  what: string,
  why: string,
  advice: RetryAdvice,
  { fix = 'run again later; what has landed is kept.', cause }: Partial<ErrorParts> = {},
): CallFailure {
  const said = `It said: ${why.slice(0, 300)}`
  return new CallFailure({ code: 'PROVIDER_UNAVAILABLE', what, why: said, fix, cause }, advice)
}

/** What a page says of itself; `undefined` for what is no page. */
export function titleOf(text: string): string | undefined {
  if (!/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text)) return undefined
  const title = /<title[^>]*>\s*([^<]{1,200})/i.exec(text)?.[1]
  const words = title ?? text.slice(0, 2000).replaceAll(/<[^>]*>/g, ' ')
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 100)
}

function refused(status: number, said: string): CallFailure {
  const isElsewhere = /location is not supported/i.test(said)
  return new CallFailure(
    {
      code: 'REFUSED_REQUEST',
      what: isElsewhere
        ? 'Google offers the Gemini API in no country that this request came from.'
        : `Google refused the request (status ${status}).`,
      why: `It said: ${said}`,
      fix: isElsewhere
        ? 'run from a server in a region of https://ai.google.dev/gemini-api/docs/available-regions, without a VPN that ends elsewhere, or enable billing for the key’s project.'
        : 'change what it names; if the declaration is in order, the catalogue of gemini-image may be out of date.',
    },
    FINAL,
  )
}

function foreign(status: number, said: string): CallFailure {
  const what = `Something other than the Gemini API answered with status ${status}.`
  const fix =
    'check GOOGLE_GEMINI_BASE_URL, and let the proxy or firewall on the way pass requests to the API.'
  return unavailable(what, said, FINAL, { fix })
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

function tooMany(details: GoogleError['details'], said: string, headerWait: number): CallFailure {
  const text = JSON.stringify(details)
  // A daily quota, or one of zero (image models on the free tier), does not come back by waiting.
  const hopeless =
    /PerDay/.test(text) || /"quotaValue":"?0"?[,}]/.test(text) || /limit: 0\b/.test(said)
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
      wait: Math.max(headerWait, retryDelay(details)),
      possiblyPaid: false,
      tooMany: true,
    },
  )
}

/** Google's error; `undefined` where the body is not JSON. */
function parseError(body: string): GoogleError | undefined {
  const json = parseJson(body)
  if (json === undefined) return undefined
  return errorSchema.safeParse(json).data?.error ?? { message: '', details: [] }
}

/** `retryDelay` of a `google.rpc.RetryInfo`, in milliseconds. */
function retryDelay(details: GoogleError['details']): number {
  const delay = details.find((detail) => 'retryDelay' in detail)?.['retryDelay']
  const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined
  return seconds === undefined ? 0 : Number(seconds) * 1000
}

/**
 * Names and codes of errors → HTTP status. Errors inside of answers and of lines count as gRPC does, or as HTTP does.
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const STATUSES: readonly (readonly [name: string, code: number, status: number])[] = [
  ['INVALID_ARGUMENT', 3, 400],
  ['DEADLINE_EXCEEDED', 4, 504],
  ['NOT_FOUND', 5, 404],
  ['PERMISSION_DENIED', 7, 403],
  ['RESOURCE_EXHAUSTED', 8, 429],
  ['FAILED_PRECONDITION', 9, 400],
  ['ABORTED', 10, 409],
  ['OUT_OF_RANGE', 11, 400],
  ['INTERNAL', 13, 500],
  ['UNAVAILABLE', 14, 503],
  ['UNAUTHENTICATED', 16, 401],
]

const holder = z.object({
  error: optional(z.union([z.string(), z.record(z.string(), z.unknown())])),
})

/** The failure that an error object tells of; one that nobody can name may have been paid for. */
export function failureOf(error: Readonly<Record<string, unknown>>): CallFailure {
  const status = statusOf(error)
  if (status !== undefined) return httpFailure(status, JSON.stringify({ error }), new Headers())
  const { message } = error
  const said = typeof message === 'string' ? message : JSON.stringify(error)
  const advice = { retry: false, wait: 0, possiblyPaid: true }
  return unavailable('Google answered with an error.', said, advice)
}

/** The failure behind an error that came with status 200; `undefined` where there is none. */
export function errorInside(json: unknown): CallFailure | undefined {
  const error = holder.safeParse(json).data?.error
  if (error === undefined) return undefined
  const failure = failureOf(typeof error === 'string' ? { message: error } : error)
  const { code, what, why, fix, advice } = failure
  const inside = `${what} The error came inside an answer with status 200.`
  return new CallFailure({ code, what: inside, why, fix }, advice)
}

function statusOf({ code, status: name }: Readonly<Record<string, unknown>>): number | undefined {
  const number = Number(code)
  if (number >= 400 && number < 600) return number
  return STATUSES.find(([known, rpc]) => rpc === number || known === name)?.[2]
}
