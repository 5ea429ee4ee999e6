import { setTimeout as sleep } from 'node:timers/promises'
import type { TransportName } from '../../declaration/settings.ts'
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
  readonly transport: TransportName
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
  const transports: Readonly<Record<TransportName, Transport>> = {
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
  for (let attempt = 1; ; attempt += 1) {
    await pace.turn(signal, deadline)
    const left = Math.ceil(deadline - performance.now())
    const timeout = Math.max(1, Math.min(options.timeout, left))
    try {
      const read = (json: unknown): ProviderResult => transport.read(json, job)
      const result = await call({ ...options, timeout }, transport.path(job), body, cutOff, read)
      pace.speedUp()
      return result
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      const { retry, possiblyPaid, tooMany } = error.advice
      const asked = Math.min(error.advice.wait, LONGEST_WAIT)
      if (tooMany) pace.slowDown(asked)
      if (possiblyPaid) countPossiblyPaid()
      const wait = Math.max(asked, backOff(attempt, options.retryDelay))
      const isLast = attempt >= options.attempts || performance.now() + wait > deadline
      if (!retry || isLast) throw error
      await sleep(wait, undefined, { signal })
    }
  }
}

/** Doubles with each attempt, with up to as much again at random, so that calls do not march in step. */
function backOff(attempt: number, first: number): number {
  return Math.min(LONGEST_WAIT, first * 2 ** (attempt - 1) * (1 + Math.random()))
}
