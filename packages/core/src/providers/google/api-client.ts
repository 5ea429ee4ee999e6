import { z } from 'zod'
import { text } from '../lenient.ts'
import { readJson, send, urlOf, type CallLimits, type Endpoint, type Message } from './call.ts'
import type { RateLimiter } from '../rate-limiter.ts'
import { withRetries, type Attempt, type RetryOptions } from '../retry.ts'

/** What the calls of files and batch jobs are made with. */
export interface ApiClient {
  readonly endpoint: Endpoint
  /** Once it is aborted no further attempt begins. */
  readonly signal: AbortSignal
  /** Once it is aborted even calls under way are cut off. */
  readonly cutOff: AbortSignal
  /** The one layer that repeats calls. */
  retrying<Result>(attempt: Attempt<Result>): Promise<Result>
}

export function openApiClient(
  options: Endpoint & RetryOptions,
  limiter: RateLimiter,
  { signal, cutOff }: Pick<ApiClient, 'signal' | 'cutOff'>,
): ApiClient {
  return {
    endpoint: options,
    signal,
    cutOff,
    retrying: (attempt) => withRetries(attempt, signal, options, limiter),
  }
}

/** A message to a path behind the API version. */
export function message(
  { endpoint }: ApiClient,
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
export function sendOnce(client: ApiClient, one: Message, timeout: number): Promise<unknown> {
  return send(client.endpoint, one, limitsOf(client, timeout), (response) =>
    readJson(response, client.endpoint),
  )
}

/** What ends a call. @param timeout Milliseconds. */
export function limitsOf({ cutOff }: Pick<ApiClient, 'cutOff'>, timeout: number): CallLimits {
  return { cutOff, timeout: AbortSignal.timeout(timeout) }
}

/** Sends a message that may be repeated without harm. */
export function sendJson(
  client: ApiClient,
  method: Message['method'],
  path: string,
  body?: object,
): Promise<unknown> {
  const one = message(client, method, path, body)
  return client.retrying({ once: (timeout) => sendOnce(client, one, timeout) })
}

const page = z.object({ nextPageToken: text })

/** The JSON of every page of a list. */
export async function* pagesOf(path: string, client: ApiClient): AsyncGenerator<unknown> {
  const seen = new Set<string>()
  let token = ''
  do {
    seen.add(token)
    const next = token && `&pageToken=${encodeURIComponent(token)}`
    const json = await sendJson(client, 'GET', path + next)
    yield json
    // An empty token is the end, as none is.
    token = page.safeParse(json).data?.nextPageToken ?? ''
  } while (token !== '' && !seen.has(token))
}
