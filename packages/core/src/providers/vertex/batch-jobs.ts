import { z } from 'zod'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { JOB_NAME, type BatchJob, type BatchOrder } from '../batch-provider.ts'
import { message, pagesOf, sendJson, sendOnce, type ApiClient } from '../google/api-client.ts'
import { isUnknown, stateNamed } from '../google/batch-jobs.ts'
import { badAnswer } from '../google/refusal.ts'
import { count, list, optional, text } from '../lenient.ts'

/** Where jobs are asked for: `projects/…/locations/…/batchPredictionJobs`. */
export interface JobClient extends ApiClient {
  readonly jobs: string
}

/** A job's own number is at the end of its name; the project and the location are those of the configuration. */
const RESOURCE = /^projects\/[^/]+\/locations\/[^/]+\/batchPredictionJobs\/([\w-]+)$/

/** A job, read leniently. @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/projects.locations.batchPredictionJobs */
const resource = z.object({
  name: z.string().regex(RESOURCE),
  displayName: text,
  state: text,
  error: optional(z.object({ message: z.string().catch('') })),
  outputInfo: optional(z.object({ gcsOutputDirectory: text })),
  completionStats: optional(
    z.object({ successfulCount: count, failedCount: count, incompleteCount: count }),
  ),
})

const page = z.object({ batchPredictionJobs: list(resource) })

/** Where a job reads from and writes to: `gs://…`. */
export interface JobFiles {
  readonly requests: string
  readonly results: string
}

/** Creates a job; after an answer that may be lost, looks for it before creating it again. */
export function createJob(
  { displayName, model }: BatchOrder,
  { requests, results }: JobFiles,
  client: JobClient,
): Promise<BatchJob> {
  // In the order of Google's own SDK.
  const one = message(client, 'POST', client.jobs, {
    model: `publishers/google/models/${model}`,
    inputConfig: { instancesFormat: 'jsonl', gcsSource: { uris: [requests] } },
    displayName,
    outputConfig: {
      predictionsFormat: 'jsonl',
      gcsDestination: { outputUriPrefix: results },
    },
  })
  return client.retrying({
    once: async (timeout) => readJob(await sendOnce(client, one, timeout)),
    recover: () => findJob(displayName, client),
  })
}

/** Looks for a job by our name for it, on every page of the server's list. */
export async function findJob(
  displayName: string,
  client: JobClient,
): Promise<BatchJob | undefined> {
  const filter = encodeURIComponent(`displayName="${displayName}"`)
  for await (const json of pagesOf(`${client.jobs}?pageSize=100&filter=${filter}`, client)) {
    const parsed = page.safeParse(json)
    if (!parsed.success) throw badAnswer('it is not a list of batch jobs')
    const ours = parsed.data.batchPredictionJobs.find((one) => one.displayName === displayName)
    if (ours) return toJob(ours)
  }
  return undefined
}

/** The job as it stands; `undefined` where the server does not know it. */
export async function getJob(name: string, client: JobClient): Promise<BatchJob | undefined> {
  try {
    return readJob(await sendJson(client, 'GET', pathOf(name, client)))
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}

export async function cancelJob(name: string, client: JobClient): Promise<void> {
  try {
    await sendJson(client, 'POST', `${pathOf(name, client)}:cancel`, {})
  } catch (error) {
    // A job that has ended is refused.
    const isRefused = isGeminiImageError(error) && error.code === 'REFUSED_REQUEST'
    if (!isRefused && !isUnknown(error)) throw error
  }
}

function pathOf(name: string, { jobs }: JobClient): string {
  if (!JOB_NAME.test(name)) throw badAnswer(`it names a job ${JSON.stringify(name)}`)
  return name.replace(/^batches/, jobs)
}

function readJob(json: unknown): BatchJob {
  const parsed = resource.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not a batch job')
  return toJob(parsed.data)
}

function toJob({
  name,
  displayName = '',
  state,
  error,
  outputInfo,
  completionStats: stats,
}: z.infer<typeof resource>): BatchJob {
  const [succeeded, failed, left] = [
    stats?.successfulCount ?? 0,
    stats?.failedCount ?? 0,
    // -1 where nobody knows.
    Math.max(0, stats?.incompleteCount ?? 0),
  ]
  return {
    // The record holds plain names alone, so that it can lead to no other project.
    name: name.replace(RESOURCE, 'batches/$1'),
    displayName,
    // A state that nobody knows yet is that of a job under way.
    state: stateNamed(state) ?? 'running',
    counts: stats && { total: succeeded + failed + left, succeeded, failed },
    results: outputInfo?.gcsOutputDirectory,
    error: error?.message,
  }
}
