import { resolveWsUrl } from 'devframe/client'
import { createRpcClient } from 'devframe/rpc/client'
import { createWsRpcChannel } from 'devframe/rpc/transports/ws-client'
import type { ConnectionMeta } from 'devframe/types'
import { ACTIONS, CHANGED, NAMESPACE, QUERIES, type StudioApi } from '../protocol.ts'
import { findToken, forgetToken } from './token.ts'

const RETRY = 1000

/** `refused`: the page has no token that the server takes. */
export type Status = 'connecting' | 'open' | 'lost' | 'refused'

export interface Listener {
  status(status: Status): void
  /** Something in the project has changed: look again. */
  changed(): void
}

type Call = (name: string, ...args: unknown[]) => Promise<unknown>

/** The server, for as long as one connection to it lasts. */
interface Line {
  readonly call: Call
  readonly lost: Promise<void>
}

/**
 * Connects to the server that serves the page, and again whenever the connection is lost.
 *
 * `connectDevframe` would keep the token in the origin's localStorage and take one from any other devframe page of the
 * origin; it does not reconnect either. This speaks devframe's protocol through its own transport instead.
 */
export function connect(listener: Listener): StudioApi {
  let line: Line | undefined
  void keepConnected(listener, (now) => {
    line = now
  })
  return apiOver((name, ...args) => {
    if (line) return line.call(`${NAMESPACE}:${name}`, ...args)
    return Promise.reject(new Error('The dev server does not answer. Is it still running?'))
  })
}

async function keepConnected(
  listener: Listener,
  take: (line: Line | undefined) => void,
): Promise<void> {
  for (;;) {
    try {
      const line = (await openLine(listener)) ?? (await openAnew(listener))
      if (!line) {
        listener.status('refused')
        return
      }
      take(line)
      listener.status('open')
      await line.lost
    } catch {
      // A server that starts again is not there for a moment.
    }
    take(undefined)
    listener.status('lost')
    await new Promise((resolve) => setTimeout(resolve, RETRY))
  }
}

function openAnew(listener: Listener): Promise<Line | undefined> {
  forgetToken()
  return openLine(listener)
}

/** @returns `undefined` where the server takes the page's token for none of its own. */
async function openLine(listener: Listener): Promise<Line | undefined> {
  const authToken = await findToken()
  if (!authToken) return undefined
  const response = await fetch('__connection.json', { cache: 'no-store' })
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  const meta = (await response.json()) as ConnectionMeta
  const lost = Promise.withResolvers<void>()
  const json = new Map(
    (meta.jsonSerializableMethods ?? []).map((name) => [name, { jsonSerializable: true }]),
  )
  const channel = createWsRpcChannel({
    url: resolveWsUrl(meta.websocket, response.url, location),
    definitions: json,
    onDisconnected: () => lost.resolve(),
  })
  const functions = { [`${NAMESPACE}:${CHANGED}`]: () => listener.changed() }
  const rpc = createRpcClient<Record<string, (...args: unknown[]) => unknown>, typeof functions>(
    functions,
    { channel },
  )
  void lost.promise.then(() => rpc.$close(new Error('The connection to the dev server was lost.')))
  const answer = await rpc.$call('anonymous:devframe:auth', {
    authToken,
    ua: navigator.userAgent,
    origin: location.origin,
  })
  if (!isTrusted(answer)) {
    channel.close()
    return undefined
  }
  return { call: (name, ...args) => rpc.$call(name, ...args), lost: lost.promise }
}

function isTrusted(answer: unknown): boolean {
  return (
    typeof answer === 'object' && !!answer && 'isTrusted' in answer && answer.isTrusted === true
  )
}

function apiOver(call: Call): StudioApi {
  const names: readonly string[] = [...QUERIES, ...ACTIONS]
  const functions = names.map((name) => [name, (...args: unknown[]) => call(name, ...args)])
  return Object.fromEntries(functions) as StudioApi
}
