import process from 'node:process'
import type { Site } from '../support/site.ts'
import { inModules, inYarnLock } from './installed.ts'
import {
  npmOverrides,
  pnpmOverrides,
  yarn1Lock,
  yarn1Resolutions,
  yarn1Stubs,
  yarnResolutions,
  type Chosen,
} from './overrides.ts'
import { pnpmSpecifier } from './packages.ts'
import { npx, run } from './run.ts'

type Files = Readonly<Record<string, string>>

/** A package manager, and how it is told to do things. */
export interface Manager {
  readonly program: string
  readonly install: readonly string[]
  /** Come before a command of an installed package. */
  readonly exec: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What goes into the site's manifest. */
  manifest(chosen: Chosen): object | Promise<object>
  /** What stands beside the manifest. */
  files(chosen: Chosen): Files | Promise<Files>
  /** The packages that it has installed, each as `name@version`. */
  installed(site: Site): Promise<ReadonlySet<string>>
}

/** The package managers' names. */
export const MANAGERS = ['npm', 'pnpm', 'yarn', 'yarn 1'] as const
/** One of {@link MANAGERS}. */
export type ManagerName = (typeof MANAGERS)[number]

/** Finds the package managers, each in one version. */
export async function openManagers(): Promise<Readonly<Record<ManagerName, Manager>>> {
  const [npmProgram, pnpmProgram, yarnProgram, yarn1Program, registryServer] = await Promise.all([
    npx('npm@11.19.1', 'npm'),
    pnpmSpecifier().then((specifier) => npx(specifier, 'pnpm')),
    npx('@yarnpkg/cli-dist@4.18.1', 'yarn'),
    npx('yarn@1.22.22', 'yarn'),
    registry(),
  ])
  return {
    npm: npm(npmProgram),
    pnpm: pnpm(pnpmProgram),
    yarn: yarn(yarnProgram, registryServer),
    'yarn 1': yarn1(yarn1Program, registryServer),
  }
}

/** npm, which takes the first version that it finds for all that want one. */
function npm(program: string): Manager {
  return {
    program,
    install: ['install', '--prefer-offline', '--strict-peer-deps', '--no-audit', '--no-fund'],
    exec: ['exec', '--no', '--'],
    manifest: (chosen) => ({ overrides: npmOverrides(chosen) }),
    files: () => ({}),
    installed: inModules,
  }
}

/** pnpm, with which a package sees only what it has declared. */
function pnpm(program: string): Manager {
  const settings = {
    strictPeerDependencies: true,
    // No package finds by chance what another one has brought along.
    hoist: false,
    // Of Astro's: it brings a binary along, which its script only checks.
    allowBuilds: { esbuild: false },
  }
  return {
    program,
    install: ['install', '--prefer-offline', '--no-frozen-lockfile'],
    exec: ['exec'],
    manifest: () => ({}),
    // JSON is YAML.
    files: (chosen) => {
      const overrides = pnpmOverrides(chosen)
      return { 'pnpm-workspace.yaml': JSON.stringify({ ...settings, overrides }) }
    },
    installed: inModules,
  }
}

/** Yarn as it comes: Plug'n'Play, which refuses an import of what is not declared. */
function yarn(program: string, registryServer: string): Manager {
  return {
    program,
    install: ['install', '--no-immutable'],
    exec: ['run'],
    env: { YARN_NPM_REGISTRY_SERVER: registryServer },
    manifest: (chosen) => ({ resolutions: yarnResolutions(chosen) }),
    // It makes the folder a project of its own.
    files: () => ({ 'yarn.lock': '' }),
    installed: inYarnLock,
  }
}

function yarn1(program: string, registryServer: string): Manager {
  return {
    program,
    install: ['install', '--prefer-offline', '--non-interactive'],
    exec: ['run', '--silent'],
    // It knows a tarball by its name and version alone, and would take that of an earlier run.
    env: { YARN_CACHE_FOLDER: '.yarn-cache' },
    manifest: async (chosen) => ({ resolutions: await yarn1Resolutions(chosen) }),
    files: async (chosen) => ({
      'yarn.lock': await yarn1Lock(chosen, registryServer),
      ...(await yarn1Stubs(chosen)),
    }),
    installed: inModules,
  }
}

/** npm's registry; Yarn does not read npm's settings. */
async function registry(): Promise<string> {
  const args = ['config', 'get', 'registry']
  return (await run({ program: 'npm', args, cwd: process.cwd() })).trim().replace(/\/$/, '')
}
