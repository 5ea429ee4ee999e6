import { z } from 'zod'
import { optional } from '../lenient.ts'
import { CallFailure, httpFailure, unavailable } from './failure.ts'

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
