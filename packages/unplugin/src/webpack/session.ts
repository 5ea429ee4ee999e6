import type { Options, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId, Logger } from '@gemini-image/core/internal'
import { fileOfId, type Host } from '@gemini-image/core/host'
import type { Compiler } from 'webpack'
import { askedFile } from '../project/asked-file.ts'
import { failureMessage } from '../project/failure-message.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { Build } from '../project/build.ts'
import { announceStandIns } from '../project/stand-ins.ts'
import { announceStudio } from '../project/announce-studio.ts'
import { stderrLogger } from '../project/stderr-logger.ts'
import type { Ask } from '../source/ask.ts'
import { canRedirectAll, type PictureImport } from './ahead.ts'
import { buildsOnce } from './builds-once.ts'

/** One compiler's work on the pictures of a project. */
export class Session extends Build {
  /** Whether people look at what is built while they work: placeholders are shown, and pictures follow. */
  readonly isServing: boolean
  /** Prompt files that were asked for and are not there: when they come, all is built again. */
  readonly missing: Set<string> = new Set()
  /** What the files are made from that were handed out without a module of ours. */
  readonly used: Set<string> = new Set()
  /** Whether Rspack builds once and keeps nothing: it need not know what the build depends on. */
  readonly isOnce: boolean
  /** Whether the source loader redirects all requests for pictures. */
  isAhead = false
  /** Module → its text when the build began, and the pictures that it imports at its head. */
  readonly imports: Map<string, { code: string; found: readonly PictureImport[] }> = new Map()
  #timer: NodeJS.Timeout | undefined
  #hasServed = false
  readonly #isWatching: boolean
  readonly #compiler: Compiler
  /** What went wrong in the last run. */
  #failed: string | undefined
  #hasBegun = false

  constructor(host: Host, compiler: Compiler) {
    super(host)
    this.#compiler = compiler
    this.isOnce = buildsOnce(compiler)
    this.#isWatching = compiler.watchMode
    this.isServing = compiler.watchMode && compiler.options.mode === 'development'
  }

  protected override async ready(): Promise<void> {
    this.missing.clear()
    this.used.clear()
    this.imports.clear()
    // Rspack takes rules before its first run, and none later.
    const mayBeAhead = this.isOnce && (!this.#hasBegun || this.isAhead)
    this.#hasBegun = true
    this.isAhead = false
    if (this.isServing) await this.#serve()
    else await (this.#isWatching ? super.ready() : this.prepare())
    this.isAhead = mayBeAhead && (await canRedirectAll(this))
  }

  /** Where people look on, its placeholder until it has landed. */
  override async shown(id: DeclarationId): Promise<ResolvedImage> {
    return this.isServing ? this.preview(id) : this.image(id)
  }

  /** Whether people see a placeholder, which says why it is one. */
  async isPlaceholder(id: DeclarationId): Promise<boolean> {
    return this.isServing && (await this.shown(id)).why !== undefined
  }

  /**
   * The file of a declaration's picture, with the query that is another loader's, for whoever asks for
   * nothing else.
   */
  async fileOf(id: DeclarationId, ask: Ask): Promise<string> {
    this.declarations.add(id)
    const image = await this.shown(id)
    for (const one of [fileOfId(id), ...image.inputs]) this.used.add(one)
    const { file, query } = await askedFile(image, ask, this, this.isServing)
    return file + query
  }

  /** The file of a prompt file's picture, where the last settling has found it. */
  fileAtHand(promptFile: string): string | undefined {
    if (this.isServing || this.state === 'wrong') return undefined
    const image = this.imageAtHand(promptFile)
    // Its layers are still to be drawn.
    if (image?.layers) return undefined
    if (image && !this.isOnce) for (const one of [promptFile, ...image.inputs]) this.used.add(one)
    return image?.file
  }

  /** Begins nothing more. @returns once calls under way have landed. */
  override close(): Promise<void> {
    clearTimeout(this.#timer)
    return super.close()
  }

  /** What is missing is drawn behind the compilation's back; the lockfile, which is watched, tells of it. */
  async #serve(): Promise<void> {
    const { missing } = await this.lookOver()
    const isFirst = !this.#hasServed
    this.#hasServed = true
    if (isFirst) announceStudio(this.options.logger)
    clearTimeout(this.#timer)
    if (missing.length === 0) return
    if (isFirst) await announceStandIns(missing, this)
    // What is being written is left alone until it rests; at the start, nothing is.
    const delay = isFirst ? 0 : this.options.quietPeriod
    const ids = missing.map(({ id }) => id)
    this.#timer = setTimeout(() => void this.#generate(ids), delay)
  }

  async #generate(ids: readonly DeclarationId[]): Promise<void> {
    await this.generate(ids).catch((error: unknown) => {
      const message = failureMessage(error)
      if (message === undefined) return
      this.options.logger.warn(message)
      // Placeholders say why; nothing that is watched has changed.
      if (message !== this.#failed) this.#compiler.watching?.invalidate()
      this.#failed = message
    })
  }
}

/**
 * Opens the session of a compiler that is about to run.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openSession(options: Options, compiler: Compiler): Promise<Session> {
  const { path: output } = compiler.options.output
  const outputs = output === undefined ? [] : [output]
  const opening = { hostRoot: compiler.context, outputs, logger: toLogger(compiler) }
  return new Session(await openHostWithEnv(options, opening), compiler)
}

function toLogger(compiler: Compiler): Logger {
  if (isMutedByRsbuild(compiler)) return stderrLogger
  const logger = compiler.getInfrastructureLogger('gemini-image')
  return { info: (message) => logger.info(message), warn: (message) => logger.warn(message) }
}

/** Rsbuild has no plugin tell more than errors; what is spent is told all the same. Another level was a person's choice. */
function isMutedByRsbuild({ options: { infrastructureLogging, plugins } }: Compiler): boolean {
  const isRsbuild = plugins.some((plugin) => plugin && nameOf(plugin) === 'RsbuildCorePlugin')
  return isRsbuild && infrastructureLogging.level === 'error'
}

function nameOf(plugin: object): unknown {
  return 'name' in plugin ? plugin.name : undefined
}
