import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { findRepository, git, type Repository } from './git.ts'
import { detectInstalling, type Installing } from './package-manager.ts'

/** What builds a site. */
export type HostName = 'astro' | 'next' | 'vite' | 'rspack' | 'webpack' | 'none'

/** What was found out about a project. */
export interface Host {
  readonly name: HostName
  /** For people. */
  readonly label: string
  /** Whether the project is written in TypeScript. */
  readonly usesTypes: boolean
  /** Whether its `.js` and `.ts` files are modules. */
  readonly usesModules: boolean
  /** The host's configuration file, from the root, where there is one. */
  readonly configFile: string | undefined
  /** The packages that it names. */
  readonly dependencies: ReadonlySet<string>
  readonly repository: Repository | undefined
  readonly usesGitHub: boolean
  readonly installing: Installing
}

/** In the order in which they are looked for: Astro brings Vite along. */
const HOSTS: readonly { name: HostName; label: string; configs: string; package: string }[] = [
  { name: 'astro', label: 'an Astro site', configs: 'astro.config', package: 'astro' },
  { name: 'next', label: 'a Next.js site', configs: 'next.config', package: 'next' },
  { name: 'vite', label: 'a Vite site', configs: 'vite.config', package: 'vite' },
  { name: 'rspack', label: 'an Rspack site', configs: 'rspack.config', package: '@rspack/core' },
  { name: 'webpack', label: 'a webpack site', configs: 'webpack.config', package: 'webpack' },
]

const EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const

/** Finds out what builds the project in `root`. */
export async function detectHost(root: string): Promise<Host> {
  const { dependencies, usesModules } = await readPackage(root)
  const configOf = (configs: string): string | undefined =>
    EXTENSIONS.map((extension) => `${configs}.${extension}`).find((file) =>
      existsSync(path.join(root, file)),
    )
  const found =
    HOSTS.find((host) => dependencies.has(host.package)) ??
    // In a monorepo, the packages may be named above.
    HOSTS.find(({ configs }) => configOf(configs) !== undefined)
  const repository = await findRepository(root)
  return {
    name: found?.name ?? 'none',
    label: found?.label ?? 'a project without a bundler that is known here',
    usesTypes: existsSync(path.join(root, 'tsconfig.json')),
    usesModules,
    configFile: found && configOf(found.configs),
    dependencies,
    repository,
    usesGitHub: await isOnGitHub(repository),
    installing: detectInstalling(root, repository),
  }
}

async function readPackage(root: string): Promise<Pick<Host, 'dependencies' | 'usesModules'>> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}')
  try {
    const { dependencies, devDependencies, type } = JSON.parse(text) as Partial<{
      dependencies: object
      devDependencies: object
      type: string
    }>
    const names = Object.keys({ ...dependencies, ...devDependencies })
    return { dependencies: new Set(names), usesModules: type === 'module' }
  } catch {
    return { dependencies: new Set(), usesModules: false }
  }
}

/** A repository without a remote may go anywhere; most go there. */
async function isOnGitHub(repository: Repository | undefined): Promise<boolean> {
  if (!repository) return false
  if (existsSync(path.join(repository.top, '.github'))) return true
  const remotes = (await git(repository.top, 'remote', '-v')) ?? ''
  return remotes.trim() === '' || remotes.includes('github')
}
