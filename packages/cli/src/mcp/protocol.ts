import process from 'node:process'
import { createInterface } from 'node:readline'
import type { CallToolResult, Implementation, Tool } from '@modelcontextprotocol/sdk/spec.types.js'

/** What a server offers to its one client. */
export interface ToolServer {
  readonly info: Implementation
  /** What a model is told of all tools. */
  readonly instructions: string
  readonly tools: readonly Tool[]
  /** @param tell Tells the client how far it is, where it wants to know. */
  call(
    name: string,
    input: unknown,
    tell: (ended: number, total: number) => void,
  ): Promise<CallToolResult>
  /** What is said of something that went wrong beside a call. */
  warn(message: string): void
}

/** Those in which tools are listed, called and annotated as here; the newest first. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

/** @see https://www.jsonrpc.org/specification#error_object */
const ERRORS = { parse: -32_700, request: -32_600, method: -32_601, params: -32_602 } as const

interface Request {
  readonly id?: string | number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/**
 * Speaks the Model Context Protocol on the standard streams: what a server of tools needs of it, six messages. The
 * SDK's server takes twice as many bytes as the whole command, most of them for HTTP, schemas and sign-in.
 * @returns once the client has closed the standard input.
 */
export async function serveTools(server: ToolServer): Promise<void> {
  const lines = createInterface({ input: process.stdin, terminal: false })
  const send = (message: object): void => {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
  lines.on('line', (line) => {
    if (line.trim() !== '') void take(line, server, send)
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  lines.once('close', resolve)
  process.stdin.once('error', () => lines.close())
  await promise
}

type Send = (message: object) => void

async function take(line: string, server: ToolServer, send: Send): Promise<void> {
  const request = parse(line)
  if (typeof request === 'number') {
    const message = request === ERRORS.parse ? 'This is no JSON.' : 'This is no request.'
    return send({ id: null, error: { code: request, message } })
  }
  const { id } = request
  // Notifications have no answer; a call that is cancelled may be paid for, and lands.
  if (id === undefined) return
  try {
    const result = await answer(request, server, send)
    if (result) return send({ id, result })
    const message = `There is no method ${JSON.stringify(request.method)}.`
    send({ id, error: { code: ERRORS.method, message } })
  } catch (error) {
    if (!(error instanceof UnknownTool)) server.warn(String(error))
    send({ id, error: { code: ERRORS.params, message: (error as Error).message } })
  }
}

class UnknownTool extends Error {}

function parse(line: string): Request | number {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return ERRORS.parse
  }
  const { id, method, params } = (message ?? {}) as Record<string, unknown>
  // An answer: nothing was asked here.
  if (method === undefined && id !== undefined) return { method: '', params: {} }
  const isKnown = id === undefined || typeof id === 'string' || typeof id === 'number'
  if (typeof method !== 'string' || !isKnown) return ERRORS.request
  return { ...(id !== undefined && { id }), method, params: (params ?? {}) as Request['params'] }
}

async function answer(
  { method, params }: Request,
  server: ToolServer,
  send: Send,
): Promise<object | undefined> {
  switch (method) {
    case 'initialize': {
      const wanted = VERSIONS.find((one) => one === params['protocolVersion'])
      return {
        protocolVersion: wanted ?? VERSIONS[0],
        capabilities: { tools: {} },
        serverInfo: server.info,
        instructions: server.instructions,
      }
    }
    case 'ping':
      return {}
    case 'tools/list':
      return { tools: server.tools }
    case 'tools/call': {
      const { name, arguments: input, _meta } = params
      if (!server.tools.some((tool) => tool.name === name)) {
        throw new UnknownTool(`There is no tool ${JSON.stringify(name)}.`)
      }
      const token = (_meta as { progressToken?: unknown } | undefined)?.progressToken
      return server.call(String(name), input ?? {}, (progress, total) => {
        if (token === undefined) return
        const told = { progressToken: token, progress, total }
        send({ method: 'notifications/progress', params: told })
      })
    }
    default:
      return undefined
  }
}
