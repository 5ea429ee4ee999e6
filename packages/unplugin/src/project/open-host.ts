import type { Options } from '@gemini-image/core'
import type { Logger } from '@gemini-image/core/internal'
import { findProjectRoot, openEnv, openHost, type Host } from '@gemini-image/core/host'

/** What a host says of itself when it opens a project. */
export interface Opening {
  /** The folder that the host works in. */
  readonly hostRoot: string
  /** Files and folders that the host writes, absolute: what is built declares nothing. */
  readonly outputs: readonly string[]
  readonly logger: Logger
  /** The mode that names two more env files. @default none */
  readonly envMode?: string | undefined
}

/**
 * Opens a project for a host that reads no `.env` files of its own.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export function openHostWithEnv(options: Options, { envMode, ...opening }: Opening): Promise<Host> {
  const dir = findProjectRoot(options.root, opening.hostRoot)
  const files = { dir, mode: envMode, warn: opening.logger.warn }
  return openHost(options, { ...opening, ...openEnv(files, process.env) })
}
