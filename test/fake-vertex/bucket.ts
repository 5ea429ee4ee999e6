import { randomUUID } from 'node:crypto'
import type { VertexRequest } from './server.ts'

/** What Cloud Storage answers. */
export interface StorageAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

interface StoredObject {
  readonly bytes: Buffer
  readonly metadata: Readonly<Record<string, string>>
}

interface Session {
  readonly name: string
  readonly size: number
  readonly metadata: Readonly<Record<string, string>>
  received: Buffer
}

/** Half of a piece arrives and the connection breaks; an answer is lost; half of a file is all that comes. */
export type BucketFault = 'breaks amid a piece' | 'loses the last answer' | 'ends amid a download'

const GRANULARITY = 256 * 1024
/** Nothing answers there: a client must stay with Cloud Storage's own address. */
const ELSEWHERE = 'https://uploads.fake.invalid'

function json(status: number, body: object, headers = {}): StorageAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

function refused(code: number, message: string): StorageAnswer {
  return json(code, { error: { code, message, errors: [{ message }] } })
}

function resource(name: string, { bytes, metadata }: StoredObject): object {
  return { kind: 'storage#object', name, size: String(bytes.length), metadata }
}

/** A bucket behind the JSON API of Cloud Storage, which tests may look into. @see https://cloud.google.com/storage/docs/json_api */
export class FakeBucket {
  readonly name: string
  readonly objects = new Map<string, StoredObject>()
  /** What goes wrong next, each once: of a piece, of the last one, or of a download. */
  readonly faults: BucketFault[] = []
  readonly #sessions = new Map<string, Session>()

  constructor(name: string) {
    this.name = name
  }

  /** `undefined` where the connection is to break. @param bytes What came. */
  answer(request: VertexRequest, bytes: Buffer): StorageAnswer | undefined {
    const { path, query, method } = request
    const [, upload, asked, rest] =
      /^\/(upload\/)?storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(path) ?? []
    if (asked !== this.name) return refused(404, 'The specified bucket does not exist.')
    if (upload) return method === 'POST' ? this.#start(request) : this.#take(request, bytes)
    if (rest !== undefined) return this.#one(decodeURIComponent(rest), request)
    const prefix = new URLSearchParams(query).get('prefix') ?? ''
    const items = [...this.objects].filter(([key]) => key.startsWith(prefix))
    return json(200, { items: items.map(([key, found]) => resource(key, found)) })
  }

  #start({ headers, body }: VertexRequest): StorageAnswer {
    const size = Number(headers['x-upload-content-length'])
    const { name, metadata = {} } = JSON.parse(body) as Session
    if (!Number.isInteger(size) || typeof name !== 'string') return refused(400, 'Required')
    const id = randomUUID()
    this.#sessions.set(id, { name, size, metadata, received: Buffer.alloc(0) })
    const query = `uploadType=resumable&upload_id=${id}`
    const location = `${ELSEWHERE}/upload/storage/v1/b/${this.name}/o?${query}`
    return json(200, {}, { location })
  }

  #take({ headers, query }: VertexRequest, bytes: Buffer): StorageAnswer | undefined {
    const id = new URLSearchParams(query).get('upload_id') ?? ''
    const session = this.#sessions.get(id)
    if (!session) return refused(404, 'Not Found')
    const range = headers['content-range'] ?? ''
    const { received, size, name, metadata } = session
    if (range === `bytes */${size}`) return goesOn(session)
    if (!range.startsWith(`bytes ${received.length}-`)) return refused(400, 'Wrong offset')
    const isLast = received.length + bytes.length === size
    if (!isLast && bytes.length % GRANULARITY > 0) return refused(400, 'Wrong size')
    const isBroken = this.#isNext('breaks amid a piece')
    const arrived = isBroken ? bytes.subarray(0, bytes.length >> 1) : bytes
    session.received = Buffer.concat([received, arrived])
    if (isBroken) return undefined
    if (session.received.length < size) return goesOn(session)
    const stored = { bytes: session.received, metadata }
    this.objects.set(name, stored)
    this.#sessions.delete(id)
    return this.#isNext('loses the last answer') ? undefined : json(200, resource(name, stored))
  }

  #one(path: string, { method, query }: VertexRequest): StorageAnswer {
    const found = this.objects.get(path)
    if (!found) return refused(404, `No such object: ${this.name}/${path}`)
    if (method === 'DELETE') {
      this.objects.delete(path)
      return { status: 204, body: '' }
    }
    const { bytes } = found
    if (!query.includes('alt=media')) return json(200, resource(path, found))
    const isCut = this.#isNext('ends amid a download')
    return { status: 200, body: isCut ? bytes.subarray(0, bytes.length >> 1) : bytes }
  }

  #isNext(fault: BucketFault): boolean {
    if (this.faults[0] !== fault) return false
    this.faults.shift()
    return true
  }
}

function goesOn({ received }: Session): StorageAnswer {
  const range = received.length > 0 && { range: `bytes=0-${received.length - 1}` }
  return { status: 308, headers: { ...range }, body: '' }
}
