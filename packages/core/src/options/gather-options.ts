// oxlint-disable-next-line no-restricted-imports -- looks for fixed names before there is a root, and opens nothing.
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { homedir } from 'node:os'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { ConfigFile } from './config-file.ts'
import type { Options } from './options.ts'

/** What a configuration file may be called, in the order in which they are looked for. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map(
  (extension) => `gemini-image.config.${extension}`,
)

/** Gives options back as they are: an editor knows their types then. */
export function defineConfig(options: Options): Options {
  return options
}

/** The absolute path of a folder's configuration file, if it has one. */
function findConfigFile(dir: string): string | undefined {
  return CONFIG_FILES.map((name) => path.join(dir, name)).find((file) => existsSync(file))
}

/** Gives what tells of a folder which modules decide what its configuration file says. */
export async function openConfigInputs(): Promise<(dir: string) => readonly string[]> {
  const { modulesFrom } = await import('./config-file.ts')
  return (dir) => modulesFrom(findConfigFile(dir))
}

/** The options of a project as people wrote them; nothing is validated yet. */
export interface GatheredOptions {
  /** Those of the configuration file with those of the host over them, and an absolute root. */
  readonly options: Options & { readonly root: string }
  readonly config: ConfigFile | undefined
}

/**
 * Brings together what the configuration file says and what the host says, one option by one.
 * @param options What the plugin or the command line says; what is `undefined` says nothing.
 * @param hostRoot Where the host works. Absolute.
 * @throws {GeminiImageError} `INVALID_OPTION` for a root that is not there; `INVALID_CONFIG`.
 */
export async function gatherOptions(options: Options, hostRoot: string): Promise<GatheredOptions> {
  const start = findProjectRoot(options.root, hostRoot)
  assertFolder(start)
  const config = await readConfig(start)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const own = options.root === undefined ? config?.options.root : undefined
  // What is no text is refused when the options are validated.
  const root = path.resolve(start, typeof own === 'string' ? own : '.')
  assertFolder(root)
  return { options: { ...config?.options, ...Object.fromEntries(given), root }, config }
}

async function readConfig(dir: string): Promise<ConfigFile | undefined> {
  const file = findConfigFile(dir)
  if (file === undefined) return undefined
  const { readConfigFile } = await import('./config-file.ts')
  return readConfigFile(dir, file)
}

/** The root of a repository or of a workspace holds one of these. */
const TOP_MARKERS = ['.git', 'pnpm-workspace.yaml', 'lerna.json']

/**
 * The folder that an option names, or else the nearest one, from the host's upwards, that is a
 * project. The search ends at the root of the repository or workspace, and at the home directory: a
 * configuration file is a program, and those above are somebody else's.
 */
export function findProjectRoot(option: string | undefined, hostRoot: string): string {
  if (option !== undefined) return path.resolve(hostRoot, option)
  const markers = ['gemini-image.lock', 'package.json']
  const holds = (dir: string, names: readonly string[]): boolean =>
    names.some((name) => existsSync(path.join(dir, name)))
  for (let dir = path.resolve(hostRoot); ; dir = path.dirname(dir)) {
    if (findConfigFile(dir) || holds(dir, markers)) return dir
    const isTop = dir === path.dirname(dir) || dir === homedir() || holds(dir, TOP_MARKERS)
    if (isTop) return path.resolve(hostRoot)
  }
}

/** A root that is not there would pass for a project without pictures. */
function assertFolder(root: string): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The root ${root} is not a folder.`,
    fix: 'fix the option "root": an absolute path, or one from the folder in which you work.',
  })
}
