import path from 'node:path'
import process from 'node:process'
import type { Options, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import type { BuildOptions, PartialMessage } from 'esbuild'
import { Build } from '../project/build.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import type { Log } from './log.ts'
import { toMessages } from './messages.ts'

/** One context of esbuild, from its first build on. */
export class Session extends Build {
  #isTold = false

  override begin(): Promise<void> {
    this.#isTold = false
    return super.begin()
  }

  /**
   * The picture of a declaration, which is known to be the one that the lockfile pins: esbuild writes
   * what it has built before it asks any plugin again.
   */
  override async picture(id: DeclarationId): Promise<ResolvedImage | undefined> {
    const image = await super.picture(id)
    await this.verify().catch(() => undefined)
    return this.state === 'wrong' ? undefined : image
  }

  /** What is wrong, for the first who asks in a build: esbuild shows all that it is told. */
  tell(): PartialMessage[] {
    if (this.state !== 'wrong' || this.#isTold) return []
    this.#isTold = true
    return toMessages(this.failure)
  }

  /** What every build depends on. */
  watchFiles(): string[] {
    return [...new Set([...this.watched(), this.options.lockfile])]
  }
}

/**
 * Opens the session of a context.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openSession(
  options: Options,
  { absWorkingDir, outdir, outfile }: BuildOptions,
  logger: Log,
): Promise<Session> {
  const hostRoot = absWorkingDir ?? process.cwd()
  const output = outdir ?? outfile
  const outputs = output === undefined ? [] : [path.resolve(hostRoot, output)]
  return new Session(await openHostWithEnv(options, { hostRoot, outputs, logger }))
}
