import path from 'node:path'
import type { Options, ResolvedImage } from '@gemini-image/core'
import {
  findProjectRoot,
  openEnv,
  GeminiImageError,
  isInlineId,
  openHost,
  type DeclarationId,
  type Host,
} from '@gemini-image/core/host'
import type { RenditionSet, RenditionWish } from '@gemini-image/core/internal'
import type { ResolvedConfig } from 'vite'
import { askedFile } from '../project/asked-file.ts'
import { Build } from '../project/build.ts'
import { withSlashes } from '../project/with-slashes.ts'
import type { Ask } from '../source/ask.ts'
import { toLogger } from './log.ts'
import type { Wiring } from './pictures-api.ts'
import { StandIns } from './stand-ins.ts'

/** One Vite server or build, from its configuration on. */
export class Session extends Build {
  readonly config: ResolvedConfig
  /** Whether a test runner made the server, which must never spend. */
  readonly isTest: boolean
  /** Prompt file → files with a `url()` or a `new URL()` of it, so that they follow when the picture changes. */
  readonly users: Map<string, Set<string>> = new Map()
  /** Prompt files that HTML pages show. */
  readonly pages: Set<string> = new Set()
  readonly standIns: StandIns = new StandIns()
  readonly #host: Host
  readonly #wiring: Wiring
  readonly #builds = new Map<string, Build>()
  #begun: Promise<void> | undefined

  constructor(config: ResolvedConfig, host: Host, isTest: boolean, wiring: Wiring) {
    super(host, wiring.sources)
    this.config = config
    this.#host = host
    this.isTest = isTest
    this.#wiring = wiring
  }

  /**
   * The build of an environment: its own in a build that watches, where each begins by itself, again and again, and
   * what is wrong in one is not mended by another. Otherwise, this is the one of all.
   */
  buildOf(environment = ''): Build {
    if (!this.isWatching) return this
    const { sources } = this.#wiring
    const known = this.#builds.get(environment) ?? new Build(this.#host, sources, this.declarations)
    this.#builds.set(environment, known)
    return known
  }

  /** A build begins: once for all environments. */
  override begin(): Promise<void> {
    return (this.#begun ??= super.begin())
  }

  protected override ready(): Promise<void> {
    return this.prepare()
  }

  override get isPatient(): boolean {
    return false
  }

  /** Whether this is a build that watches. */
  get isWatching(): boolean {
    return this.config.command === 'build' && Boolean(this.config.build.watch)
  }

  /** Whether this is a dev server that bundles, as Vite's `experimental.bundledDev` has it. */
  get isBundledDev(): boolean {
    const { command, experimental } = this.config
    return command === 'serve' && Boolean(experimental?.bundledDev)
  }

  /**
   * Whatever module asks, an inline declaration is one if its file says so; of what is known to be one, the file
   * need not be read again.
   */
  override async admit(id: DeclarationId, importer: string | undefined): Promise<void> {
    const { declarations, options } = this
    if (declarations.has(id)) return
    const isGiven = !isInlineId(id) || (await isWritten(id, options.root))
    if (this.#isUrl(importer) || !isGiven) this.assertDeclared(id)
    else declarations.add(id)
  }

  /** @throws {GeminiImageError} `UNDECLARED_PICTURE`. */
  assertDeclared(id: DeclarationId): void {
    if (this.declarations.has(id)) return
    throw new GeminiImageError({
      code: 'UNDECLARED_PICTURE',
      what: 'A URL asked for a picture that nothing in the source declares.',
      fix: 'import the prompt file in a module, a stylesheet or a page.',
    })
  }

  /**
   * Whether a URL asks, which declares nothing. A dev server resolves URLs as if the root's
   * `index.html` imported them; scripts inside that page have a query behind its name. A test runner,
   * which never spends, keeps modules from one run to the next: it loads what no module of this run resolved.
   */
  #isUrl(importer: string | undefined): boolean {
    const { command, root } = this.config
    if (command === 'build' || this.isTest) return false
    return importer === undefined || importer === withSlashes(path.join(root, 'index.html'))
  }

  /** Tells other plugins that a picture has landed. */
  announce(): void {
    for (const listener of this.#wiring.listeners) listener()
  }

  /** Generated in a build, never by a dev server's request. */
  override async shown(id: DeclarationId): Promise<ResolvedImage> {
    if (this.config.command === 'build') return this.image(id)
    return this.standIns.imageOf(id, (one) => this.preview(one))
  }

  /** A test shows the same on every machine. */
  override preview(id: DeclarationId): Promise<ResolvedImage> {
    return super.preview(id, !this.isTest)
  }

  override async render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet> {
    const made = await super.render(image, wish)
    if (this.config.command === 'build') return made
    const files = made.sources.flatMap((source) => source.files)
    this.standIns.noteRenditions(
      wish,
      files.map(({ file }) => file),
      image,
    )
    return made
  }

  /** The file that is asked for where no module is, with the query that is another plugin's. */
  async fileOf(id: DeclarationId, ask: Ask): Promise<string> {
    const isDraft = this.config.command === 'serve'
    const image = await this.shown(id)
    const { file, query } = await askedFile(image, ask, this, isDraft)
    return file + query
  }
}

async function isWritten(id: DeclarationId, root: string): Promise<boolean> {
  const { findInline } = await import('@gemini-image/core/internal')
  return findInline(id, root) !== undefined
}

/**
 * Opens the session of a configuration.
 * @param wiring What other plugins hand over; more may be added until it is needed.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openSession(
  options: Options,
  config: ResolvedConfig,
  wiring: Wiring,
): Promise<Session> {
  const logger = toLogger(config)
  // Not by Vite's own `loadEnv`, which prints what it reads where Vite is called with --debug.
  const files = {
    dir: config.envDir || undefined,
    mode: config.mode,
    loadedFrom: findProjectRoot(options.root, config.root),
    warn: logger.warn,
  }
  const hasRunner = config.plugins.some(({ name }) => name.startsWith('vitest'))
  const isTest = config.command === 'serve' && (config.mode === 'test' || hasRunner)
  const host = await openHost(options, {
    hostRoot: config.root,
    ...openEnv(files, process.env),
    logger,
    // A test never spends, and none fails for want of a picture.
    hostMode: config.mode === 'placeholder' || isTest ? 'placeholder' : undefined,
    outputs: [path.resolve(config.root, config.build.outDir)],
    cacheDir: config.cacheDir,
  })
  return new Session(config, host, isTest, wiring)
}
