// oxlint-disable-next-line no-restricted-imports -- looks for fixed names before there is a root, and opens nothing.
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startOf } from '../kernel/place.ts'
import { GeminiImageError, isGeminiImageError } from '../kernel/errors/error.ts'
import type { Options } from './options.ts'

/** What a configuration file may be called, in the order in which they are looked for. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map(
  (extension) => `gemini-image.config.${extension}`,
)

/** A project's configuration file, read. */
export interface ConfigFile {
  /** Absolute path. */
  readonly file: string
  /** What it exports, not judged yet. */
  readonly options: Options
}

/** Gives options back as they are: an editor knows their types then. */
export function defineConfig(options: Options): Options {
  return options
}

/** The absolute path of a folder's configuration file, if it has one. */
export function findConfigFile(dir: string): string | undefined {
  return CONFIG_FILES.map((name) => path.join(dir, name)).find((file) => existsSync(file))
}

/**
 * Reads a folder's configuration file. It is read anew when it has changed since; what it imports
 * is not.
 * @throws {GeminiImageError} `INVALID_CONFIG`.
 */
export async function readConfigFile(dir: string): Promise<ConfigFile | undefined> {
  const file = findConfigFile(dir)
  if (file === undefined) return undefined
  const exported = await importDefault(file).catch((error: unknown) => {
    if (isGeminiImageError(error)) throw error.at(startOf(dir, file))
    throw invalidConfig(dir, file, 'It cannot be run.', error)
  })
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw invalidConfig(dir, file, 'It has no default export that is an object.')
  }
  return { file, options: exported }
}

/**
 * Node strips types by itself from 22.18 on; jiti reads the file where Node is older or the file
 * holds what cannot merely be stripped.
 * @see https://nodejs.org/api/typescript.html
 */
async function importDefault(file: string): Promise<unknown> {
  const isPlain = !/\.m?ts$/.test(file)
  try {
    if (isPlain || process.features.typescript) {
      const { mtimeMs } = statSync(file)
      const module: unknown = await import(`${pathToFileURL(file).href}?changed=${mtimeMs}`)
      return await (module as { default?: unknown }).default
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' && code !== 'ERR_MODULE_NOT_FOUND') throw error
  }
  const { createJiti } = await import('jiti')
  return createJiti(file, { moduleCache: false }).import(file, { default: true })
}

function invalidConfig(dir: string, file: string, what: string, cause?: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_CONFIG',
    what,
    why: cause instanceof Error ? cause.message : undefined,
    fix: 'write "export default { … }" with the options of gemini-image.',
    place: startOf(dir, file),
    cause,
  })
}
