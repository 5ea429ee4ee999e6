import { z } from 'zod'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { type BatchJob, type BatchOrder, type BatchState, JOB_NAME } from '../batch-provider.ts'
import { flag, list as listOf, optional, text } from '../lenient.ts'
import { badAnswer } from './refusal.ts'
import { message, pagesOf, sendJson, sendOnce, type ApiClient } from './api-client.ts'

const jobName = z.string().regex(JOB_NAME)
/** An answer that comes with the job. */
const inlined = z.object({
  response: z.unknown().optional(),
  error: z.unknown().optional(),
  metadata: optional(z.object({ key: text })),
})
/** A list, or an object with that list in it. */
const inlinedResponses = z.preprocess(
  (value) => (Array.isArray(value) ? value : Object(value).inlinedResponses),
  optional(listOf(inlined)),
)
const output = optional(z.object({ responsesFile: text, fileName: text, inlinedResponses }))
// A proto's 64-bit number is a string in JSON.
const count = z.coerce.number().catch(0)

/**
 * A job, read leniently: an operation, which tells in its metadata how the job stands, or the job itself, as Google's guide
 * and SDK have it. Results are in its metadata, its response, its destination, or in several of them.
 */
const operation = z.object({
  name: jobName,
  displayName: text,
  state: text,
  dest: output,
  done: flag,
  error: optional(z.object({ message: z.string().catch('') })),
  response: output,
  metadata: optional(
    z.object({
      state: text,
      displayName: text,
      output,
      batchStats: optional(
        z.object({
          requestCount: count,
          successfulRequestCount: count,
          failedRequestCount: count,
        }),
      ),
    }),
  ),
})
type Operation = z.infer<typeof operation>

const list = z.object({ operations: z.array(z.unknown()).nullish() })

const STATES: Readonly<Record<string, BatchState>> = {
  QUEUED: 'pending',
  PENDING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  PARTIALLY_SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
}

/** As many jobs as a page of the list may hold. */
const PAGE = 100

/** Creates a job; after an answer that may be lost, looks for it before creating it again. */
export function createJob(
  { displayName, model, file }: BatchOrder,
  client: ApiClient,
): Promise<BatchJob> {
  const body = { batch: { inputConfig: { fileName: file }, displayName } }
  const one = message(client, 'POST', `models/${model}:batchGenerateContent`, body)
  return client.retrying({
    once: async (timeout) => readJob(await sendOnce(client, one, timeout)),
    recover: () => findJob(displayName, client),
  })
}

/** Looks for a job by our name for it, on every page of the server's list. */
export async function findJob(
  displayName: string,
  client: ApiClient,
): Promise<BatchJob | undefined> {
  for await (const json of pagesOf(`batches?pageSize=${PAGE}`, client)) {
    const page = list.safeParse(json)
    if (!page.success) throw badAnswer('it is not a list of batch jobs')
    for (const one of page.data.operations ?? []) {
      const parsed = operation.safeParse(one)
      const isOurs = parsed.success && displayNameOf(parsed.data) === displayName
      if (isOurs) return toJob(parsed.data)
    }
  }
  return undefined
}

/** The job as it stands; `undefined` where the server does not know it. */
export async function getJob(name: string, client: ApiClient): Promise<BatchJob | undefined> {
  try {
    return readJob(await sendJson(client, 'GET', jobName.parse(name)))
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}

export async function cancelJob(name: string, client: ApiClient): Promise<void> {
  try {
    await sendJson(client, 'POST', `${jobName.parse(name)}:cancel`, {})
  } catch (error) {
    // A job that has ended is refused.
    const isRefused = isGeminiImageError(error) && error.code === 'REFUSED_REQUEST'
    if (!isRefused && !isUnknown(error)) throw error
  }
}

/** Whether the server answered with status 404. */
export function isUnknown(error: unknown): boolean {
  return isGeminiImageError(error) && error.code === 'MODEL_NOT_FOUND'
}

function readJob(json: unknown): BatchJob {
  const parsed = operation.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not a batch job')
  return toJob(parsed.data)
}

function toJob(job: Operation): BatchJob {
  const { name, metadata = {}, response, dest, error } = job
  const stats = metadata.batchStats
  const outputs = [metadata.output, response, dest].filter((one) => one !== undefined)
  const file = outputs.map((one) => one.responsesFile ?? one.fileName).find(Boolean)
  const inline = outputs.find((one) => one.inlinedResponses)?.inlinedResponses
  return {
    name,
    displayName: displayNameOf(job) ?? '',
    state: stateOf(job),
    counts: stats && {
      total: stats.requestCount,
      succeeded: stats.successfulRequestCount,
      failed: stats.failedRequestCount,
    },
    results: file,
    ...(file === undefined && inline && { lines: inline.map(toLine) }),
    error: error?.message,
  }
}

function displayNameOf({ displayName, metadata }: Operation): string | undefined {
  return metadata?.displayName ?? displayName
}

/** An answer as a line of a file of results. */
function toLine({ response, error, metadata }: z.infer<typeof inlined>): string {
  return JSON.stringify({ key: metadata?.key, response, error })
}

/** A state by Google's name for it; `undefined` for one that nobody knows yet. */
export function stateNamed(said: string | undefined): BatchState | undefined {
  const name = said?.replace(/^(?:BATCH|JOB)_STATE_/, '') ?? ''
  return Object.hasOwn(STATES, name) ? STATES[name] : undefined
}

/** A state that nobody knows yet is that of a job under way, unless the job is done. */
function stateOf({ state, metadata, done, error }: Operation): BatchState {
  const known = stateNamed(metadata?.state ?? state)
  if (known) return known
  if (!done) return 'running'
  return error ? 'failed' : 'succeeded'
}
