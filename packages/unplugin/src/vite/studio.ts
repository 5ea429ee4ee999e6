import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { styleText } from 'node:util'
import type { Studio } from '@gemini-image/studio'
import { addressOf, createToken } from '@gemini-image/studio/address'
import type { Connect, ViteDevServer } from 'vite'
import type { DevPictures } from './dev.ts'
import type { Session } from './session.ts'

/** Where a dev server serves the studio: at its root, and below the base of the site, which Astro asks for. */
const STUDIO = '/__gemini-image/'

type Upgrade = readonly [request: IncomingMessage, socket: Duplex, head: Buffer]

/** Opens the studio when somebody asks for it. Until then nothing of it is loaded. */
export class StudioDoor {
  readonly #server: ViteDevServer
  readonly #session: Session
  readonly #dev: DevPictures
  /** Whoever knows it may look and spend. */
  readonly #token: string = createToken()
  /** Servers, with what listens to their sockets. */
  readonly #servers = new Map<EventEmitter, (...upgrade: Upgrade) => void>()
  #studio: Promise<Studio> | undefined

  constructor(session: Session, dev: DevPictures, server: ViteDevServer) {
    this.#session = session
    this.#dev = dev
    this.#server = server
    if (server.httpServer) this.#listenTo(server.httpServer)
    server.middlewares.use(this.#answer)
    if (server.httpServer) printBelowUrls(server, (origin) => this.addressAt(origin))
    else printPath(server, this.addressAt(server.config.base))
  }

  readonly #answer: Connect.NextHandleFunction = (request, response, next) => {
    const url = withinStudio(request.url)
    if (url === undefined) return next()
    request.url = url
    // In middleware mode somebody else's server asks; a page is there before its socket.
    if (!this.#server.httpServer) this.#listenTo(serverOf(request))
    void this.#open().then((studio) => studio.middleware(request, response, next), next)
  }

  /** Comes before all other middlewares that are there now: one of them may refuse the studio's address. */
  goFirst(): void {
    const { stack } = this.#server.middlewares
    const at = stack.findIndex(({ handle }) => handle === this.#answer)
    if (at > 0) stack.unshift(...stack.splice(at, 1))
  }

  /** What is declared or pinned may have changed. */
  changed(): void {
    void this.#studio?.then(
      (studio) => studio.changed(),
      () => undefined,
    )
  }

  async close(): Promise<void> {
    for (const [server, listener] of this.#servers) server.off('upgrade', listener)
    const studio = await this.#studio?.catch(() => undefined)
    await studio?.close()
  }

  #open(): Promise<Studio> {
    this.#studio ??= this.#load()
    return this.#studio
  }

  async #load(): Promise<Studio> {
    const { openStudio } = await import('@gemini-image/studio')
    const host = {
      generatesOnSave: true,
      project: () => this.#session.project(),
      plan: () => this.#session.plan(),
      generate: this.#dev.generate.bind(this.#dev),
    }
    const options = { base: STUDIO, token: this.#token }
    return openStudio(host, this.#session.options.cacheDir, options)
  }

  /** What a person opens. @param origin Of the server, with the base of the site. */
  addressAt(origin: string): string {
    return addressOf(origin, STUDIO, this.#token)
  }

  /** The studio's path, without its token. @param base Of the site. */
  pathBelow(base: string): string {
    return base.replace(/\/$/, '') + STUDIO
  }

  #listenTo(server: EventEmitter | undefined): void {
    if (!server || this.#servers.has(server)) return
    const listener = (...[request, socket, head]: Upgrade): void => {
      const url = withinStudio(request.url)
      if (url === undefined) {
        // A server that takes no sockets of its own would leave this one waiting because of us.
        if (server.listenerCount('upgrade') === 1) socket.destroy()
        return
      }
      request.url = url
      void this.#open().then(
        (studio) => studio.upgrade(request, socket, head),
        () => socket.destroy(),
      )
    }
    this.#servers.set(server, listener)
    server.on('upgrade', listener)
  }
}

/** The server that a request has come to: Node.js's own note on its sockets, which its types leave out. */
function serverOf({ socket }: IncomingMessage): EventEmitter | undefined {
  return (socket as typeof socket & { readonly server?: EventEmitter }).server
}

/** An address without what stands before the studio's; `undefined` where it leads elsewhere. */
function withinStudio(url: string = ''): string | undefined {
  const at = `${url.split('?', 1)[0]}/`.indexOf(STUDIO)
  return at === -1 ? undefined : url.slice(at)
}

/** Prints one more line below the addresses of the server. */
function printBelowUrls(server: ViteDevServer, addressAt: (origin: string) => string): void {
  const { printUrls, config } = server
  server.printUrls = () => {
    printUrls.call(server)
    const [origin] = [
      ...(server.resolvedUrls?.local ?? []),
      ...(server.resolvedUrls?.network ?? []),
    ]
    if (origin !== undefined) config.logger.info(lineWith(addressAt(origin)))
  }
}

/** Prints what only the server that somebody else has brought can complete. */
function printPath({ config }: ViteDevServer, path: string): void {
  config.logger.info(`${lineWith(path)}, on the server that Vite is a middleware of`)
}

function lineWith(address: string): string {
  return `  ${styleText('green', '➜')}  ${styleText('bold', 'Studio')}:  ${styleText('cyan', address)}`
}
