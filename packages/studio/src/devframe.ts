import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { defineDevframe, defineRpcFunction } from 'devframe'
import { initDevframe } from 'devframe/initiate'
import type { DevframeAuthHandler } from 'devframe/node/auth'
import type { DevframeNodeContext, DevframeNodeRpcSession } from 'devframe/types'
import { ACTIONS, CHANGED, NAMESPACE, QUERIES, type StudioApi } from './protocol.ts'
import type { Trust } from './trust.ts'

/** Where the studio is served, and from what. */
export interface Serving {
  /** `/__gemini-image/`. */
  readonly base: string
  /** The folder of the compiled page. */
  readonly page: string
  /** Where devframe may keep what it likes. */
  readonly folder: string
}

/** The page and its connection. */
export interface Frame {
  middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Has all pages look again. */
  tellChanged(): void
  close(): Promise<void>
}

/** The method by which a page says its token; devframe's client calls it by itself. */
const HANDSHAKE = 'anonymous:devframe:auth'

/**
 * Serves the page and its connection. All that we use of devframe stands in this file; it is experimental.
 * @param trust Who may call anything.
 */
export function openFrame(api: StudioApi, trust: Trust, serving: Serving): Frame {
  let context: DevframeNodeContext | undefined
  const definition = defineDevframe({
    id: NAMESPACE,
    name: 'gemini-image',
    version: ownVersion(),
    packageName: '@gemini-image/studio',
    homepage: 'https://www.npmjs.com/package/gemini-image',
    description: 'See, choose and refine generated pictures.',
    icon: 'ph:image-square-duotone',
    clientAssets: serving.page,
    setup: (created) => {
      context = created
      const { rpc } = created.scope(NAMESPACE)
      const register = (name: keyof StudioApi, type: 'query' | 'action'): void => {
        const handler = api[name].bind(api) as () => Promise<unknown>
        rpc.register(defineRpcFunction({ name, type, handler }))
      }
      for (const name of QUERIES) register(name, 'query')
      for (const name of ACTIONS) register(name, 'action')
    },
  })
  const instance = initDevframe(definition, {
    base: serving.base,
    auth: authBy(trust, () => context?.rpc.getCurrentRpcSession()),
    // It takes every page on this machine for ours; the upgrade and each request are checked before they come here.
    allowedOrigins: false,
    sse: false,
    mcp: false,
    getStorageDir: () => serving.folder,
  })
  return {
    middleware: (request, response, next) => instance.nodeMiddleware(request, response, next),
    upgrade: (request, socket, head) => instance.handleUpgrade(request, socket, head),
    tellChanged: () => {
      void context
        ?.scope(NAMESPACE)
        .rpc.broadcast({ method: CHANGED, args: [], event: true, optional: true })
        .catch(() => undefined)
    },
    close: () => instance.close(),
  }
}

/** One token for the whole server, in the place of devframe's codes, which are too short to be guessed at leisure. */
function authBy(
  trust: Trust,
  currentSession: () => DevframeNodeRpcSession | undefined,
): DevframeAuthHandler {
  const handshake = defineRpcFunction({
    name: HANDSHAKE,
    type: 'action',
    jsonSerializable: true,
    handler: (given: { readonly authToken?: unknown }) => {
      const session = currentSession()
      if (session && trust.isKnownTo(given.authToken)) session.meta.isTrusted = true
      return { isTrusted: session?.meta.isTrusted === true }
    },
  })
  return {
    rpcFunctions: [handshake],
    authorize: (method, { meta }) => method === HANDSHAKE || meta.isTrusted === true,
    onConnect: () => undefined,
    printBanner: () => undefined,
  }
}

/** Opens an address in the browser of whoever sits here. */
export async function openInBrowser(address: string): Promise<void> {
  const { open } = await import('devframe/utils/open')
  await open(address)
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
  return version
}
