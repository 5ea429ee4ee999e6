import { randomBytes } from 'node:crypto'
import { styleText } from 'node:util'
import type { Studio } from '@gemini-image/studio'
import type { ViteDevServer } from 'vite'
import type { DevPictures } from './dev.ts'
import type { Session } from './session.ts'

/** Where a dev server serves the studio: at its root, and below the base of the site, which Astro asks for. */
const STUDIO = '/__gemini-image/'

/** Opens the studio when somebody asks for it. Until then nothing of it is loaded. */
export class StudioDoor {
  readonly #session: Session
  readonly #dev: DevPictures
  /** Whoever knows it may look and spend. */
  readonly #token: string = randomBytes(24).toString('base64url')
  #studio: Promise<Studio> | undefined

  constructor(session: Session, dev: DevPictures, server: ViteDevServer) {
    this.#session = session
    this.#dev = dev
    server.middlewares.use((request, response, next) => {
      const url = withinStudio(request.url)
      if (url === undefined) return next()
      request.url = url
      void this.#open().then((studio) => studio.middleware(request, response, next), next)
    })
    server.httpServer?.on('upgrade', (request, socket, head) => {
      const url = withinStudio(request.url)
      if (url === undefined) return
      request.url = url
      void this.#open().then(
        (studio) => studio.upgrade(request, socket, head),
        () => socket.destroy(),
      )
    })
    printAddress(server, (origin) => this.addressAt(origin))
  }

  /** What is declared or pinned may have changed. */
  changed(): void {
    void this.#studio?.then(
      (studio) => studio.changed(),
      () => undefined,
    )
  }

  async close(): Promise<void> {
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
    return `${origin.replace(/\/$/, '')}${STUDIO}#token=${this.#token}`
  }
}

/** An address without what stands before the studio's; `undefined` where it leads elsewhere. */
function withinStudio(url: string = ''): string | undefined {
  const at = `${url.split('?', 1)[0]}/`.indexOf(STUDIO)
  return at === -1 ? undefined : url.slice(at)
}

/** Prints one more line below the addresses of the server. */
function printAddress(server: ViteDevServer, addressAt: (origin: string) => string): void {
  const { printUrls, config } = server
  server.printUrls = () => {
    printUrls.call(server)
    const [origin] = [
      ...(server.resolvedUrls?.local ?? []),
      ...(server.resolvedUrls?.network ?? []),
    ]
    if (origin === undefined) return
    const line = `  ${styleText('green', '➜')}  ${styleText('bold', 'Studio')}:  ${styleText('cyan', addressAt(origin))}`
    config.logger.info(line)
  }
}
