import { z } from 'zod'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { type BatchJob, type BatchOrder, type BatchState, JOB_NAME } from '../batch-provider.ts'
import { flag, optional, text } from '../lenient.ts'
import { badAnswer } from '../refusal.ts'
import { message, pagesOf, sendJson, sendOnce, type ApiClient } from './api-client.ts'

const jobName = z.string().regex(JOB_NAME)
const output = optional(z.object({ responsesFile: text }))
// A proto's 64-bit number is a string in JSON.
const count = z.coerce.number().catch(0)

/** An operation, read leniently. Results are named in its metadata, its response, or both. */
const operation = z.object({
  name: jobName,
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
  PENDING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
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
      const isOurs = parsed.success && parsed.data.metadata?.displayName === displayName
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
  const { name, metadata = {}, response, error } = job
  const stats = metadata.batchStats
  return {
    name,
    displayName: metadata.displayName ?? '',
    state: stateOf(job),
    counts: stats && {
      total: stats.requestCount,
      succeeded: stats.successfulRequestCount,
      failed: stats.failedRequestCount,
    },
    results: metadata.output?.responsesFile ?? response?.responsesFile,
    error: error?.message,
  }
}

/** A state that nobody knows yet is that of a job under way, unless the job is done. */
function stateOf({ metadata, done, error }: Operation): BatchState {
  const name = metadata?.state?.replace(/^(?:BATCH|JOB)_STATE_/, '') ?? ''
  const known = Object.hasOwn(STATES, name) ? STATES[name] : undefined
  if (known) return known
  if (!done) return 'running'
  return error ? 'failed' : 'succeeded'
}
