import { GeminiImageError } from '../../kernel/errors/error.ts'
import { badAnswer } from '../refusal.ts'
import { httpFailure, networkFailure, stoppedFailure } from './failure.ts'

/** How to reach the Gemini API. */
export interface Endpoint {
  /** For example `https://generativelanguage.googleapis.com`; a path prefix is kept. */
  readonly baseUrl: string
  /** `v1beta`: `imageConfig` is documented there. */
  readonly apiVersion: string
  /** The API key. Sent as a header, and nowhere else. */
  readonly key: string
  /** Milliseconds for one attempt. */
  readonly timeout: number
}

/** One request, as it goes over the wire. */
export interface Message {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Absolute; always below the endpoint's own origin, because the key goes there. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** What ends a call: time, or a wish. */
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
 * @throws {GeminiImageError} `BAD_ANSWER` where the answer is not JSON.
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
  const readAnswer = async (response: Response): Promise<Result> =>
    read(await readJson(response, endpoint))
  return send(endpoint, message, limits, readAnswer)
}

/**
 * Sends one message and reads its answer.
 * @param read Reads the answer to a status of 2xx.
 * @throws {CallFailure} with advice on sending again; whatever `read` throws.
 */
export async function send<Result>(
  endpoint: Endpoint,
  { method, url, headers, body }: Message,
  { cutOff, timeout }: CallLimits,
  read: (response: Response) => Promise<Result>,
): Promise<Result> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'x-goog-api-key': endpoint.key },
      ...(body !== undefined && { body }),
      signal: AbortSignal.any([timeout, cutOff]),
      // A redirect would carry the key to a host that nobody chose.
      redirect: 'error',
    })
    if (!response.ok) throw httpFailure(response.status, await response.text(), response.headers)
    return await read(response)
  } catch (error) {
    if (error instanceof GeminiImageError) throw redact(error, endpoint)
    throw redact(cutOff.aborted ? stoppedFailure() : networkFailure(error), endpoint)
  }
}

/** The JSON of an answer. @throws {GeminiImageError} `BAD_ANSWER` where it is none. */
export async function readJson(response: Response, endpoint: Endpoint): Promise<unknown> {
  return parseJson(withoutKey(await response.text(), endpoint))
}

/** A server or proxy may echo the key. Answers are pinned and shipped, and messages are shown: they never hold it. */
export function withoutKey(text: string, { key }: Pick<Endpoint, 'key'>): string {
  return text.replaceAll(key, '[API key]')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badAnswer(`it is not JSON (it begins with ${JSON.stringify(text.slice(0, 40))})`)
  }
}

function redact(error: GeminiImageError, endpoint: Endpoint): GeminiImageError {
  const hide = (text: string): string => withoutKey(text, endpoint)
  return Object.assign(error, {
    message: hide(error.message),
    stack: hide(error.stack ?? ''),
    what: hide(error.what),
    why: error.why && hide(error.why),
  })
}
