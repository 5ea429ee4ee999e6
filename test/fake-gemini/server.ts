import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { failureAnswer, type Answer } from './answer.ts'
import { createDraw, type Draw, type DrawingStyle } from './drawing.ts'
import { invalidKey, serverError, unknownRoute } from './failure.ts'
import { createFaultQueue, type Fault, type FaultQueue } from './faults.ts'
import { createLog, now, type RecordedRequest } from './log.ts'
import { readPrompt, readQuestion } from './question.ts'
import { reply, replyWithFault } from './reply.ts'

export type { Fault, FaultKind } from './faults.ts'
export type { RecordedRequest } from './log.ts'

export interface FakeGeminiOptions {
  /** Milliseconds before every answer. @default 0 */
  latency?: number
  /** A flat colour in no time, or a picture worth looking at. @default 'swatch' */
  drawing?: DrawingStyle
  /** @default 0, a free port */
  port?: number
  /** Called once per request, when it is answered or its connection is gone. */
  onEnd?: (request: RecordedRequest) => void
}

export interface FakeGemini {
  /** Without a slash at the end. */
  url: string
  /** In the order of arrival. Live: `reset` empties this very array. */
  readonly requests: readonly RecordedRequest[]
  /** The most requests that were under way at the same time. */
  readonly maxInFlight: number
  setLatency(milliseconds: number): void
  fault(fault: Fault): void
  /** Clears the log, the faults and `maxInFlight`. */
  reset(): void
  /** Cuts what is still under way. */
  close(): Promise<void>
}

interface Desk {
  faults: FaultQueue
  paint: Draw
}

interface Route {
  version: string
  model: string
}

const routePattern = /^(?:\/.*)?\/(v1|v1beta)\/models\/([^/:]+):generateContent$/
const idleConnectionMilliseconds = 60_000

function readRoute(method: string, path: string): Route | undefined {
  const [, version, model] = routePattern.exec(path) ?? []
  if (method !== 'POST' || version === undefined || model === undefined) return undefined
  return { version, model: decodeURIComponent(model) }
}

function open(request: IncomingMessage): RecordedRequest {
  const { pathname, search } = new URL(request.url ?? '/', 'http://fake.invalid')
  const method = request.method ?? 'GET'
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method,
    path: pathname,
    query: search,
    headers: Object.fromEntries(headers),
    body: undefined,
    rawBody: '',
    model: readRoute(method, pathname)?.model,
    prompt: '',
    startedAt: now(),
    endedAt: undefined,
    outcome: 'pending',
  }
}

async function readBody(request: IncomingMessage, entry: RecordedRequest): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  entry.rawBody = Buffer.concat(chunks).toString('utf8')
  try {
    entry.body = JSON.parse(entry.rawBody)
    entry.prompt = readPrompt(entry.body)
  } catch {
    entry.body = undefined
  }
}

function hasGoodKey(entry: RecordedRequest): boolean {
  const key = entry.headers['x-goog-api-key'] ?? ''
  return key !== '' && key !== 'invalid-key'
}

async function answer(entry: RecordedRequest, { faults, paint }: Desk): Promise<Answer> {
  entry.outcome = 'error'
  const route = readRoute(entry.method, entry.path)
  if (route === undefined) return failureAnswer(unknownRoute(entry.method, entry.path))
  if (!hasGoodKey(entry)) return failureAnswer(invalidKey())
  const question = readQuestion(route.model, route.version, entry.body)
  if ('code' in question) return failureAnswer(question)
  const fault = faults.take(entry.prompt)
  entry.outcome = fault?.kind ?? (question.wantsImage ? 'image' : 'text-only')
  if (fault !== undefined) return replyWithFault(question, paint, fault)
  return reply(question, paint)
}

function deliver(response: ServerResponse, { status, contentType, body, delivery }: Answer): void {
  if (response.destroyed || delivery === 'hang') return
  if (delivery === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length })
  if (delivery === 'whole') {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A server on loopback that speaks Gemini's generateContent, with pictures of its own. */
export async function startFakeGemini(options: FakeGeminiOptions = {}): Promise<FakeGemini> {
  const desk: Desk = { faults: createFaultQueue(), paint: createDraw(options.drawing ?? 'swatch') }
  const log = createLog(options.onEnd ?? (() => undefined))
  let latency = options.latency ?? 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = open(request)
    log.start(entry)
    response.once('close', () => log.end(entry))
    await readBody(request, entry)
    // Drawing takes place within the latency, as it does at Google.
    const [ready] = await Promise.all([
      answer(entry, desk),
      latency > 0 ? wait(latency) : undefined,
    ])
    deliver(response, ready)
  }

  const server = createServer(
    { keepAliveTimeout: idleConnectionMilliseconds },
    (request, response) => {
      handle(request, response).catch(() => deliver(response, failureAnswer(serverError(500))))
    },
  )
  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}`,
    requests: log.requests,
    get maxInFlight() {
      return log.maxInFlight
    },
    setLatency: (milliseconds) => {
      latency = milliseconds
    },
    fault: desk.faults.add,
    reset: () => {
      log.clear()
      desk.faults.clear()
    },
    close: () => shut(server),
  }
}
