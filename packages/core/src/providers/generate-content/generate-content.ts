import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { GeminiImageError } from '../../errors/error.ts'
import type { Provider, ProviderContext, ProviderJob, ProviderResult } from '../provider.ts'
import { badAnswer, readAnswer } from './answer.ts'
import { toBody } from './body.ts'
import { CallFailure, httpFailure, networkFailure } from './failure.ts'

/** How to reach the Gemini API. */
export interface GenerateContentOptions {
  /** For example `https://generativelanguage.googleapis.com`; a path prefix is kept. */
  readonly baseUrl: string
  /** `v1beta`: `imageConfig` is documented there. */
  readonly apiVersion: string
  /** The API key. Sent as a header, and nowhere else. */
  readonly key: string
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; each later wait is about twice the one before. */
  readonly retryDelay: number
}

/** No server's wish to wait is granted beyond this many milliseconds. */
const LONGEST_WAIT = 60_000

/**
 * Answers requests with `models.generateContent`: stateless, one POST a picture, and the only
 * layer that retries.
 * @see https://ai.google.dev/api/generate-content
 */
export function generateContentProvider(options: GenerateContentOptions): Provider {
  return {
    name: 'generate-content',
    generate: (job, context) => generate(job, context, options),
  }
}

function generate(
  job: ProviderJob,
  context: ProviderContext,
  options: GenerateContentOptions,
): Promise<ProviderResult> {
  return pRetry(() => call(job, options), {
    retries: options.attempts - 1,
    minTimeout: options.retryDelay,
    maxTimeout: LONGEST_WAIT,
    randomize: true,
    signal: context.signal,
    shouldRetry: ({ error }) => error instanceof CallFailure && error.advice.retry,
    onFailedAttempt: async ({ error, retryDelay }) => {
      if (!(error instanceof CallFailure) || !error.advice.retry) return
      if (error.advice.possiblyPaid) context.countPossiblyPaid()
      const wait = Math.min(error.advice.wait, LONGEST_WAIT) - retryDelay
      if (wait > 0) await sleep(wait, undefined, { signal: context.signal })
    },
  })
}

async function call(job: ProviderJob, options: GenerateContentOptions): Promise<ProviderResult> {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/${options.apiVersion}/models/${job.model.id}:generateContent`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': options.key },
      body: JSON.stringify(toBody(job)),
      signal: AbortSignal.timeout(options.timeout),
      // A redirect would carry the key to a host that nobody chose.
      redirect: 'error',
    })
    const text = await response.text()
    if (!response.ok) throw httpFailure(response.status, text, response.headers)
    return readAnswer(parseJson(text), job.model.id)
  } catch (error) {
    throw redact(error instanceof GeminiImageError ? error : networkFailure(error), options.key)
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
