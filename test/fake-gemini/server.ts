import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { failureAnswer, type Answer } from './answer.ts'
import { createBatchShelf, type BatchControl, type BatchPace, type BatchShelf } from './batches.ts'
import { plainWords, type Shown } from './describeRequest.ts'
import { createDraw, type Draw, type DrawingStyle } from './drawing.ts'
import { invalidKey, serverError, unknownRoute } from './failure.ts'
import { createFaultQueue, type Fault, type FaultQueue } from './faults.ts'
import { createFileShelf, type FileShelf } from './files.ts'
import { answerJob, answerJobWithFault } from './jobAnswer.ts'
import { createLog, now, type RecordedRequest } from './log.ts'
import { createMemory } from './memory.ts'
import { createRepetitions } from './repetitions.ts'
import { reply, replyWithFault } from './reply.ts'
import { asksAtOnce, readRoute, type Route } from './route.ts'
import { readModel, readPrompt, readTask, type Shelf } from './task.ts'

export type { BatchControl, BatchPace, FakeBatch, Fate } from './batches.ts'
export type { Answered, Fault, FaultKind } from './faults.ts'
export type { RecordedRequest } from './log.ts'
export type { RouteName } from './route.ts'

export interface FakeGeminiOptions {
  /** Milliseconds before every answer. @default 0 */
  latency?: number
  /** A flat colour in no time, or a picture worth looking at. @default 'swatch' */
  drawing?: DrawingStyle
  /** @default 0, a free port */
  port?: number
  /** Ids that answer 404, known or not. */
  missingModels?: readonly string[]
  /** How fast batches go by. */
  batch?: BatchPace
  /** What models say that only talk. @default a sentence of its own for each picture */
  say?: (shown: Shown) => string
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
  /** The jobs of the Batch API. */
  readonly batches: BatchControl
  setLatency(milliseconds: number): void
  /** Holds back every answer until the function that it gives is called. */
  hold(): () => void
  fault(fault: Fault): void
  /** Clears the log, the faults and `maxInFlight`. What was stored or drawn stays known. */
  reset(): void
  /** Cuts what is still under way. */
  close(): Promise<void>
}

interface Desk extends Shelf {
  faults: FaultQueue
  paint: Draw
  files: FileShelf
  batches: BatchShelf
}

const idleConnectionMilliseconds = 60_000

function open(request: IncomingMessage): { entry: RecordedRequest; route: Route | undefined } {
  const url = new URL(request.url ?? '/', 'http://fake.invalid')
  const { pathname, search } = url
  const method = request.method ?? 'GET'
  const route = readRoute(method, url)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  const entry: RecordedRequest = {
    method,
    path: pathname,
    query: search,
    headers: Object.fromEntries(headers),
    body: undefined,
    rawBody: '',
    route: route?.name,
    model: route?.model,
    prompt: '',
    startedAt: now(),
    endedAt: undefined,
    outcome: 'pending',
  }
  return { entry, route }
}

async function readBody(
  request: IncomingMessage,
  entry: RecordedRequest,
  route: Route | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const bytes = Buffer.concat(chunks)
  entry.rawBody = bytes.toString('utf8')
  try {
    entry.body = JSON.parse(entry.rawBody)
    entry.model = readModel(route, entry.body)
    entry.prompt = readPrompt(route, entry.body)
  } catch {
    entry.body = undefined
  }
  return bytes
}

function hasGoodKey(entry: RecordedRequest): boolean {
  const key = entry.headers['x-goog-api-key'] ?? ''
  return key !== '' && key !== 'invalid-key'
}

async function answer(
  entry: RecordedRequest,
  route: Route | undefined,
  bytes: Buffer,
  desk: Desk,
): Promise<Answer> {
  entry.outcome = 'error'
  if (route === undefined) return failureAnswer(unknownRoute(entry.method, entry.path))
  if (!hasGoodKey(entry)) return failureAnswer(invalidKey())
  if (!asksAtOnce(route.name)) {
    const fault = desk.faults.take('', route.name)
    const request = { entry, route, bytes }
    const ready = fault ? answerJobWithFault(request, desk, fault) : answerJob(request, desk)
    const { status } = await ready
    entry.outcome = fault?.kind ?? (status < 400 ? 'done' : 'error')
    return ready
  }
  const task = readTask(entry, route, desk)
  if ('code' in task) return failureAnswer(task)
  const fault = desk.faults.take(entry.prompt, route.name)
  entry.outcome = fault?.kind ?? (task.question.wantsImage ? 'image' : 'text-only')
  const ready = await (fault === undefined
    ? reply(task, desk.paint)
    : replyWithFault(task, desk.paint, fault))
  if (ready.bill) entry.bill = ready.bill
  return ready
}

function deliver(response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, delivery, headers } = answer
  if (response.destroyed || delivery === 'hang') return
  if (delivery === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const bytes = Buffer.from(body)
  const length = { 'content-length': bytes.length }
  response.writeHead(status, { 'content-type': contentType, ...length, ...headers })
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

function createDesk({
  drawing = 'swatch',
  missingModels,
  batch = {},
  say = plainWords,
}: FakeGeminiOptions): Desk {
  const faults = createFaultQueue()
  const repetitions = createRepetitions()
  const paint = createDraw(drawing)
  const files = createFileShelf()
  return {
    faults,
    repetitions,
    paint,
    files,
    batches: createBatchShelf(files, { faults, repetitions, paint }, batch),
    memory: createMemory(),
    missingModels: new Set(missingModels),
    say,
  }
}

/** A server on loopback that speaks Google's APIs for pictures, with pictures of its own. */
export async function startFakeGemini(options: FakeGeminiOptions = {}): Promise<FakeGemini> {
  const desk = createDesk(options)
  const log = createLog(options.onEnd ?? (() => undefined))
  let latency = options.latency ?? 0
  let held: Promise<void> | undefined

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { entry, route } = open(request)
    log.start(entry)
    response.once('close', () => log.end(entry))
    const bytes = await readBody(request, entry, route)
    // Drawing takes place within the latency, as it does at Google.
    const [ready] = await Promise.all([
      answer(entry, route, bytes, desk),
      latency > 0 ? wait(latency) : undefined,
      held,
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
    batches: desk.batches,
    setLatency: (milliseconds) => {
      latency = milliseconds
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
    fault: desk.faults.add,
    reset: () => {
      log.clear()
      desk.faults.clear()
    },
    close: () => shut(server),
  }
}
