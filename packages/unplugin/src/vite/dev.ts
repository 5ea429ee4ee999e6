import path from 'node:path'
import {
  findSpecifiers,
  formatPlace,
  isPromptFile,
  isSourceFile,
  PromptFileIndex,
  type Declared,
} from '@gemini-image/core'
import type { HotUpdateOptions, ViteDevServer } from 'vite'
import { modulesOf, promptFilesOf } from './modules.ts'
import type { Session } from './session.ts'

/**
 * Keeps a dev server's pictures up to date. Money is spent for two reasons only: the server
 * started, or a file was saved. No request can cause it.
 */
export class DevPictures {
  readonly #session: Session
  readonly #server: ViteDevServer
  /** Prompt files to generate once all is quiet. */
  readonly #waiting = new Set<string>()
  /** Prompt files whose picture landed while no page listened. */
  readonly #unseen = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(session: Session, server: ViteDevServer) {
    this.#session = session
    this.#server = server
    server.ws.on('connection', () => {
      for (const file of this.#unseen) void this.#show(file)
      this.#unseen.clear()
    })
    whenServing(server, session.isTest, () => void this.#start().catch(this.#report))
  }

  /** A file was saved: what it asks for is generated after a quiet while, never at once. */
  async onSave({
    file,
    read,
    type,
  }: Pick<HotUpdateOptions, 'file' | 'read' | 'type'>): Promise<void> {
    const { engine, declarations } = this.#session
    if (type === 'delete') return
    if (path.normalize(file) === engine.options.lockfile) {
      await this.#landPinned().catch(this.#report)
      return
    }
    const changed = [...promptFilesOf(file, this.#session)].filter(isPromptFile)
    if (changed.some((promptFile) => this.#session.pages.has(promptFile))) this.#reloadPages()
    const declared = changed.filter((promptFile) => declarations.has(promptFile))
    this.#schedule(declared, engine.options.quietPeriod)
    if (isSourceFile(file)) {
      const named = namedFiles(file, await read())
      for (const promptFile of named) declarations.add(promptFile)
      this.#schedule(named, engine.options.quietPeriod)
    }
  }

  /** Begins nothing more. Calls under way finish and are pinned. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#session.engine.close()
  }

  async #start(): Promise<void> {
    const { engine, declarations } = this.#session
    const { rows, problems } = await engine.plan()
    for (const { declared } of rows) declarations.add(declared.file)
    for (const { place } of problems) if (place) declarations.add(place.file)
    const missing = rows.filter(({ state }) => state !== 'cached').map((row) => row.declared)
    if (missing.length === 0) return
    announceStandIns(missing, this.#session)
    const files = missing.map(({ file }) => file)
    this.#schedule(files, 0)
  }

  #schedule(files: readonly string[], delay: number): void {
    if (files.length === 0) return
    for (const file of files) this.#waiting.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#generate().catch(this.#report), delay)
  }

  async #generate(): Promise<void> {
    const files = [...this.#waiting]
    this.#waiting.clear()
    await this.#session.engine.generate(files, (file) => this.#land(file))
  }

  /** A picture is pinned: whoever shows its stand-in is told. */
  #land(file: string): void {
    if (!this.#session.standIns.delete(file)) return
    // A page that is being loaded has the stand-in already, and does not listen yet.
    if (this.#server.ws.clients.size === 0) this.#unseen.add(file)
    void this.#show(file)
  }

  /** The lockfile changed: another process may have pinned what is a stand-in here. */
  async #landPinned(): Promise<void> {
    const { engine, standIns } = this.#session
    for (const file of standIns) {
      const { state } = await engine.preview(file)
      if (state === 'pinned') this.#land(file)
    }
  }

  /** Brings a picture to the browser, and to modules on the server. */
  async #show(promptFile: string): Promise<void> {
    for (const environment of Object.values(this.#server.environments)) {
      for (const module of modulesOf(promptFile, this.#session, environment.moduleGraph)) {
        // A reload alone keeps what is being transformed at this moment, with the stand-in in it.
        environment.moduleGraph.invalidateModule(module)
        await environment.reloadModule(module)
      }
    }
    if (this.#session.pages.has(promptFile)) this.#reloadPages()
  }

  #reloadPages(): void {
    this.#server.environments.client.hot.send({ type: 'full-reload' })
  }

  readonly #report = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    this.#session.config.logger.error(`[gemini-image] ${message}`, { timestamp: true })
  }
}

/**
 * Runs `start` once the server serves people. Tools that create a server only to transform modules
 * (a test runner, a type generator) never listen, and so never spend.
 */
function whenServing(
  { httpServer, config }: ViteDevServer,
  isTest: boolean,
  start: () => void,
): void {
  if (httpServer) httpServer.once('listening', start)
  // In middleware mode someone else listens; without hot updates nobody watches.
  else if (config.server.hmr !== false && !isTest) start()
}

function announceStandIns(missing: readonly Declared[], { engine }: Session): void {
  const { provider, mode, logger } = engine.options
  if (mode !== 'auto' || provider) return
  const count = missing.length === 1 ? '1 placeholder is' : `${missing.length} placeholders are`
  const list = missing.map(({ place }) => `\n  ${formatPlace(place)}`).join('')
  logger.warn(
    `${count} shown, because there is no API key to generate with:${list}\n  Set GEMINI_API_KEY (https://aistudio.google.com/apikey) to get the real pictures.`,
  )
}

/** The prompt files that a source file names by relative paths; others follow once imported. */
function namedFiles(file: string, source: string): string[] {
  const relative = findSpecifiers(source).filter((specifier) => /^\.\.?\//.test(specifier))
  const named = relative.map((specifier) => path.resolve(path.dirname(file), specifier))
  const index = new PromptFileIndex(named)
  return relative.flatMap((specifier) => [...index.resolve(specifier, file)])
}
