import { z } from 'zod'
import { text } from '../lenient.ts'
import { readJson, send, urlOf, type CallLimits, type Endpoint, type Message } from './call.ts'
import type { Pace } from './rate-limiter.ts'
import { withRetries, type Attempt, type RetryOptions } from './retry.ts'

/** What the calls of files and batch jobs are made with. */
export interface Desk {
  readonly endpoint: Endpoint
  /** Once it is aborted no further attempt begins. */
  readonly signal: AbortSignal
  /** Once it is aborted even calls under way are cut off. */
  readonly cutOff: AbortSignal
  /** The one layer that repeats calls. */
  retrying<Result>(attempt: Attempt<Result>): Promise<Result>
}

/** Opens a desk. */
export function openDesk(
  options: Endpoint & RetryOptions,
  pace: Pace,
  { signal, cutOff }: Pick<Desk, 'signal' | 'cutOff'>,
): Desk {
  return {
    endpoint: options,
    signal,
    cutOff,
    retrying: (attempt) => withRetries(attempt, signal, options, pace),
  }
}

/** A message to a path behind the API version. */
export function message(
  { endpoint }: Desk,
  method: Message['method'],
  path: string,
  body?: object,
): Message {
  const url = urlOf(endpoint, `${endpoint.apiVersion}/${path}`)
  if (body === undefined) return { method, url }
  const headers = { 'content-type': 'application/json' }
  return { method, url, headers, body: JSON.stringify(body) }
}

/** Sends a message once and reads the JSON of its answer. @param timeout Milliseconds. */
export function sendOnce(desk: Desk, one: Message, timeout: number): Promise<unknown> {
  return send(desk.endpoint, one, limitsOf(desk, timeout), (response) =>
    readJson(response, desk.endpoint),
  )
}

/** What ends a call. @param timeout Milliseconds. */
export function limitsOf({ cutOff }: Pick<Desk, 'cutOff'>, timeout: number): CallLimits {
  return { cutOff, timeout: AbortSignal.timeout(timeout) }
}

/** Sends a message that may be repeated without harm. */
export function sendJson(
  desk: Desk,
  method: Message['method'],
  path: string,
  body?: object,
): Promise<unknown> {
  const one = message(desk, method, path, body)
  return desk.retrying({ once: (timeout) => sendOnce(desk, one, timeout) })
}

const page = z.object({ nextPageToken: text })

/** The JSON of every page of a list. */
export async function* pagesOf(path: string, desk: Desk): AsyncGenerator<unknown> {
  const seen = new Set<string>()
  let token = ''
  do {
    seen.add(token)
    const next = token && `&pageToken=${encodeURIComponent(token)}`
    const json = await sendJson(desk, 'GET', path + next)
    yield json
    // An empty token is the end, as none is.
    token = page.safeParse(json).data?.nextPageToken ?? ''
  } while (token !== '' && !seen.has(token))
}
