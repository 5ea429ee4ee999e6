import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { anything, between, fields, oneOf } from '../fake-gemini/check.ts'
import { FakeJobs } from './batches.ts'
import { FakeBucket } from './bucket.ts'
import { startFakeGemini, type FakeGemini, type FakeGeminiOptions } from '../fake-gemini/server.ts'

/** One request as it came, to whichever host it was sent. */
export interface VertexRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** With its question mark, or empty. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface FakeVertex {
  /** Without a slash at the end. */
  readonly url: string
  /** Host and port. */
  readonly host: string
  /** Google behind it: faults, batches, what was drawn. */
  readonly gemini: FakeGemini
  /** Requests for pictures, words and models. */
  readonly requests: readonly VertexRequest[]
  /** Requests on the bucket. */
  readonly stored: readonly VertexRequest[]
  /** The only one that there is. */
  readonly bucket: FakeBucket
  /** Requests for tokens. */
  readonly exchanges: readonly VertexRequest[]
  /** Every token that was given out. */
  readonly tokens: readonly string[]
  /** Seconds for which tokens live from now on. @default 3600 */
  expiresIn: number
  close(): Promise<void>
}

/** A key that is accepted; tokens are those that were given out and have not ended. */
export const EXPRESS_KEY = 'an-express-key'

/** The Vertex AI addresses of what the Developer API answers under `models/…` and `interactions`. */
const ADDRESS =
  /^\/v1(?:beta1)?\/(?:projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+)\/)?(?<rest>publishers\/google\/models(?:\/[^/]+)?|interactions)$/

/**
 * Vertex AI on loopback, with whatever gives tokens for it: Google's OAuth, its Security Token Service, the metadata
 * server and a runner's own. A request at the wrong address, or without a token that was given out, is refused; the
 * rest is answered by a fake Gemini API.
 */
