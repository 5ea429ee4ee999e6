import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { isGeminiImageError } from '../../errors/error.ts'
import { generateContent } from '../generate-content/generate-content.ts'
import { imagen } from '../imagen/imagen.ts'
import { interactions } from '../interactions/interactions.ts'
import type { Provider, ProviderContext, ProviderJob, ProviderResult } from '../provider.ts'
import { call, type Endpoint } from './call.ts'
import { CallFailure } from './failure.ts'
import { Pace } from './pace.ts'
import type { Transport } from './transport.ts'

/** How to ask Google. */
export interface GoogleOptions extends Endpoint {
  /** The API for declarations that name none. */
  readonly transport: 'generate-content' | 'interactions'
  /** Whether Google keeps what turns go on from, in place of sending it again. */
  readonly serverState: boolean
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; each later wait is about twice the one before. */
  readonly retryDelay: number
  /** Milliseconds for all attempts at one picture, the waits included. */
  readonly totalTimeout: number
}

/** No server's wish to wait is granted beyond this many milliseconds. */
const LONGEST_WAIT = 60_000

/**
 * Answers requests with Google's APIs: one POST a picture, one pace for all of them, and the only
 * layer that retries.
 */
export function googleProvider(options: GoogleOptions): Provider {
  const pace = new Pace()
  const transports: Readonly<Record<GoogleOptions['transport'], Transport>> = {
    'generate-content': generateContent,
    interactions: interactions({ serverState: options.serverState }),
  }
  const transportOf = ({ model, transport }: ProviderJob): Transport =>
    model.family === 'imagen' ? imagen : transports[transport ?? options.transport]
  return {
    name: options.transport,
    generate: (job, context) => generate(job, transportOf(job), context, options, pace),
  }
}

async function generate(
  job: ProviderJob,
  transport: Transport,
  context: ProviderContext,
  options: GoogleOptions,
  pace: Pace,
): Promise<ProviderResult> {
  try {
    return await retrying(job, transport, context, options, pace)
  } catch (error) {
    const isUnknown = isGeminiImageError(error) && error.code === 'MODEL_NOT_FOUND'
    const other = isUnknown ? transport.withoutServerState?.(job) : undefined
    if (!other) throw error
    return retrying(other, transport, context, options, pace)
  }
}

async function retrying(
  job: ProviderJob,
  transport: Transport,
  { signal, cutOff, countPossiblyPaid }: ProviderContext,
  options: GoogleOptions,
  pace: Pace,
): Promise<ProviderResult> {
  const body = await transport.body(job)
  const deadline = performance.now() + options.totalTimeout
  const left = (): number => Math.max(1, deadline - performance.now())
  const attempt = async (): Promise<ProviderResult> => {
    await pace.turn(signal)
    const endpoint = { ...options, timeout: Math.min(options.timeout, left()) }
    return call(endpoint, transport.path(job), body, cutOff, (json) => transport.read(json, job))
  }
  const result = await pRetry(attempt, {
    retries: options.attempts - 1,
    minTimeout: options.retryDelay,
    maxTimeout: LONGEST_WAIT,
    maxRetryTime: options.totalTimeout,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof CallFailure && error.advice.retry,
    onFailedAttempt: async ({ error, retryDelay }) => {
      if (!(error instanceof CallFailure)) return
      const { retry, possiblyPaid, tooMany } = error.advice
      const wait = Math.min(error.advice.wait, LONGEST_WAIT)
      if (tooMany) pace.slowDown(wait)
      if (possiblyPaid) countPossiblyPaid()
      const rest = Math.min(wait - retryDelay, left())
      if (retry && rest > 0) await sleep(rest, undefined, { signal })
    },
  })
  pace.speedUp()
  return result
}
