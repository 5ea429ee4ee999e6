import type { HostEngine, Logger, Options } from '@gemini-image/core'
import { findProjectRoot, openEngine, withEnvFiles } from '@gemini-image/core/host'

/** What a host says of itself when it opens a project. */
export interface Opening {
  /** The folder that the host works in. */
  readonly hostRoot: string
  /** Files and folders that the host writes, absolute: what is built declares nothing. */
  readonly outputs: readonly string[]
  readonly logger: Logger
}

/**
 * Opens the engine of a project for a host that reads no `.env` files of its own.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export function openProjectEngine(options: Options, opening: Opening): Promise<HostEngine> {
  const env = withEnvFiles(findProjectRoot(options.root, opening.hostRoot), process.env)
  return openEngine(options, { ...opening, env })
}