export async function startFakeVertex(options: FakeGeminiOptions = {}): Promise<FakeVertex> {
  const gemini = await startFakeGemini(options)
  const requests: VertexRequest[] = []
  const exchanges: VertexRequest[] = []
  const stored: VertexRequest[] = []
  const bucket = new FakeBucket('pictures')
  const jobs = new FakeJobs(gemini, bucket)
  const tokens: string[] = []
  const ends = new Map<string, number>()
  const state = { expiresIn: 3600 }
  const issue = (): string => {
    const token = `ya29.token-${tokens.length + 1}-that-nothing-repeats`
    tokens.push(token)
    ends.set(token, Date.now() + state.expiresIn * 1000)
    return token
  }
  const desk: Desk = {
    ends,
    gemini,
    requests,
    exchanges,
    stored,
    bucket,
    jobs,
    tokens,
    issue,
    state,
  }
  const server = createServer((request, response) => {
    handle(request, response, desk).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    gemini,
    requests,
    exchanges,
    stored,
    bucket,
    tokens,
    get expiresIn() {
      return state.expiresIn
    },
    set expiresIn(seconds) {
      state.expiresIn = seconds
    },
    close: async () => {
      await gemini.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

interface Desk extends Pick<FakeVertex, 'gemini' | 'tokens' | 'bucket'> {
  readonly requests: VertexRequest[]
  readonly stored: VertexRequest[]
  readonly jobs: FakeJobs
  /** Token → when it ends. */
  readonly ends: ReadonlyMap<string, number>
  readonly exchanges: VertexRequest[]
  readonly state: { readonly expiresIn: number }
  issue(): string
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const { pathname, search } = new URL(request.url ?? '/', 'http://fake.invalid')
  const entry: VertexRequest = {
    method: request.method ?? 'GET',
    path: pathname,
    query: search,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks).toString('utf8'),
  }
  if (/^\/(?:upload\/)?storage\/v1\//.test(pathname)) {
    desk.stored.push(entry)
    return store(entry, Buffer.concat(chunks), request, response, desk)
  }
  const exchanged = exchange(entry, desk)
  if (exchanged !== undefined) {
    desk.exchanges.push(entry)
    json(response, 200, exchanged, { 'metadata-flavor': 'Google' })
    return
  }
  desk.requests.push(entry)
  const isOfJobs = pathname.includes('/batchPredictionJobs')
  if (isOfJobs && isKnown(entry, desk)) {
    const answer = await desk.jobs.answer(entry).catch(() => {})
    if (!answer) return request.socket.resetAndDestroy() && undefined
    return json(response, answer.status, answer.body as object)
  }
  const [path = '', method = ''] = pathname.split(/(?=:[a-zA-Z]+$)/)
  const found = ADDRESS.exec(path)?.groups
  if (!found) return refuse(response, 404, 'NOT_FOUND', `Nothing answers ${pathname}.`)
  if (!isKnown(entry, desk)) {
    return refuse(
      response,
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials.',
    )
  }
  const body = asDeveloperBody(entry.body)
  if (body === undefined) return refuse(response, 400, 'INVALID_ARGUMENT', 'Invalid value.')
  const rest = (found['rest'] ?? '').replace(/^publishers\/google\//, '') + method
  await forward(`${desk.gemini.url}/v1beta/${rest}${search}`, { ...entry, body }, request, response)
}

function store(
  entry: VertexRequest,
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): void {
  if (!isKnown(entry, desk) || entry.headers['x-goog-api-key'] !== undefined) {
    return refuse(response, 401, 'UNAUTHENTICATED', 'Anonymous caller.')
  }
  const answer = desk.bucket.answer(entry, bytes)
  if (!answer) {
    request.socket.resetAndDestroy()
    return
  }
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}

/** What Vertex AI alone takes of `imageConfig`. */
const OWN = {
  personGeneration: oneOf('PersonGeneration', ['ALLOW_ALL', 'ALLOW_ADULT', 'ALLOW_NONE']),
  prominentPeople: oneOf('ProminentPeople', ['ALLOW_PROMINENT_PEOPLE', 'BLOCK_PROMINENT_PEOPLE']),
  imageOutputOptions: fields({
    mimeType: oneOf('mime type', ['image/png', 'image/jpeg']),
    compressionQuality: between(0, 100),
  }),
}
const checkImageConfig = fields({ ...OWN, aspectRatio: anything, imageSize: anything })

/** A body without what Vertex AI alone takes; `undefined` where it takes no such value either. */
function asDeveloperBody(body: string): string | undefined {
  if (body === '') return body
  const json = JSON.parse(body) as { generationConfig?: { imageConfig?: object } }
  const { imageConfig } = json.generationConfig ?? {}
  if (!imageConfig) return body
  if (checkImageConfig(imageConfig, 'imageConfig')) return undefined
  const others = Object.entries(imageConfig).filter(([name]) => !Object.hasOwn(OWN, name))
  const generationConfig = { ...json.generationConfig, imageConfig: Object.fromEntries(others) }
  return JSON.stringify({ ...json, generationConfig })
}

function isKnown({ headers }: VertexRequest, { ends }: Desk): boolean {
  const token = /^Bearer (.*)$/.exec(headers['authorization'] ?? '')?.[1]
  if (token === undefined) return headers['x-goog-api-key'] === EXPRESS_KEY
  return (ends.get(token) ?? 0) > Date.now()
}

/** What gives tokens answers; `undefined` for everything else. */
function exchange({ path, headers }: VertexRequest, { issue, state }: Desk): object | undefined {
  const { expiresIn } = state
  if (path === '/token' || path === '/v1/token') {
    return {
      access_token: issue(),
      expires_in: expiresIn,
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }
  }
  if (path.endsWith(':generateAccessToken')) {
    const expireTime = new Date(Date.now() + expiresIn * 1000).toISOString()
    return { accessToken: issue(), expireTime }
  }
  if (path === '/computeMetadata/v1/instance/service-accounts/default/token') {
    if (headers['metadata-flavor'] !== 'Google') return undefined
    return { access_token: issue(), expires_in: expiresIn, token_type: 'Bearer' }
  }
  return path === '/runner/token' ? { value: 'the-runner-s-own-token' } : undefined
}

/** Passes a request on to the fake Gemini API, and its answer back: cut connections and silences as well. */
async function forward(
  url: string,
  { method, headers, body }: VertexRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        'content-type': headers['content-type'] ?? 'application/json',
        'x-goog-api-key': 'a-key',
      },
      ...(method !== 'GET' && { body }),
      redirect: 'manual',
      signal: gone.signal,
    })
    const text = await answer.text()
    const isList = method === 'GET'
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(isList ? asPublisherModels(text) : text)
  } catch {
    request.socket.resetAndDestroy()
  }
}

function asPublisherModels(text: string): string {
  const { models, ...rest } = JSON.parse(text) as { models: { name: string }[] }
  const publisherModels = models.map(({ name }) => ({ name: `publishers/google/${name}` }))
  return JSON.stringify({ publisherModels, ...rest })
}

function refuse(response: ServerResponse, code: number, status: string, message: string): void {
  json(response, code, { error: { code, status, message } })
}

function json(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
