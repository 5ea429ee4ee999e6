import { z } from 'zod'
import type { ProviderSettings } from '../definition.ts'
import type { ImageRequest } from '../request.ts'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { readDescription, toDescriptionBody } from './generate-content/description.ts'
import { generateContent } from './generate-content/generate-content.ts'
import { imagen } from './imagen.ts'
import { interactions } from './interactions/interactions.ts'
import type { Provider, ProviderContext, ProviderJob, ProviderResult } from '../provider.ts'
import { googleBatch } from './batch.ts'
import { TRANSPORTS } from './catalogue.ts'
import { call, type Endpoint } from './call.ts'
import { brokenAlike } from './connection.ts'
import { OF_VERTEX } from './rules.ts'
import { openApiClient, pagesOf, type ApiClient } from './api-client.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { withRetries, type Attempt, type RetryOptions } from '../retry.ts'
import type { Transport } from './transport.ts'
import { list } from '../lenient.ts'
import { badAnswer } from './refusal.ts'
import { GOOGLE_WORDS } from './words.ts'

export interface GoogleOptions extends Endpoint, RetryOptions, ProviderSettings {
  /** Gives who asks, and where, before each attempt. @default as these options say */
  readonly identify?: (() => Promise<Identified>) | undefined
  /** Labels of each request, for the bill. @default none; the Developer API takes none */
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** Who asks, and where. */
export interface Identified extends Pick<Endpoint, 'key' | 'identity'> {
  /** An address behind the API version, for one of the Developer API: `models/…:generateContent`. */
  toPath(path: string): string
}

/**
 * Answers requests with Google's APIs: one POST a picture, one rate limiter for all of them, and the only
 * layer that retries.
 */
export function googleProvider(options: GoogleOptions): Provider {
  const limiter = new RateLimiter(GOOGLE_WORDS.company)
  const transports: Readonly<Record<(typeof TRANSPORTS)[number], Transport>> = {
    'generate-content': generateContent,
    interactions: interactions(options.serverState),
  }
  const transportOf = ({ model, request, transport }: ProviderJob): Transport => {
    if (model.family === 'imagen') return imagen
    const name = transport ?? neededFor(request) ?? options.transport
    return transports[TRANSPORTS.find((known) => known === name) ?? TRANSPORTS[0]]
  }

  const post = <Result>(
    path: string,
    body: object,
    read: (json: unknown) => Result,
    { signal, cutOff, countPossiblyPaid }: ProviderContext,
  ): Promise<Result> => {
    let brokenBefore: string | undefined
    const attempt: Attempt<Result> = {
      once: (timeout) => callOnce({ ...options, timeout }, path, body, cutOff, read),
      onFailure: ({ possiblyPaid, broken }) => {
        if (possiblyPaid) countPossiblyPaid()
        if (broken !== undefined && broken === brokenBefore) throw brokenAlike(broken)
        brokenBefore = broken
      },
    }
    return withRetries(attempt, signal, options, limiter)
  }

  const generate: Provider['generate'] = async (job, context) => {
    const transport = transportOf(job)
    const ask = async (one: ProviderJob): Promise<ProviderResult> =>
      post(
        transport.path(one),
        await transport.body(one),
        (json) => transport.read(json, one),
        context,
      )
    try {
      return await ask(job)
    } catch (error) {
      const isUnknown = isGeminiImageError(error) && error.code === 'MODEL_NOT_FOUND'
      const other = isUnknown ? transport.withoutServerState?.(job) : undefined
      if (!other) throw error
      return ask(other)
    }
  }

  return {
    name: options.transport ?? TRANSPORTS[0],
    generate,
    describe: (job, context) => {
      const path = `models/${job.model.id}:generateContent`
      return post(path, toDescriptionBody(job), readDescription, context)
    },
    batch: googleBatch(options, limiter),
    listModels: () => {
      const never = new AbortController().signal
      return listModels(openApiClient(options, limiter, { signal: never, cutOff: never }))
    },
  }
}

/** The API that alone can be asked for something; `undefined` where both can. */
function neededFor(request: ImageRequest): (typeof TRANSPORTS)[number] | undefined {
  if (request.format) return 'interactions'
  return OF_VERTEX.some((name) => request[name]) ? 'generate-content' : undefined
}

/** Makes one call as whoever asks by then. */
async function callOnce<Result>(
  options: GoogleOptions,
  path: string,
  body: object,
  cutOff: AbortSignal,
  read: (json: unknown) => Result,
): Promise<Result> {
  const { toPath, ...identity } = (await options.identify?.()) ?? AS_CONFIGURED
  const labelledBody = labelled(body, options.labels)
  return call({ ...options, ...identity }, toPath(path), labelledBody, cutOff, read)
}

/** Labels stand where Google's own SDK writes them. */
export function labelled(body: object, labels: GoogleOptions['labels']): object {
  if (!labels) return body
  const { generationConfig, ...rest } = body as { readonly generationConfig?: unknown }
  return { ...rest, labels, ...(generationConfig !== undefined && { generationConfig }) }
}

/** Where options say all. */
const AS_CONFIGURED: Partial<Identified> & Pick<Identified, 'toPath'> = { toPath: (path) => path }

const page = z.object({ models: list(z.object({ name: z.string() })) })

/** The ids of all models that the server lists. Costs nothing. */
async function listModels(client: ApiClient): Promise<readonly string[]> {
  const ids: string[] = []
  // As many as a page may hold. https://ai.google.dev/api/models
  for await (const json of pagesOf('models?pageSize=1000', client)) {
    const parsed = page.safeParse(json)
    if (!parsed.success) throw badAnswer('it is not a list of models')
    ids.push(...parsed.data.models.map(({ name }) => name.replace(/^models\//, '')))
  }
  return ids
}
