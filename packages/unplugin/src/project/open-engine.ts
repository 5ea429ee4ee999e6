import path from 'node:path'
import process from 'node:process'
import {
  createEngine,
  findProjectRoot,
  openOptions,
  withEnvFiles,
  type Engine,
  type Logger,
  type Options,
} from '@gemini-image/core'
import { withSlashes } from './with-slashes.ts'

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
export async function openEngine(
  options: Options,
  { hostRoot, outputs, logger }: Opening,
): Promise<Engine> {
  const env = withEnvFiles(findProjectRoot(options.root, hostRoot), process.env)
  const resolved = await openOptions(options, { hostRoot, env, logger, hostMode: undefined })
  const globs = outputs.flatMap((output) => globsOf(resolved.root, output))
  return createEngine({ ...resolved, exclude: [...resolved.exclude, ...globs] })
}

/** Nothing for a folder that the project lies in: its source would be left out as well. */
function globsOf(root: string, output: string): readonly string[] {
  const fromRoot = withSlashes(path.relative(root, output))
  const isAround = fromRoot === '.' || fromRoot === '..' || fromRoot.startsWith('../')
  return isAround ? [] : [fromRoot, `${fromRoot}/**`]
}
