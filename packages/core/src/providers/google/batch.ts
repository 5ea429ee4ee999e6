import { z } from 'zod'
import { BATCH_LIMITS } from './catalogue.ts'
import type { BatchProvider, BatchAsked, BatchLine } from '../batch-provider.ts'
import { toBody } from './generate-content/generate-content.ts'
import { cancelJob, createJob, findJob, getJob } from './batch-jobs.ts'
import type { Endpoint } from './call.ts'
import { downloadFile } from './download.ts'
import type { RateLimiter } from '../rate-limiter.ts'
import type { RetryOptions } from '../retry.ts'
import { hashOfFile, uploadFile } from './upload.ts'
import { openApiClient, sendJson, type ApiClient } from './api-client.ts'
import { readAnswer } from './generate-content/answer.ts'
import type { ProviderResult } from '../provider.ts'
import { optional, text } from '../lenient.ts'
import { badAnswer } from './refusal.ts'
import { failureOf } from './failure.ts'
import { hideKey, parseReply, readReply } from './reply.ts'

/**
 * Google's Batch API. Its requests are always those of generateContent, whatever API a declaration or
 * the option `transport` names: no other can be asked in a batch.
 * @see https://ai.google.dev/gemini-api/docs/batch-api
 */
export function googleBatch(options: Endpoint & RetryOptions, limiter: RateLimiter): BatchProvider {
  const client = (context: Pick<ApiClient, 'signal' | 'cutOff'>): ApiClient =>
    openApiClient(options, limiter, context)
  return {
    fileBytes: BATCH_LIMITS.fileBytes,
    line: async (job) => JSON.stringify({ key: job.fingerprint, request: await toBody(job) }),
    upload: (file, displayName, context) => uploadFile(file, displayName, client(context)),
    hash: (file, context) => hashOfFile(file, client(context)),
    create: (order, context) => createJob(order, client(context)),
    find: (displayName, context) => findJob(displayName, client(context)),
    get: (name, context) => getJob(name, client(context)),
    cancel: (name, context) => cancelJob(name, client(context)),
    download: (results, to, context) => downloadFile(results, to, client(context)),
    remove: async (file, context) => {
      await sendJson(client(context), 'DELETE', file)
    },
    open: (line) => openLine(line, options.key),
  }
}

const lineSchema = z.object({
  key: text,
  response: z.unknown().optional(),
  error: optional(z.record(z.string(), z.unknown())),
})

/**
 * Reads a line of results: `{"key", "response"}` or `{"key", "error"}`.
 * @param apiKey What no answer may pass on.
 */
function openLine(line: string, apiKey: string): BatchLine | undefined {
  const parsed = lineSchema.safeParse(parseLine(line, apiKey))
  return parsed.success ? toLine(parsed.data, () => hideKey(line, apiKey)) : undefined
}

/** What a line holds: a key, and an answer or an error. */
interface LineParts {
  readonly key?: string | undefined
  readonly response?: unknown
  readonly error?: Record<string, unknown> | undefined
}

/** @param raw What came, without the API key. */
export function toLine({ key, response, error }: LineParts, raw: () => string): BatchLine {
  const answer = {
    parse: (): unknown => {
      if (response) return response
      throw badAnswer('a line holds neither a response nor an error')
    },
    raw,
  }
  return {
    key,
    read: ({ model, withText, ofText }: BatchAsked): ProviderResult => {
      if (error && !response) throw failureOf(error)
      return readReply(answer, (json) =>
        readAnswer(json, { askedModel: model, isOfSeveral: withText, isOfText: ofText }),
      )
    },
  }
}

/** The JSON of a line, without the API key; `undefined` where it is none. */
export function parseLine(line: string, apiKey: string): unknown {
  try {
    return parseReply(line, apiKey)
  } catch {
    return undefined
  }
}
