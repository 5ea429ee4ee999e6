import { GeminiImageError } from '../../kernel/errors/error.ts'
import { bodyFailure, networkFailure, redirected, wrongAddress } from './connection.ts'
import { stoppedFailure, type CallFailure } from '../call-failure.ts'
import { httpFailure } from './failure.ts'
import { hideKey, parseReply, readReply } from './reply.ts'

/** How to reach the Gemini API. */
export interface Endpoint {
  /** For example `https://generativelanguage.googleapis.com`; a path prefix is kept. */
  readonly baseUrl: string
  /** `v1beta`: `imageConfig` is documented there. */
  readonly apiVersion: string
  /** The API key, or a token. Sent as a header, and nowhere else. */
  readonly key: string
  /** The headers that say who asks. @default the key as `x-goog-api-key` */
  readonly identity?: Readonly<Record<string, string>> | undefined
  /** Milliseconds for one attempt. */
  readonly timeout: number
}

/** One request, as it goes over the wire. */
export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Absolute; always below the endpoint's own origin, because the key goes there. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** A status beside those of 2xx that is an answer to be read: 308 of an upload that goes on. */
  readonly accepts?: number
}

export interface CallLimits {
  /** Ends the call at once. */
  readonly cutOff: AbortSignal
  /** Aborted when the call takes too long. */
  readonly timeout: AbortSignal
}

/** An address below the endpoint. @param path What comes behind the base URL. */
export function urlOf({ baseUrl }: Endpoint, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${path}`
}

/**
 * Makes one call and reads the JSON of its answer.
 * @param cutOff Ends the call at once.
 * @throws {CallFailure} with advice on calling again.
 * @throws {PictureRefusal} `BAD_ANSWER`, with what came, where the answer cannot be read.
 */
export async function call<Result>(
  endpoint: Endpoint,
  path: string,
  body: object,
  cutOff: AbortSignal,
  read: (json: unknown) => Result,
): Promise<Result> {
  const message: Message = {
    method: 'POST',
    url: urlOf(endpoint, `${endpoint.apiVersion}/${path}`),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const limits = { cutOff, timeout: AbortSignal.timeout(endpoint.timeout) }
  const { key } = endpoint
  return send(endpoint, message, limits, async (response) => {
    const text = await response.text()
    return readReply({ parse: () => parseReply(text, key), raw: () => hideKey(text, key) }, read)
  })
}

/**
 * Sends one message and reads its answer.
 * @param read Reads the answer to a status of 2xx.
 * @throws {CallFailure} with advice on sending again; whatever `read` throws.
 */
export async function send<Result>(
  endpoint: Endpoint,
  { method, url, headers, body, accepts }: Message,
  { cutOff, timeout }: CallLimits,
  read: (response: Response) => Promise<Result>,
): Promise<Result> {
  const { key } = endpoint
  let isAnswered = false
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(endpoint.identity ?? { 'x-goog-api-key': key }) },
      ...(body !== undefined && { body }),
      signal: AbortSignal.any([timeout, cutOff]),
      // Nobody follows: that would carry the key to a host that nobody chose.
      redirect: 'manual',
    })
    if (!response.ok && response.status !== accepts) throw await failureOf(response, endpoint)
    isAnswered = true
    return await read(response)
  } catch (error) {
    if (error instanceof GeminiImageError) throw redact(error, key)
    if (cutOff.aborted) throw stoppedFailure()
    throw redact(isAnswered ? bodyFailure(error) : networkFailure(error), key)
  }
}

/** The JSON of an answer, without the API key. @throws {GeminiImageError} `BAD_ANSWER` where it is none. */
export async function readJson(response: Response, { key }: Endpoint): Promise<unknown> {
  return parseReply(await response.text(), key)
}

async function failureOf(response: Response, { baseUrl }: Endpoint): Promise<CallFailure> {
  const { status, headers } = response
  const body = await response.text()
  if (status < 400) return redirected(status, headers)
  const misaddressed = status === 404 ? wrongAddress(baseUrl) : undefined
  return misaddressed ?? httpFailure(status, body, headers)
}

/** A server or proxy may echo the key; no message of ours passes it on. */
function redact(error: GeminiImageError, key: string): GeminiImageError {
  return Object.assign(error, {
    message: hideKey(error.message, key),
    stack: hideKey(error.stack ?? '', key),
    what: hideKey(error.what, key),
    why: error.why && hideKey(error.why, key),
  })
}
