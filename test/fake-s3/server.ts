import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findFlaw, type Keys } from './signature.ts'

/** What is to go wrong with a request. */
export interface Fault {
  /**
   * - `die`: the connection breaks in the middle of the answer's body, or before any answer;
   * - `lost-answer`: the request is carried out, and the connection breaks before the answer;
   * - `poison`: other bytes of the same length;
   * - `hang`: no answer at all;
   * - a number: this status, and nothing is carried out.
   */
  readonly kind: 'die' | 'lost-answer' | 'poison' | 'hang' | number
  /** The `<Code>` of an error. */
  readonly code?: string
  /** Which requests: matched against `PUT objects/abc`. Default: all. */
  readonly match?: RegExp
  /** How many of them. Default: 1. */
  readonly times?: number
}

/** How the server is to behave. */
export interface FakeS3Options {
  /** Whose signatures are asked for; none by default: then requests must not be signed. */
  readonly keys?: Keys
  readonly dialect?: 'amazon' | 'google'
  /** What it makes of a condition on a write. Default: `honoured`. */
  readonly conditions?: 'honoured' | 'ignored' | 'unknown'
}

/** A bucket called `team`, in memory, on loopback. */
export interface FakeS3 {
  /** Its address: an endpoint. */
  readonly url: string
  /** Every request, in order: `PUT objects/abc`. */
  readonly requests: string[]
  /** What is in the bucket, by key. */
  readonly objects: Map<string, Buffer>
  fault(fault: Fault): void
  close(): Promise<void>
}

/** Nothing was carried out. */
const BUSY: Reply = { status: 503, body: Buffer.alloc(0) }
const CONDITION = { amazon: 'if-none-match', google: 'x-goog-if-generation-match' } as const

/** Starts a server that is as strict as S3 about signatures, lengths and conditions. */
export async function startFakeS3(options: FakeS3Options = {}): Promise<FakeS3> {
  const requests: string[] = []
  const objects = new Map<string, Buffer>()
  const faults: (Fault & { left: number })[] = []
  const server = createServer((request, response) => {
    void answer(request, response)
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request).catch(() => undefined)
    if (!body) return
    const key = keyOf(request)
    const line = `${request.method} ${key ?? request.url}`
    requests.push(line)
    const fault = faults.find(({ left, match }) => left > 0 && (match?.test(line) ?? true))
    if (fault) fault.left -= 1
    if (fault?.kind === 'hang') return
    const flaw = findProblem(request, body, options)
    const isBusy = typeof fault?.kind === 'number'
    const reply = flaw ?? (isBusy ? BUSY : carryOut({ request, body, key, objects, options }))
    if (fault?.kind === 'lost-answer') return void request.socket.destroy()
    send(fault ? spoil(reply, fault) : reply, { request, response, isDying: fault?.kind === 'die' })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects,
    fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Reply {
  readonly status: number
  readonly body: Buffer
}

function failure(status: number, code: string, message = 'No.'): Reply {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, body: Buffer.from(xml) }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The key, where the path is that of our bucket. */
function keyOf({ url = '' }: IncomingMessage): string | undefined {
  const match = /^\/team\/([^?]+)$/.exec(url)
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1])
}

function findProblem(
  request: IncomingMessage,
  body: Buffer,
  { keys, dialect = 'amazon' }: FakeS3Options,
): Reply | undefined {
  const { headers } = request
  if (request.method === 'PUT' && headers['content-length'] !== String(body.length)) {
    return failure(411, 'MissingContentLength')
  }
  const names = Object.keys(headers)
  if (
    names.some((name) => name.startsWith('x-amz-')) &&
    names.some((n) => n.startsWith('x-goog-'))
  ) {
    return failure(400, 'ExcessHeaderValues')
  }
  if (!keys) return headers.authorization ? failure(403, 'InvalidAccessKeyId') : undefined
  const flaw = findFlaw(request, body, keys, dialect)
  return flaw === undefined ? undefined : failure(403, 'SignatureDoesNotMatch', flaw)
}

interface Work {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly key: string | undefined
  readonly objects: Map<string, Buffer>
  readonly options: FakeS3Options
}

/** Without a pause between looking and writing: this is what makes conditions atomic. */
function carryOut({ request, body, key, objects, options }: Work): Reply {
  if (key === undefined) return failure(404, 'NoSuchBucket')
  const there = objects.get(key)
  if (request.method === 'PUT') {
    const { conditions = 'honoured', dialect = 'amazon' } = options
    const isConditional = request.headers[CONDITION[dialect]] !== undefined
    if (isConditional && conditions === 'unknown') return failure(501, 'NotImplemented')
    if (isConditional && conditions === 'honoured' && there) {
      return failure(412, 'PreconditionFailed')
    }
    objects.set(key, body)
    return { status: 200, body: Buffer.alloc(0) }
  }
  if (request.method === 'DELETE') {
    objects.delete(key)
    return { status: 204, body: Buffer.alloc(0) }
  }
  return there ? { status: 200, body: there } : failure(404, 'NoSuchKey')
}

function spoil(reply: Reply, { kind, code = 'SlowDown' }: Fault): Reply {
  if (typeof kind === 'number') return failure(kind, code)
  if (kind !== 'poison') return reply
  return { ...reply, body: Buffer.from(reply.body.map((byte) => byte ^ 1)) }
}

interface Sending {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly isDying: boolean
}

function send({ status, body }: Reply, { request, response, isDying }: Sending): void {
  const content = status === 204 ? {} : { 'content-length': body.length }
  response.writeHead(status, content)
  if (!isDying) return void response.end(request.method === 'HEAD' ? undefined : body)
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
  if (body.length < 2) request.socket.destroy()
}
