import type { FakeGemini } from '../fake-gemini/server.ts'
import type { FakeBucket } from './bucket.ts'
import type { VertexRequest } from './server.ts'

/** What is answered about a job. */
export interface JobAnswer {
  readonly status: number
  readonly body: unknown
}

interface Operation {
  readonly name: string
  readonly error?: object
  readonly metadata: {
    readonly displayName: string
    readonly state: string
    readonly output?: { readonly responsesFile: string }
    readonly batchStats: Readonly<Record<string, string>>
  }
}

interface Job {
  /** What came in the place of a body: each line with its request. */
  readonly requests: readonly object[]
  readonly prefix: string
}

interface Order {
  readonly model: string
  readonly displayName: string
  readonly inputConfig: {
    readonly instancesFormat: 'jsonl'
    readonly gcsSource: { readonly uris: string[] }
  }
  readonly outputConfig: {
    readonly predictionsFormat: 'jsonl'
    readonly gcsDestination: { readonly outputUriPrefix: string }
  }
}

const JOBS =
  /^\/v1beta1\/(projects\/[^/]+\/locations\/[^/]+)\/batchPredictionJobs(?:\/(\w+))?(:cancel)?$/

/** Vertex AI's batch jobs, answered with those of a fake Gemini API: how they go is steered there. */
export class FakeJobs {
  readonly #gemini: FakeGemini
  readonly #bucket: FakeBucket
  readonly #root: string
  readonly #jobs = new Map<string, Job>()

  constructor(gemini: FakeGemini, bucket: FakeBucket) {
    this.#gemini = gemini
    this.#bucket = bucket
    this.#root = `gs://${bucket.name}/`
  }

  /** `undefined` for what is no request for jobs. */
  async answer({ method, path, query, body }: VertexRequest): Promise<JobAnswer | undefined> {
    const [, parent, id, cancel = ''] = JOBS.exec(path) ?? []
    if (parent === undefined) return undefined
    if (id === undefined && method === 'POST') return this.#create(parent, body)
    const where = id === undefined ? 'batches' : `batches/${id}${cancel}`
    const answer = await this.#ask(method, `/v1beta/${where}`, cancel ? '{}' : undefined)
    const said = (await answer.json()) as Operation & { operations?: Operation[] }
    if (!answer.ok || cancel) return { status: answer.status, body: said }
    if (id !== undefined) return { status: 200, body: await this.#describe(said, parent) }
    const filter = new URLSearchParams(query).get('filter') ?? ''
    const wanted = /^displayName="(.*)"$/.exec(filter)?.[1]
    const found = (said.operations ?? []).filter(
      ({ metadata }) => wanted === undefined || metadata.displayName === wanted,
    )
    const all = await Promise.all(found.map((one) => this.#describe(one, parent)))
    return { status: 200, body: { batchPredictionJobs: all } }
  }

  #ask(method: string, path: string, body?: string, headers = {}): Promise<Response> {
    const type = { 'x-goog-api-key': 'a-key', 'content-type': 'application/json' }
    const sent = { ...type, ...headers }
    const url = new URL(path, this.#gemini.url)
    return fetch(url, { method, headers: sent, ...(body !== undefined && { body }) })
  }

  async #create(parent: string, body: string): Promise<JobAnswer> {
    const { model, displayName, inputConfig, outputConfig } = JSON.parse(body) as Order
    const [uri = ''] = inputConfig.gcsSource.uris
    const { outputUriPrefix: prefix } = outputConfig.gcsDestination
    const isOurs = uri.startsWith(this.#root) && prefix.startsWith(this.#root)
    const file = this.#bucket.objects.get(uri.slice(this.#root.length))
    if (!isOurs || !file) return invalid(`${uri} cannot be read.`)
    const lines = String(file.bytes).split('\n').filter(Boolean)
    const requests = lines.map((line) => (JSON.parse(line) as { request: object }).request)
    const fileName = await this.#upload(requests)
    // Known by its name, also where the answer is lost.
    this.#jobs.set(displayName, { requests, prefix })
    const at = `/v1beta/${model.replace('publishers/google/', '')}:batchGenerateContent`
    const batch = { displayName, inputConfig: { fileName } }
    const answer = await this.#ask('POST', at, JSON.stringify({ batch }))
    if (!answer.ok) return { status: answer.status, body: await answer.json() }
    return { status: 200, body: await this.#describe((await answer.json()) as Operation, parent) }
  }

  /** Hands a file of requests to the Files API, each with a number for its key. */
  async #upload(requests: readonly object[]): Promise<string> {
    const lines = requests.map((request, index) => JSON.stringify({ key: String(index), request }))
    const text = lines.map((line) => `${line}\n`).join('')
    const begun = await this.#ask('POST', '/upload/v1beta/files', '{"file":{}}', {
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(Buffer.byteLength(text)),
      'x-goog-upload-header-content-type': 'application/jsonl',
    })
    const { pathname, search } = new URL(begun.headers.get('x-goog-upload-url') ?? '')
    const done = await this.#ask('POST', `${pathname}${search}`, text, {
      'x-goog-upload-command': 'upload, finalize',
      'x-goog-upload-offset': '0',
    })
    return ((await done.json()) as { file: { name: string } }).file.name
  }

  /** As it is told, with its results in the bucket once there are some. */
  async #describe({ name, metadata, error }: Operation, parent: string): Promise<object> {
    const { displayName, state, output, batchStats } = metadata
    const id = name.replace('batches/', '')
    const job = this.#jobs.get(displayName)
    const folder = `${job?.prefix}/prediction-model-${id}`
    if (output && job) await this.#store(output.responsesFile, folder, job)
    return {
      name: `${parent}/batchPredictionJobs/${id}`,
      displayName,
      state: state.replace('BATCH_STATE_', 'JOB_STATE_'),
      ...(error && { error }),
      ...(output && { outputInfo: { gcsOutputDirectory: folder } }),
      completionStats: {
        successfulCount: batchStats['successfulRequestCount'] ?? '0',
        failedCount: batchStats['failedRequestCount'] ?? '0',
        incompleteCount: batchStats['pendingRequestCount'] ?? '0',
      },
    }
  }

  async #store(file: string, folder: string, { requests }: Job): Promise<void> {
    const answer = await this.#ask('GET', `/v1beta/${file}:download?alt=media`)
    const lines = (await answer.text()).split('\n').filter(Boolean)
    const bytes = Buffer.from(lines.map((line) => `${toPrediction(line, requests)}\n`).join(''))
    const path = `${folder.slice(this.#root.length)}/predictions.jsonl`
    this.#bucket.objects.set(path, { bytes, metadata: {} })
  }
}

/** A line as Vertex AI writes it: with the request, without its key, and with what went wrong as a text. */
function toPrediction(line: string, requests: readonly object[]): string {
  const { key, response, error } = JSON.parse(line) as {
    key: string
    response?: object
    error?: object
  }
  const status = error ? `Bad Request: ${JSON.stringify({ error })}` : ''
  const request = requests[Number(key)]
  return JSON.stringify({
    status,
    processed_time: new Date().toISOString(),
    request,
    response: response ?? {},
  })
}

function invalid(message: string): JobAnswer {
  return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT', message } } }
}
