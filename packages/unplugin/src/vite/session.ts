import path from 'node:path'
import type { Options, ResolvedImage } from '@gemini-image/core'
import {
  findProjectRoot,
  openHost,
  withEnvFiles,
  type DeclarationId,
  type Host,
} from '@gemini-image/core/host'
import type { RenditionSet, RenditionWish } from '@gemini-image/core/internal'
import type { ResolvedConfig } from 'vite'
import { askedFile } from '../project/asked-file.ts'
import { HostProject } from '../project/host-project.ts'
import { readAsk } from '../source/ask.ts'
import { toLogger } from './log.ts'
import type { Wiring } from './pictures-api.ts'
import { StandIns } from './stand-ins.ts'

/** One Vite server or build, from its configuration on. */
export class Session extends HostProject {
  readonly config: ResolvedConfig
  /** Whether a test runner made the server, which must never spend. */
  readonly isTest: boolean
  /** Prompt file → files with a `url()` or a `new URL()` of it, so that they follow when the picture changes. */
  readonly users: Map<string, Set<string>> = new Map()
  /** Prompt files that HTML pages show. */
  readonly pages: Set<string> = new Set()
  readonly standIns: StandIns = new StandIns()
  /** What is wrong in a build that watches, until all modules are known, and so watched. */
  failure: unknown
  readonly #wiring: Wiring
  #preparing: Promise<void> | undefined

  constructor(config: ResolvedConfig, host: Host, isTest: boolean, wiring: Wiring) {
    super(host, wiring.sources)
    this.config = config
    this.isTest = isTest
    this.#wiring = wiring
  }

  /**
   * A build begins. All environments are prepared once; a build that watches prepares each of its
   * rebuilds, and says later what is wrong.
   */
  async begin(): Promise<void> {
    if (this.isWatching) {
      this.failure = undefined
      await this.prepareWatching().catch((error: unknown) => this.fail(error))
    } else {
      this.#preparing ??= this.prepare()
      await this.#preparing
    }
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

  /** Something is wrong with a picture. @throws it, unless it can be said later. */
  fail(error: unknown): void {
    if (!this.isWatching) throw error
    this.failure ??= error
  }

  /** @throws what is wrong in a build that watches. */
  assertSound(): void {
    if (this.failure !== undefined) throw this.failure
  }

  /** Tells other plugins that a picture has landed. */
  announce(): void {
    for (const listener of this.#wiring.listeners) listener()
  }

  /** The picture of a declaration: generated in a build, never by a dev server's request. */
  async picture(id: DeclarationId): Promise<ResolvedImage> {
    if (this.config.command === 'build') return this.image(id)
    return this.standIns.imageOf(id, (one) => this.preview(one))
  }

  override async render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet> {
    const made = await super.render(image, wish)
    if (this.config.command === 'build') return made
    const files = made.sources.flatMap((source) => source.files)
    this.standIns.noteRenditions(
      files.map(({ file }) => file),
      image,
    )
    return made
  }

  /** The file that is asked for where no module is, with the query that is another plugin's. */
  async fileOf(id: DeclarationId, asked: string): Promise<string> {
    const isDraft = this.config.command === 'serve'
    const image = await this.picture(id)
    const { file, query } = await askedFile(image, readAsk(asked), this, isDraft)
    return file + query
  }
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
  const env = withEnvFiles(files, process.env)
  const hasRunner = config.plugins.some(({ name }) => name.startsWith('vitest'))
  const isTest = config.command === 'serve' && (config.mode === 'test' || hasRunner)
  const host = await openHost(options, {
    hostRoot: config.root,
    env,
    logger,
    // A test never spends, and none fails for want of a picture.
    hostMode: config.mode === 'placeholder' || isTest ? 'placeholder' : undefined,
    outputs: [path.resolve(config.root, config.build.outDir)],
    cacheDir: config.cacheDir,
  })
  return new Session(config, host, isTest, wiring)
}
