import path from 'node:path'
import {
  createEngine,
  fileOfId,
  formatDollars,
  openOptions,
  type DeclarationId,
  type Engine,
  type GeminiImageError,
  type Options,
  type ResolvedImage,
  type Summary,
} from '@gemini-image/core'
import { loadEnv, normalizePath, type ResolvedConfig } from 'vite'
import { createDeclarations, type Declarations } from '../declarations.ts'
import { Inputs } from './inputs.ts'
import { toLogger } from './log.ts'
import type { Wiring } from './pictures-api.ts'

/** One Vite server or build, from its configuration on. */
export interface Session {
  readonly config: ResolvedConfig
  readonly engine: Engine
  /** Whether a test runner made the server, which must never spend. */
  readonly isTest: boolean
  readonly declarations: Declarations
  /** Reads again what is declared where no scan can see it. */
  meet(): Promise<void>
  /** Tells other plugins that a picture has landed. */
  announce(): void
  /** Prompt file → files with a `url()` of it, so that they follow when the picture changes. */
  readonly stylesheets: Map<string, Set<string>>
  /** Prompt files that HTML pages show. */
  readonly pages: Set<string>
  /** What pictures are made from, for a dev server. */
  readonly inputs: Inputs
  /** The files whose change makes a build that watches build again. */
  watched(): Iterable<string>
  /** Declarations whose stand-in was served, and whose picture has not been since. */
  readonly standIns: Set<DeclarationId>
  /**
   * Makes everything that the source asks for available, and says so in one line. All environments
   * of a build share one settling; a build that watches settles for each of its rebuilds.
   */
  settle(): Promise<void>
  /** The picture of a declaration: generated in a build, never by a dev server's request. */
  picture(id: DeclarationId): Promise<ResolvedImage>
  /** The picture or its stand-in, as it is now; remembers what it is made from. */
  preview(id: DeclarationId): Promise<ResolvedImage>
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
  const env = environment(config)
  const engine = await openEngine(options, config, env)
  const isTest = config.mode === 'test' || Boolean(env['VITEST'])
  return new ViteSession(config, engine, isTest, wiring)
}

class ViteSession implements Session {
  readonly config: ResolvedConfig
  readonly engine: Engine
  readonly isTest: boolean
  readonly declarations: Declarations = createDeclarations()
  readonly stylesheets = new Map<string, Set<string>>()
  readonly pages = new Set<string>()
  readonly inputs: Inputs = new Inputs()
  readonly standIns = new Set<DeclarationId>()
  readonly #wiring: Wiring
  /** Files besides the declaring ones whose change makes a build that watches build again. */
  readonly #watched = new Set<string>()
  #settled: Promise<void> | undefined

  constructor(config: ResolvedConfig, engine: Engine, isTest: boolean, wiring: Wiring) {
    this.config = config
    this.engine = engine
    this.isTest = isTest
    this.#wiring = wiring
  }

  *watched(): Iterable<string> {
    for (const id of this.declarations.all()) yield fileOfId(id)
    yield* this.#watched
  }

  settle(): Promise<void> {
    if (this.config.build.watch) return this.#settleWatching()
    this.#settled ??= this.#settle()
    return this.#settled
  }

  async meet(): Promise<void> {
    const { root } = this.engine.options
    const met = await Promise.all(this.#wiring.sources.map((source) => source(root)))
    this.engine.meet(met.flat())
    for (const { id } of met.flat()) this.declarations.add(id)
  }

  announce(): void {
    for (const listener of this.#wiring.listeners) listener()
  }

  async picture(id: DeclarationId): Promise<ResolvedImage> {
    if (this.config.command === 'build') return this.engine.image(id)
    // Before it is known: the picture may land while its stand-in is being drawn.
    this.standIns.add(id)
    const image = await this.preview(id)
    if (image.state === 'pinned') this.standIns.delete(id)
    return image
  }

  async preview(id: DeclarationId): Promise<ResolvedImage> {
    try {
      const image = await this.engine.preview(id)
      this.inputs.note(id, image.inputs)
      return image
    } catch (error) {
      this.inputs.noteBroken(id)
      throw error
    }
  }

  async #settle(): Promise<void> {
    await this.meet()
    const summary = await this.engine.settle()
    for (const id of summary.ids) this.declarations.add(id)
    for (const file of summary.inputs) this.#watched.add(file)
    this.engine.options.logger.info(describe(summary))
  }

  /** Of what is wrong as well: mending it is to build again. */
  async #settleWatching(): Promise<void> {
    try {
      await this.#settle()
    } catch (error) {
      for (const file of await filesInvolved(this.engine)) this.#watched.add(file)
      throw error
    }
  }
}

async function openEngine(
  options: Options,
  config: ResolvedConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Engine> {
  const resolved = await openOptions(options, {
    hostRoot: config.root,
    env,
    logger: toLogger(config),
    hostMode: config.mode === 'placeholder' ? 'placeholder' : undefined,
  })
  const outDir = path.resolve(config.root, config.build.outDir)
  const outGlob = `${normalizePath(path.relative(resolved.root, outDir))}/**`
  return createEngine({ ...resolved, exclude: [...resolved.exclude, outGlob] })
}

/** All files of pictures, and those in which something is wrong. */
async function filesInvolved(engine: Engine): Promise<readonly string[]> {
  const { rows, problems } = await engine.plan()
  const declared = rows.flatMap((row) => [row.declared.file, ...row.declared.inputs])
  return [...declared, ...problems.flatMap(filesOf)]
}

/** The files in which something is wrong. */
function filesOf({ place, problems }: GeminiImageError): string[] {
  return [...(place ? [place.file] : []), ...problems.flatMap(filesOf)]
}

/** `5 pictures: 3 pinned, 2 generated ($0.07)`. */
function describe({ ids, generated, placeholders, spent }: Summary): string {
  const parts = [
    `${ids.length - generated - placeholders} pinned`,
    generated > 0 && `${generated} generated (${formatDollars(spent)})`,
    placeholders > 0 && count(placeholders, 'placeholder'),
  ]
  return `${count(ids.length, 'picture')}: ${parts.filter(Boolean).join(', ')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/**
 * The process's variables over those of `.env` files. The names that we read have no `VITE_`
 * prefix, so Vite never hands them to the browser.
 */
function environment(config: ResolvedConfig): Record<string, string | undefined> {
  const prefixes = ['GEMINI_', 'GOOGLE_']
  const files = config.envDir === false ? {} : loadEnv(config.mode, config.envDir, prefixes)
  return { ...files, ...process.env }
}
