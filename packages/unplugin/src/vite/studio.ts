import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { styleText } from 'node:util'
import type { Studio } from '@gemini-image/studio'
import type { ViteDevServer } from 'vite'
import type { DevPictures } from './dev.ts'
import type { Session } from './session.ts'

/** Where a dev server serves the studio, below its base. */
const STUDIO = '__gemini-image/'

/** Opens the studio when somebody asks for it. Until then nothing of it is loaded. */
export class StudioDoor {
  readonly #session: Session
  readonly #dev: DevPictures
  readonly #base: string
  /** Whoever knows it may look and spend. */
  readonly #token: string = randomBytes(24).toString('base64url')
  #studio: Promise<Studio> | undefined

  constructor(session: Session, dev: DevPictures, server: ViteDevServer) {
    this.#session = session
    this.#dev = dev
    this.#base = path.posix.join('/', server.config.base, STUDIO)
    const without = this.#base.slice(0, -1)
    server.middlewares.use((request, response, next) => {
      if (!request.url?.startsWith(without)) return next()
      void this.#open().then((studio) => studio.middleware(request, response, next), next)
    })
    server.httpServer?.on('upgrade', (request, socket, head) => {
      if (!request.url?.startsWith(this.#base)) return
      void this.#open().then((studio) => studio.upgrade(request, socket, head))
    })
    printAddress(server, (origin) => this.addressAt(origin))
  }

  /** What is declared or pinned may have changed. */
  changed(): void {
    void this.#studio?.then((studio) => studio.changed())
  }

  async close(): Promise<void> {
    await (await this.#studio)?.close()
  }

  #open(): Promise<Studio> {
    this.#studio ??= this.#load()
    return this.#studio
  }

  async #load(): Promise<Studio> {
    const { Studio } = await import('@gemini-image/studio')
    const host = {
      generatesOnSave: true,
      project: () => this.#session.project(),
      plan: () => this.#session.plan(),
      generate: this.#dev.generate.bind(this.#dev),
    }
    const options = { base: this.#base, token: this.#token }
    return new Studio(host, this.#session.options.cacheDir, options)
  }

  /** What a person opens, on a server of this origin. */
  addressAt(origin: string): string {
    return new URL(`${this.#base}#token=${this.#token}`, origin).href
  }
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
