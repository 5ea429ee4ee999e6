import { z } from 'zod'
import type { TransportName } from '../request.ts'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { readDescription, toDescriptionBody } from './generate-content/description.ts'
import { generateContent } from './generate-content/generate-content.ts'
import { imagen } from './imagen.ts'
import { interactions } from './interactions/interactions.ts'
import type { Provider, ProviderContext, ProviderJob, ProviderResult } from '../provider.ts'
import { googleBatch } from './batch.ts'
import { call, type Endpoint } from './call.ts'
import { brokenAlike } from './connection.ts'
import { openDesk, sendJson, type Desk } from './api-client.ts'
import { Pace } from './rate-limiter.ts'
import { withRetries, type RetryOptions } from './retry.ts'
import type { Transport } from './transport.ts'
import { list, text } from '../lenient.ts'
import { badAnswer } from '../refusal.ts'

/** How to ask Google. */
export interface GoogleOptions extends Endpoint, RetryOptions {
  /** The API for declarations that name none. */
  readonly transport: TransportName
  /** Whether Google keeps what turns go on from, in place of sending it again. */
  readonly serverState: boolean
}

/**
 * Answers requests with Google's APIs: one POST a picture, one pace for all of them, and the only
 * layer that retries.
 */
export function googleProvider(options: GoogleOptions): Provider {
  const pace = new Pace()
  const transports: Readonly<Record<TransportName, Transport>> = {
    'generate-content': generateContent,
    interactions: interactions(options.serverState),
  }
  const transportOf = ({ model, transport }: ProviderJob): Transport =>
    model.family === 'imagen' ? imagen : transports[transport ?? options.transport]
  return {
    name: options.transport,
    generate: (job, context) => generate(job, transportOf(job), context, options, pace),
    describe: (job, context) => {
      const path = `models/${job.model.id}:generateContent`
      return post(path, toDescriptionBody(job), readDescription, context, options, pace)
    },
    batch: googleBatch(options, pace),
    listModels: () => {
      const never = new AbortController().signal
      return listModels(openDesk(options, pace, { signal: never, cutOff: never }))
    },
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
  context: ProviderContext,
  options: GoogleOptions,
  pace: Pace,
): Promise<ProviderResult> {
  const body = await transport.body(job)
  const read = (json: unknown): ProviderResult => transport.read(json, job)
  return post(transport.path(job), body, read, context, options, pace)
}

function post<Result>(
  path: string,
  body: object,
  read: (json: unknown) => Result,
  { signal, cutOff, countPossiblyPaid }: ProviderContext,
  options: GoogleOptions,
  pace: Pace,
): Promise<Result> {
  let brokenBefore: string | undefined
  return withRetries(
    {
      once: (timeout) => call({ ...options, timeout }, path, body, cutOff, read),
      onFailure: ({ possiblyPaid, broken }) => {
        if (possiblyPaid) countPossiblyPaid()
        if (broken !== undefined && broken === brokenBefore) throw brokenAlike(broken)
        brokenBefore = broken
      },
    },
    signal,
    options,
    pace,
  )
}

const page = z.object({ models: list(z.object({ name: z.string() })), nextPageToken: text })

/** As many models as a page may hold. @see https://ai.google.dev/api/models */
const PAGE = 1000

/** The ids of all models that the server lists. Costs nothing. */
async function listModels(desk: Desk): Promise<readonly string[]> {
  const ids: string[] = []
  const seen = new Set<string>()
  for (let token: string | undefined = ''; token !== undefined && !seen.has(token);) {
    seen.add(token)
    const next: string = token && `&pageToken=${encodeURIComponent(token)}`
    const parsed = page.safeParse(await sendJson(desk, 'GET', `models?pageSize=${PAGE}${next}`))
    if (!parsed.success) throw badAnswer('it is not a list of models')
    ids.push(...parsed.data.models.map(({ name }) => name.replace(/^models\//, '')))
    // An empty token is the end, as none is.
    token = parsed.data.nextPageToken || undefined
  }
  return ids
}
