import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import {
  fileOfId,
  isGeminiImageError,
  isInlineId,
  isSearched,
  splitMarker,
} from '@gemini-image/core/host'
import {
  CONFIG_FILES,
  findAsked,
  findRequests,
  isContentFile,
  isPromptFile,
  type DeclarationId,
  type Declared,
  type Generated,
  type GenerateOptions,
} from '@gemini-image/core/internal'
import type { HotUpdateOptions, ViteDevServer } from 'vite'
import { failureMessage } from '../project/failure-message.ts'
import { announceStandIns } from '../project/stand-ins.ts'
import { mayBeInput } from '../project/inputs.ts'
import { withSlashes } from '../project/with-slashes.ts'
import { clientOf, environmentsOf } from './environments.ts'
import { declarationsOf, modulesOf } from './modules.ts'
import {
  loadPlaceholderClient,
  PlaceholderPages,
  withPlaceholderClient,
} from './placeholder-pages.ts'
import { servePicture, wantsImage } from './serve-picture.ts'
import type { Session } from './session.ts'
import { missingIn } from './stand-ins.ts'

/** Milliseconds: longer than the last of several pictures needs to land, shorter than anyone notices. */
const RELOAD_DELAY = 50

/** A module asks for a file's URL, not for the file. */
const IMPORT_QUERY = /[?&]import(?:&|$)/

/** A prompt file as a download, which Vite would serve like any file; modules ask for it with a query of theirs. */
const DOWNLOAD = /^[^?]*\.prompt\.md(?:$|\?(?!(?:.*&)?(?:import|raw|url)(?:[=&]|$)))/

/** Milliseconds after a look at everything: whoever opens a page is served first. */
const REMEMBER_DELAY = 3000

interface Landed {
  /** By `performance.now()`. */
  readonly at: number
  /** The names of the files that pages showed until then, as long as none was asked for since. */
  readonly unasked: Set<string>
  /** As long as no page has said since that it shows one. */
  readonly untold: Set<string>
}

/**
 * Keeps a dev server's pictures up to date. Money is spent for two reasons only: the server
 * started, or a file was saved. No request can cause it.
 */
export class DevPictures {
  readonly #session: Session
  readonly #server: ViteDevServer
  readonly #pages: PlaceholderPages
  /** What to generate once all is quiet. */
  readonly #waiting = new Set<DeclarationId>()
  /** Pictures that landed, which a page on its way to a browser may not have. */
  readonly #landed = new Map<DeclarationId, Landed>()
  #timer: NodeJS.Timeout | undefined
  #reloading: NodeJS.Timeout | undefined
  #remembering: NodeJS.Timeout | undefined
  /** When a page was asked for last. */
  #askedAt = 0
  /** Whether something in the project was wrong when all of it was looked at. */
  #hasProblems = false

