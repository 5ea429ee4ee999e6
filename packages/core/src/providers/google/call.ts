import { GeminiImageError } from '../../errors/error.ts'
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
  const { baseUrl, apiVersion, key, timeout } = endpoint
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/${apiVersion}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(timeout), cutOff]),
      // A redirect would carry the key to a host that nobody chose.
      redirect: 'error',
    })
    const text = await response.text()
    if (!response.ok) throw httpFailure(response.status, text, response.headers)
    return read(parseJson(text))
  } catch (error) {
    if (error instanceof GeminiImageError) throw redact(error, key)
    throw redact(cutOff.aborted ? stoppedFailure() : networkFailure(error), key)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badAnswer(`it is not JSON (it begins with ${JSON.stringify(text.slice(0, 40))})`)
  }
}

/** A server or proxy may echo the key; no message of ours passes it on. */
function redact(error: GeminiImageError, key: string): GeminiImageError {
  const hide = (text: string): string => text.replaceAll(key, '[API key]')
  return Object.assign(error, {
    message: hide(error.message),
    stack: hide(error.stack ?? ''),
    what: hide(error.what),
    why: error.why && hide(error.why),
  })
}
