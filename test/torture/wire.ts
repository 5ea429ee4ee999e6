import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A good answer, as the server behind the wire gave it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What is done to an answer on its way. */
export interface WireFault {
  readonly name: string
  /** Does it. @param good Asks the server; a fault that does not is one before anything was done. */
  apply(socket: Socket, good: () => Promise<Answer>): Promise<void> | void
  /**
   * What of the answer comes over: all of it, so that the picture must be pinned; nothing that could be used; or
   * something that a reader may take or leave.
   */
  readonly arrives: 'whole' | 'nothing' | 'perhaps'
  /** Whether only a timeout ends it. @default false */
  readonly isTimed?: boolean
}

/** A request that passed. */
export interface Passed {
  readonly path: string
  readonly fault: WireFault | undefined
}

/** A wire in front of a server, which may do harm to what passes. */
export interface Wire {
  /** Without a slash at the end. */
  readonly url: string
  /** Every request that {@link WireOptions.isMeant}, in order. */
  readonly passed: readonly Passed[]
  /** Harms those requests from now on. @param times How many. */
  harm(fault: WireFault, times: number): void
  heal(): void
  close(): Promise<void>
}

interface WireOptions {
  /** Where requests go. */
  readonly target: string
  /** Whether a request is one that faults hit. */
  isMeant(method: string, path: string): boolean
}

/** Starts a wire on loopback. */
export async function startWire({ target, isMeant }: WireOptions): Promise<Wire> {
  const passed: Passed[] = []
  const state: { fault?: WireFault | undefined; left: number } = { left: 0 }
  const sockets = new Set<Socket>()
  const handle = async (message: IncomingMessage): Promise<void> => {
    const { method = 'GET', url = '/', socket } = message
    const body = Buffer.concat(await message.toArray())
    const good = (): Promise<Answer> => forward(message, body, target)
    if (!isMeant(method, url)) return send(socket, await good())
    const fault = state.left > 0 ? state.fault : undefined
    if (fault) state.left -= 1
    passed.push({ path: url, fault })
    if (fault) await fault.apply(socket, good)
    else send(socket, await good())
  }
  const server: Server = createServer((message) => {
    handle(message).catch(() => message.socket.resetAndDestroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    // Whoever asks may be gone before everything is said.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    harm: (fault, times) => Object.assign(state, { fault, left: times }),
    heal: () => Object.assign(state, { fault: undefined, left: 0 }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forward(message: IncomingMessage, body: Buffer, target: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { method, url = '/', headers } = message
  const asked = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', reject)
    answer.on('end', () => {
      const named = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
      const kept = named.filter(([name]) => !HOP.has(name as string))
      const told = Object.fromEntries(kept) as Record<string, string>
      resolve({ status: answer.statusCode ?? 0, headers: told, body: Buffer.concat(chunks) })
    })
  })
  asked.on('error', reject)
  asked.end(body)
  return promise
}

/** What belongs to one connection, and not to the answer. */
const HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
])

/** The bytes of an answer as HTTP has them. */
export function bytesOf({ status, headers, body }: Answer): Buffer {
  return Buffer.concat([
    headOf(status, { ...headers, 'content-length': String(body.length) }),
    body,
  ])
}

export function headOf(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`HTTP/1.1 ${status} As it is\r\n${lines.join('')}\r\n`, 'latin1')
}

/** Sends an answer as it is, on a connection that goes no further. */
export function send(socket: Socket, answer: Answer): void {
  socket.end(bytesOf({ ...answer, headers: { ...answer.headers, connection: 'close' } }))
}
