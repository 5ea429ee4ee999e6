// oxlint-disable-next-line no-restricted-imports -- looks for modules that a configuration names, and opens nothing.
import { existsSync, statSync } from 'node:fs'
import nodeModule from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readImportHead } from '../declare/requests/import-head.ts'
import { GeminiImageError, isGeminiImageError } from '../kernel/errors/error.ts'
import { readFixedFile } from '../kernel/files/fixed-file.ts'
import { startOf } from '../kernel/place.ts'
import type { Options } from './options.ts'

/** A configuration file that was read. */
export interface ConfigFile {
  readonly file: string
  /** That, and the modules that it imports by relative paths, and they; absolute. */
  readonly inputs: readonly string[]
  /** What it exports, not validated yet. */
  readonly options: Options
}

/**
 * Reads a folder's configuration file. It is read anew when it has changed since, or one of its inputs.
 * @throws {GeminiImageError} `INVALID_CONFIG`.
 */
export async function readConfigFile(dir: string, file: string): Promise<ConfigFile> {
  const inputs = modulesFrom(file)
  const exported = await importDefault(file, inputs).catch((error: unknown) => {
    if (isGeminiImageError(error)) throw error.at(startOf(dir, file))
    throw invalidConfig(dir, file, 'It cannot be run.', error)
  })
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw invalidConfig(dir, file, 'It has no default export that is an object.')
  }
  return { file, inputs, options: exported }
}

/** Bytes of a module that are looked at. */
const MOST = 1_000_000

/** A module, and those that it imports by relative paths at its head, and they; absolute. None for no module. */
export function modulesFrom(file: string | undefined): readonly string[] {
  const found = new Set(file === undefined ? [] : [file])
  // A set goes on to what is added while it is walked through.
  for (const one of found) {
    for (const { specifier } of readImportHead(readFixedFile(one, MOST) ?? '')) {
      const imported = path.resolve(path.dirname(one), specifier)
      if (/^\.\.?\//.test(specifier) && existsSync(imported)) found.add(imported)
    }
  }
  return [...found]
}

/** Node strips types by itself. @see https://nodejs.org/api/typescript.html */
async function importDefault(file: string, inputs: readonly string[]): Promise<unknown> {
  const stamps = inputs.map((input) => statSync(input).mtimeMs)
  const url = `${pathToFileURL(file).href}?changed=${stamps.join('-')}`
  const module: unknown = await (inputs.length > 1 ? importAnew(url, inputs) : import(url))
  return await (module as { default?: unknown }).default
}

/**
 * Imports a module under a URL of its own, and modules that it imports under the query of that: Node reads all of them anew.
 * Bun has no such hooks, and reads the module alone.
 * @param inputs The modules that are read anew, absolute.
 */
async function importAnew(url: string, inputs: readonly string[]): Promise<unknown> {
  const { search } = new URL(url)
  const urls = new Set(inputs.map((input) => pathToFileURL(input).href))
  const hooks = nodeModule.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context)
      const isInput = context.parentURL?.endsWith(search) && urls.has(found.url)
      return isInput ? { ...found, url: found.url + search } : found
    },
  })
  try {
    return await import(url)
  } finally {
    hooks?.deregister()
  }
}

/** Error of Node's loader → how a configuration does without. */
const FIXES: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'Node only strips types: write a constant object in place of an enum, and a module in place of a namespace.',
  ERR_MODULE_NOT_FOUND:
    'Node imports a file by its whole name: write "./styles.ts", not "./styles". A package must be installed.',
  ERR_UNSUPPORTED_DIR_IMPORT:
    'Node imports a file by its whole name: write "./styles/index.ts", not "./styles".',
}

function invalidConfig(dir: string, file: string, what: string, cause?: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_CONFIG',
    what,
    why: cause instanceof Error ? cause.message : undefined,
    fix:
      FIXES[(cause as NodeJS.ErrnoException | undefined)?.code ?? ''] ??
      'write "export default { … }" with the options of gemini-image.',
    place: startOf(dir, file),
    cause,
  })
}
