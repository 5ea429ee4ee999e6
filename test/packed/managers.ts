import process from 'node:process'
import { pnpmSpecifier } from './packages.ts'
import { run } from './run.ts'

/** What takes the place of packages that no registry has: name → `file:` and the tarball. */
export type Tarballs = Readonly<Record<string, string>>

/** A package manager, and how it is told to do things. */
export interface Manager {
  readonly program: string
  /** Come before all others. */
  readonly args: readonly string[]
  readonly install: readonly string[]
  /** Come before a command of an installed package. */
  readonly exec: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What goes into the site's manifest. */
  manifest(tarballs: Tarballs): object
  /** What stands beside the manifest. */
  files(tarballs: Tarballs): Readonly<Record<string, string>>
}

/** The package managers' names. */
export const MANAGERS = ['npm', 'pnpm', 'yarn', 'yarn 1'] as const
/** One of {@link MANAGERS}. */
export type ManagerName = (typeof MANAGERS)[number]

/** npm, which takes the first version that it finds for all that want one. */
export const npm: Manager = {
  program: 'npm',
  args: [],
  install: ['install', '--prefer-offline', '--strict-peer-deps', '--no-audit', '--no-fund'],
  exec: ['exec', '--no', '--'],
  manifest: (overrides) => ({ overrides }),
  files: () => ({}),
}

/** A package manager by its name. */
export async function openManager(name: ManagerName): Promise<Manager> {
  if (name === 'npm') return npm
  if (name === 'pnpm') return pnpm(await pnpmSpecifier())
  return name === 'yarn' ? yarn(await registry()) : YARN_1
}

/** pnpm, with which a package sees only what it has declared. */
function pnpm(specifier: string): Manager {
  const settings = {
    strictPeerDependencies: true,
    // No package finds by chance what another one has brought along.
    hoist: false,
    // Of Astro's: it brings a binary along, which its script only checks.
    allowBuilds: { esbuild: false },
  }
  return {
    program: 'npx',
    args: ['-y', specifier],
    install: ['install', '--prefer-offline', '--no-frozen-lockfile'],
    exec: ['exec'],
    manifest: () => ({}),
    // JSON is YAML.
    files: (overrides) => ({ 'pnpm-workspace.yaml': JSON.stringify({ ...settings, overrides }) }),
  }
}

/** Yarn as it comes: Plug'n'Play, which refuses an import of what is not declared. */
function yarn(registryServer: string): Manager {
  return {
    program: 'npx',
    args: ['-y', '--package', '@yarnpkg/cli-dist@4.18.1', 'yarn'],
    install: ['install', '--no-immutable'],
    exec: ['run'],
    env: { YARN_NPM_REGISTRY_SERVER: registryServer },
    manifest: (resolutions) => ({ resolutions }),
    // It makes the folder a project of its own.
    files: () => ({ 'yarn.lock': '' }),
  }
}

const YARN_1: Manager = {
  program: 'npx',
  args: ['-y', 'yarn@1.22.22'],
  install: ['install', '--prefer-offline', '--non-interactive'],
  exec: ['run', '--silent'],
  manifest: (resolutions) => ({ resolutions }),
  files: () => ({}),
}

/** npm's registry; Yarn does not read npm's settings. */
async function registry(): Promise<string> {
  const args = ['config', 'get', 'registry']
  return (await run({ program: 'npm', args, cwd: process.cwd() })).trim()
}
