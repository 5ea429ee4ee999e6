import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { findRepository, git, type Repository } from '@gemini-image/core/internal'
import { HOSTS, type Adding, type HostRow } from './hosts.ts'
import { detectInstalling, type Installing } from './package-manager.ts'

/** What was found out about a project. */
export interface Host {
  /** As in the table of hosts; `none` where there is none. */
  readonly name: string
  /** For people. */
  readonly label: string
  /** Whether the project is written in TypeScript. */
  readonly usesTypes: boolean
  /** Whether its `.js` and `.ts` files are modules. */
  readonly usesModules: boolean
  /** The host's configuration file, from the root, where there is one. */
  readonly configFile: string | undefined
  /** The name that it would have, without an extension. */
  readonly configName: string | undefined
  /** Whether that is JavaScript, whatever the project is written in. */
  readonly isScript: boolean
  /** Vitest's configuration, where it has one of its own. */
  readonly testConfig: string | undefined
  /** Jest's configuration, where the project names Jest; in `package.json`, if it has none of its own. */
  readonly jestConfig: string | undefined
  /** Storybook's configuration, where that builds with Vite. */
  readonly storiesConfig: string | undefined
  /** The script of `package.json` that bundles by a command, where no build script does. */
  readonly commandScript: string | undefined
  readonly markdown: HostRow['markdown']
  /** How it comes by the plugin. */
  readonly adding: Adding | undefined
  /** The packages that it names. */
  readonly dependencies: ReadonlySet<string>
  /** The major version of the host that the project names. */
  readonly major: string | undefined
  /** Packages that the host needs for it in its own major version, besides ours. */
  readonly needs: readonly string[]
  readonly repository: Repository | undefined
  readonly usesGitHub: boolean
  readonly installing: Installing
}

const EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const

/** Finds out what builds the project in `root`. */
export async function detectHost(root: string): Promise<Host> {
  const { dependencies, majors, usesModules, hasJest, scripts } = await readPackage(root)
  const existing = (...configs: readonly string[]): string | undefined =>
    configs
      .flatMap((config) => EXTENSIONS.map((extension) => `${config}.${extension}`))
      .find((file) => existsSync(path.join(root, file)))
  const found =
    HOSTS.find(({ packages }) => packages.some((name) => dependencies.has(name))) ??
    // In a monorepo, the packages may be named above.
    HOSTS.find((row) => isTelling(row) && existing(...row.configs) !== undefined)
  const repository = await findRepository(root)
  const configFile =
    found && (existing(...found.configs) ?? (await buildScript(root, found, scripts)))
  const jestConfig = existing('jest.config') ?? (hasJest ? 'package.json' : undefined)
  return {
    name: found?.name ?? 'none',
    label: found?.label ?? 'a project without a bundler that is known here',
    usesTypes: existsSync(path.join(root, 'tsconfig.json')),
    usesModules,
    configFile: found?.name === 'jest' ? jestConfig : configFile,
    commandScript: configFile === undefined ? commandScript(found, scripts) : undefined,
    markdown: found?.markdown,
    isScript: found?.isScript ?? false,
    testConfig: existing('vitest.config'),
    jestConfig: dependencies.has('jest') ? jestConfig : undefined,
    storiesConfig: [...dependencies].some((name) => /^@storybook\/[\w-]+-vite$/.test(name))
      ? existing('.storybook/main')
      : undefined,
    configName: found?.configs[0],
    adding: found?.adding,
    dependencies,
    major: found?.packages.flatMap((name) => majors.get(name) ?? [])[0],
    needs: found?.needs ?? [],
    repository,
    usesGitHub: await isOnGitHub(repository),
    installing: detectInstalling(root, repository),
  }
}

const SCRIPT_FILE = /^(?:\.\/)?[\w@][\w@./-]*\.[cm]?[jt]s$/

/** A file of any name that a script runs and that hands plugins over, from the root. */
async function buildScript(
  root: string,
  { name, adding }: HostRow,
  scripts: Named,
): Promise<string | undefined> {
  if (adding.kind !== 'code' || !adding.handedTo) return undefined
  const words = Object.values(scripts).flatMap((script) => script.split(/[\s;&|'"]+/))
  for (const word of words.filter((one) => SCRIPT_FILE.test(one))) {
    const text = await readFile(path.join(root, word), 'utf8').catch(() => '')
    const isIts = text.toLowerCase().includes(name) && adding.handedTo.test(text)
    if (isIts) return path.posix.normalize(word)
  }
  return undefined
}

/** The name of a script that bundles by a command. */
function commandScript(row: HostRow | undefined, scripts: Named): string | undefined {
  const command = row?.adding.kind === 'code' ? row.adding.command : undefined
  return command && Object.keys(scripts).find((name) => command.test(scripts[name] ?? ''))
}

/** Whether the name of its configuration file is nobody else's. */
function isTelling({ name, configs }: HostRow): boolean {
  return configs[0].includes(name)
}

type Named = Readonly<Record<string, string>>

interface Package extends Pick<Host, 'dependencies' | 'usesModules'> {
  /** By package, where it is named by a range of versions. */
  readonly majors: ReadonlyMap<string, string>
  readonly scripts: Named
  /** Whether it configures Jest. */
  readonly hasJest: boolean
}

async function readPackage(root: string): Promise<Package> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}')
  try {
    const { dependencies, devDependencies, type, jest, scripts } = JSON.parse(text) as Partial<{
      scripts: Named
      dependencies: Named
      devDependencies: Named
      type: string
      jest: object
    }>
    const named = Object.entries({ ...dependencies, ...devDependencies })
    return {
      dependencies: new Set(named.map(([name]) => name)),
      majors: new Map(
        named.flatMap(([name, range]) => {
          const [, major] = /^[~^=v]*(\d+)(?=\.|$)/.exec(range) ?? []
          return major === undefined ? [] : [[name, major]]
        }),
      ),
      usesModules: type === 'module',
      hasJest: jest !== undefined,
      scripts: scripts ?? {},
    }
  } catch {
    return NO_PACKAGE
  }
}

const NO_PACKAGE: Package = {
  dependencies: new Set(),
  majors: new Map(),
  usesModules: false,
  hasJest: false,
  scripts: {},
}

/** A repository without a remote may go anywhere; most go there. */
async function isOnGitHub(repository: Repository | undefined): Promise<boolean> {
  if (!repository) return false
  if (existsSync(path.join(repository.top, '.github'))) return true
  const remotes = (await git(repository.top, 'remote', '-v')) ?? ''
  return remotes.trim() === '' || remotes.includes('github')
}