  constructor(session: Session, server: ViteDevServer) {
    this.#session = session
    this.#server = server
    this.#pages = new PlaceholderPages(session, server, (file) =>
      this.#showInPlaceOf(file, 'untold'),
    )
    for (const file of session.options.configInputs ?? []) watchOutside(file, server)
    session.inputs.watchWith((file) => watchOutside(file, server))
    server.middlewares.use(({ headers, url = '' }, answer, next) => {
      if (DOWNLOAD.test(url) && !(wantsImage(headers) && splitMarker(url))) {
        answer.writeHead(404).end()
        return
      }
      if (headers.accept?.includes('text/html')) this.#askedAt = performance.now()
      else if (!IMPORT_QUERY.test(url)) {
        this.#showInPlaceOf(session.standIns.fileShownBy(url), 'unasked')
      }
      next()
    })
    server.middlewares.use(servePicture(session))
    server.ws.on('connection', () => this.#catchUp())
    whenServing(server, session.isTest, () => void this.#start().catch(this.#report))
  }

  /** A file was saved: what it asks for is generated after a quiet while, never at once. */
  async onSave({
    file,
    read,
    type,
  }: Pick<HotUpdateOptions, 'file' | 'read' | 'type'>): Promise<void> {
    const { options, declarations } = this.#session
    const isInput = options.configInputs?.includes(path.resolve(file)) ?? false
    if (isInput || isConfigFile(file, options.root)) {
      await this.#server.restart()
      return
    }
    const changed = [...declarationsOf(file, this.#session)].filter(isDeclaration)
    if (changed.some((id) => this.#needsReload(id))) this.#reloadPages()
    if (type === 'delete') return
    if (path.normalize(file) === options.lockfile) {
      await this.#landPinned().catch(this.#report)
      return
    }
    if (isContentFile(file) || (this.#hasProblems && mayBeInput(file))) {
      await this.lookAgain()
    }
    const declared = changed.filter((id) => declarations.has(id))
    this.#schedule(declared, options.quietPeriod)
    if (isSearched(path.normalize(file), options.root)) {
      const asked = askedBy(file, await read(), options.root)
      for (const id of asked) declarations.add(id)
      this.#schedule(asked, options.quietPeriod)
    }
  }

  /** Declarations may have come to light that were not there, or could not be read, before. */
  async lookAgain(): Promise<void> {
    await this.#lookAgain().catch(this.#report)
  }

  /**
   * Generates pictures because a person wants it, and shows them where pages show those before them.
   * @throws {GeminiImageError} as {@link Session.generate}.
   */
  async generate(ids: readonly DeclarationId[], options: GenerateOptions = {}): Promise<Generated> {
    const { standIns } = this.#session
    const shown = options.redraw ? ids : []
    const before = new Map<string, ResolvedImage>()
    for (const id of shown) before.set(withSlashes(id), await this.#session.preview(id))
    const onLanded = (landed: DeclarationId): void => {
      // Pages show the picture before it, which is a placeholder now.
      const former = before.get(withSlashes(landed))
      if (former && !standIns.shownOf(withSlashes(landed))) {
        standIns.show(withSlashes(landed), former)
      }
      this.#land(landed)
    }
    const named = ids.map(withSlashes)
    return this.#pages.during(named, () => this.#session.generate(ids, { ...options, onLanded }))
  }

  /** Vite's client, with what follows placeholders in pages. */
  withClient(code: string): string {
    return withPlaceholderClient(code)
  }

  /** The module that follows them. */
  loadClient(): Promise<string> {
    return loadPlaceholderClient()
  }

  /** Begins nothing more. @returns once calls under way have landed. */
  stop(): Promise<void> {
    clearTimeout(this.#timer)
    clearTimeout(this.#reloading)
    clearTimeout(this.#remembering)
    this.#pages.close()
    return this.#session.close()
  }

  /** Whether no server takes the place of this one; not known before its hook `closeServer`, where Vite has one. */
  get isClosingForGood(): boolean {
    // Until Vite 8, a promise while the server starts again.
    const { _restartPromise } = this.#server as { _restartPromise?: Promise<void> | null }
    return _restartPromise === null
  }

  async #start(): Promise<void> {
    const missing = await this.#missing()
    if (missing.length === 0) return
    await announceStandIns(missing, this.#session)
    this.#schedule(
      missing.map(({ id }) => id),
      0,
    )
  }

  /** What is missing of all that the source asks for. */
  async #missing(): Promise<readonly Declared[]> {
    const { missing, problems } = await this.#session.lookOver()
    for (const { place } of problems) if (place) this.#session.declarations.add(place.file)
    this.#hasProblems = problems.length > 0
    if (missing.length === 0 && !this.#hasProblems) this.#rememberSoon()
    return missing
  }

  /** The next server begins with what was found, as builds do. */
  #rememberSoon(): void {
    clearTimeout(this.#remembering)
    const remember = (): Promise<void> => this.#session.rememberLook().catch(() => undefined)
    this.#remembering = setTimeout(() => void remember(), REMEMBER_DELAY).unref()
  }

  async #lookAgain(): Promise<void> {
    const { options, inputs } = this.#session
    const known = inputs.known()
    const missing = await this.#missing()
    const fresh = missing.map(({ id }) => withSlashes(id)).filter((id) => !known.has(id))
    this.#schedule(fresh, options.quietPeriod)
  }

  #schedule(ids: readonly DeclarationId[], delay: number): void {
    if (ids.length === 0) return
    for (const id of ids) this.#waiting.add(withSlashes(id))
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#generateWaiting().catch(this.#report), delay)
  }

  async #generateWaiting(): Promise<void> {
    const ids = [...this.#waiting]
    this.#waiting.clear()
    const onLanded = (id: DeclarationId): void => this.#land(id)
    await this.#pages.during(ids, () => this.#session.generate(ids, { onLanded }))
  }

  /** A picture is pinned: whoever shows its placeholder is told. */
  #land(landed: DeclarationId): void {
    const id = withSlashes(landed)
    // No page may have asked for it yet, and what it is made from is to be known.
    this.#session.preview(id).catch(this.#report)
    const { standIns } = this.#session
    const wholes = standIns.wholesOf(id)
    for (const one of [id, ...wholes]) {
      const names = standIns.land(one)
      if (names === undefined && one === id) continue
      const [unasked, untold] = [new Set(names), new Set(names)]
      this.#landed.set(one, { at: performance.now(), unasked, untold })
      void this.#show(one)
    }
  }

  /** A page listens that was asked for before a picture landed: it may have been made with the placeholder. */
  #catchUp(): void {
    for (const [id, { at }] of this.#landed) if (at >= this.#askedAt) void this.#show(id)
  }

  /**
   * A page shows a placeholder whose picture has landed: its module was being loaded then, in the browser or on the
   * server, and Vite passes over news of such a module. Once as it is asked for and once as it is told: what shows it
   * again has the name from elsewhere.
   */
  #showInPlaceOf(file: string, news: 'unasked' | 'untold'): void {
    const { standIns } = this.#session
    // Nearly all that a browser asks for is something else.
    if (!standIns.named(file)) return
    for (const [id, landed] of this.#landed) {
      if (standIns.shownOf(id) || !landed[news].delete(file)) continue
      void this.#show(id)
    }
  }

  /** The lockfile changed: another process may have pinned what is a placeholder here. */
  async #landPinned(): Promise<void> {
    const { standIns } = this.#session
    for (const id of standIns.ids()) {
      // An edit may have taken its declaration back: whoever loads its module is told of that.
      const image = await this.#session.preview(id).catch(() => undefined)
      if (image && missingIn(image, id).length === 0) this.#land(id)
    }
  }

  /** Brings a picture to the browser, and to modules on the server. */
  async #show(id: DeclarationId): Promise<void> {
    this.#session.announce()
    const shown = new Set<string>()
    for (const environment of environmentsOf(this.#server)) {
      for (const module of modulesOf(id, this.#session, environment.moduleGraph)) {
        // A reload alone keeps what is being transformed at this moment, with the placeholder in it.
        environment.moduleGraph.invalidateModule(module)
        await environment.reloadModule(module)
        shown.add(environment.name)
      }
    }
    // What the server alone has put into a page, no module in the browser can replace.
    const isServers = shown.size > 0 && !shown.has('client')
    if (isServers || this.#session.pages.has(id)) this.#reloadPages()
  }

  /**
   * Whether HMR alone cannot bring a picture to the browser: a page has it in its HTML, or its module
   * failed when it was first loaded, so that Vite knows none of those who wait for it.
   */
  #needsReload(id: DeclarationId): boolean {
    const { pages, inputs } = this.#session
    if (pages.has(id)) return true
    if (!inputs.isBroken(id)) return false
    const { moduleGraph } = clientOf(this.#server)
    const modules = modulesOf(id, this.#session, moduleGraph)
    return modules.length === 0 || modules.some((one) => one.isSelfAccepting === undefined)
  }

  /** Once for all pictures that land together. */
  #reloadPages(): void {
    const { ws } = this.#server
    clearTimeout(this.#reloading)
    this.#reloading = setTimeout(() => ws.send({ type: 'full-reload' }), RELOAD_DELAY)
  }

  readonly #report = (error: unknown): void => {
    const message = failureMessage(error)
    if (message === undefined) return
    this.#session.config.logger.error(`[gemini-image] ${message}`, { timestamp: true })
  }
}

/**
 * Runs `start` once the server serves people. Tools that create a server only to transform modules
 * (a test runner, a type generator) never listen, and so never spend.
 */
function whenServing(server: ViteDevServer, isTest: boolean, start: () => void): void {
  if (server.httpServer) server.httpServer.once('listening', start)
  else if (mayServe(server) && !isTest) start()
}

/** Whether a server may have people to serve: in middleware mode someone else listens; without hot updates nobody watches. */
export function mayServe({ httpServer, config }: ViteDevServer): boolean {
  return httpServer !== null || config.server.hmr !== false
}

/** Vite watches its root; prompt files and their inputs may lie anywhere in the project. */
function watchOutside(file: string, { config, watcher }: ViteDevServer): void {
  if (!file.startsWith(`${config.root}/`)) watcher.add(file)
}

function isConfigFile(file: string, root: string): boolean {
  return path.dirname(path.resolve(file)) === root && CONFIG_FILES.includes(path.basename(file))
}

function isDeclaration(id: string): boolean {
  return isInlineId(id) || isPromptFile(fileOfId(id))
}

/**
 * What a source file declares, and the prompt files that it names by relative paths; others follow
 * once imported.
 */
function askedBy(file: string, source: string, root: string): DeclarationId[] {
  const { declarations } = findAsked(source, { file, root }, undefined)
  const inline = declarations.flatMap((one) => (isGeminiImageError(one) ? [] : one.id))
  return [...namedFiles(file, source), ...inline]
}

function namedFiles(file: string, source: string): string[] {
  return findRequests(source, file).flatMap((request) =>
    'file' in request && /^\.\.?\//.test(request.file)
      ? path.resolve(path.dirname(file), request.file) + request.selection
      : [],
  )
}
