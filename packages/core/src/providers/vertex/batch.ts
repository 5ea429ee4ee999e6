import { z } from 'zod'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { parseJson } from '../../kernel/json.ts'
import type { BatchContext, BatchLine, BatchProvider } from '../batch-provider.ts'
import { openApiClient, type ApiClient } from '../google/api-client.ts'
import { parseLine, toLine } from '../google/batch.ts'
import { downloadAll } from '../google/download.ts'
import { toBody } from '../google/generate-content/generate-content.ts'
import { labelled, type GoogleOptions, type Identified } from '../google/google.ts'
import { GOOGLE_WORDS } from '../google/words.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { hideKey } from '../google/reply.ts'
import { optional, text } from '../lenient.ts'
import { cancelJob, createJob, findJob, getJob, type JobClient } from './batch-jobs.ts'
import {
  hashOfObject,
  inBucketWords,
  linesIn,
  removeObject,
  STORAGE,
  uploadObject,
} from './bucket.ts'
import { addressIn, readBucket } from './bucket-address.ts'
import { BATCH_LIMITS } from './batch-limits.ts'

interface VertexBatch {
  readonly options: GoogleOptions
  /** Says who asks, and where; asked anew for each step of a job, so that no token ends amid it. */
  readonly identify: () => Promise<Identified>
  /** `gs://…`. */
  readonly bucket: string
}

/** Who asks, by the service that is asked. */
interface Clients {
  readonly jobs: JobClient
  readonly storage: ApiClient
}

/**
 * Vertex AI's batch inference: requests and results lie in a bucket of one's own. The record knows files and jobs by plain
 * names, and the bucket, project and location are those of the configuration: no record leads elsewhere.
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini
 */
export function vertexBatch({ options, identify, bucket: address }: VertexBatch): BatchProvider {
  const bucket = readBucket(address)
  const limiter = new RateLimiter(GOOGLE_WORDS.company)
  let secret = ''
  const clients = async (context: BatchContext): Promise<Clients> => {
    const { key, identity, toPath } = await identify()
    if (!identity) throw noToken()
    secret = key
    const endpoint = { ...options, key, identity }
    const jobs = toPath('batchPredictionJobs')
    return {
      jobs: { ...openApiClient(endpoint, limiter, context), jobs },
      storage: openApiClient(
        { ...endpoint, baseUrl: `${STORAGE}/storage`, apiVersion: 'v1' },
        limiter,
        context,
      ),
    }
  }
  const jobs = async (context: BatchContext): Promise<JobClient> => (await clients(context)).jobs
  const stored = <Result>(
    context: BatchContext,
    work: (storage: ApiClient) => Promise<Result>,
  ): Promise<Result> => inBucketWords(bucket, async () => work((await clients(context)).storage))
  return {
    fileBytes: BATCH_LIMITS.fileBytes,
    line: async (job) => {
      const labels = { ...options.labels, ...keyLabels(job.fingerprint) }
      return JSON.stringify({ request: labelled(await toBody(job), labels) })
    },
    upload: async (file, displayName, context) => {
      await stored(context, (one) => uploadObject(file, requestsOf(displayName), bucket, one))
      return `files/${displayName}`
    },
    hash: (file, context) => stored(context, (one) => hashOfObject(pathOf(file), bucket, one)),
    create: async (order, context) => {
      const files = {
        requests: addressIn(bucket, pathOf(order.file)),
        results: addressIn(bucket, `${order.displayName}/results`),
      }
      return createJob(order, files, await jobs(context))
    },
    find: async (displayName, context) => findJob(displayName, await jobs(context)),
    get: async (name, context) => getJob(name, await jobs(context)),
    cancel: async (name, context) => cancelJob(name, await jobs(context)),
    download: (results, to, context) =>
      stored(context, async (one) => {
        const messages = await linesIn(results, bucket, one)
        if (messages.length === 0) throw gone(results)
        await downloadAll(messages, to, one)
      }),
    // Results stay: they are nobody's to delete but the bucket's owner's.
    remove: (file, context) => stored(context, (one) => removeObject(pathOf(file), bucket, one)),
    open: (line) => openLine(line, secret),
  }
}

function requestsOf(displayName: string): string {
  return `${displayName}/requests.jsonl`
}

/** Where a file of the record lies in our folder. */
function pathOf(file: string): string {
  return requestsOf(file.replace(/^files\//, ''))
}

/** Labels come back with each answer, and no other name of ours does. A value has 63 characters at most. */
const KEY_LABELS = ['gemini-image-1', 'gemini-image-2'] as const

function keyLabels(fingerprint: string): Readonly<Record<string, string>> {
  const [first, second] = KEY_LABELS
  return { [first]: fingerprint.slice(0, 32), [second]: fingerprint.slice(32) }
}

/** A line of results: the request, and the answer to it or what went wrong. */
const lineSchema = z.object({
  // Empty where all is well.
  status: text,
  request: z.object({ labels: z.record(z.string(), z.string()) }),
  response: optional(z.looseObject({})),
})

function openLine(line: string, token: string): BatchLine | undefined {
  const parsed = lineSchema.safeParse(parseLine(line, token))
  if (!parsed.success) return undefined
  const { status, request, response } = parsed.data
  const key = KEY_LABELS.map((name) => request.labels[name] ?? '').join('')
  const error = status ? errorOf(status) : undefined
  const answered = Object.keys(response ?? {}).length > 0 ? response : undefined
  return toLine({ key, response: answered, error }, () => hideKey(line, token))
}

/** An error as Google's other APIs write it, where a status holds one: `Bad Request: {"error": {…}}`. */
function errorOf(status: string): Record<string, unknown> {
  const inside: unknown = Object(parseJson(status.slice(Math.max(0, status.indexOf('{'))))).error
  const isError = typeof inside === 'object' && inside !== null
  return isError ? { ...inside } : { message: status }
}

function noToken(): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: 'Batch jobs on Vertex AI need credentials of Google Cloud, and a key is used: Cloud Storage takes none.',
    fix: 'name the project, leave "useKey" out, and use a service account or "gcloud auth application-default login".',
  })
}

function gone(results: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_NOT_FOUND',
    what: `There are no results of a batch job in ${results}.`,
    fix: 'restore what was deleted there, or generate what is missing again.',
  })
}
