import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** What builds a site. */
export type HostName = 'astro' | 'next' | 'vite' | 'webpack' | 'none'

/** What was found out about a project. */
export interface Host {
  readonly name: HostName
  /** For people. */
  readonly label: string
  /** Whether the project is written in TypeScript. */
  readonly usesTypes: boolean
  /** The host's configuration file, from the root, where there is one. */
  readonly configFile: string | undefined
  readonly usesGitHub: boolean
  readonly packageManager: PackageManager
  /** What a person does next, a line each. */
  readonly nextSteps: readonly string[]
}

/** What installs packages. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'

/** In the order in which they are looked for: Astro brings Vite along. */
const HOSTS: readonly { name: HostName; label: string; configs: string }[] = [
  { name: 'astro', label: 'an Astro site', configs: 'astro.config' },
  { name: 'next', label: 'a Next.js site', configs: 'next.config' },
  { name: 'vite', label: 'a Vite site', configs: 'vite.config' },
  { name: 'webpack', label: 'a webpack site', configs: 'webpack.config' },
]

/** Finds out what builds the project in `root`. */
export async function detectHost(root: string): Promise<Host> {
  const dependencies = await readDependencies(root)
  const found = HOSTS.find(({ name }) => dependencies.has(name))
  const {
    name = 'none',
    label = 'a project without a bundler that is known here',
    configs = '',
  } = found ?? {}
  const configFile = ['ts', 'mts', 'js', 'mjs', 'cjs']
    .map((extension) => `${configs}.${extension}`)
    .find((file) => configs !== '' && existsSync(path.join(root, file)))
  const packageManager = findPackageManager(root)
  return {
    name,
    label,
    usesTypes: existsSync(path.join(root, 'tsconfig.json')),
    configFile,
    usesGitHub: hasAbove(root, '.github') || hasAbove(root, '.git'),
    packageManager,
    nextSteps: nextSteps(name, dependencies, packageManager),
  }
}

async function readDependencies(root: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}')
  try {
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object | undefined>
    return new Set(Object.keys({ ...dependencies, ...devDependencies }))
  } catch {
    return new Set()
  }
}

function findPackageManager(root: string): PackageManager {
  const lockfiles: readonly [string, PackageManager][] = [
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
  ]
  return lockfiles.find(([file]) => hasAbove(root, file))?.[1] ?? 'npm'
}

/** Whether a folder or one above it holds a file. */
function hasAbove(dir: string, file: string): boolean {
  if (existsSync(path.join(dir, file))) return true
  const above = path.dirname(dir)
  return above !== dir && hasAbove(above, file)
}

function nextSteps(
  host: HostName,
  dependencies: ReadonlySet<string>,
  packageManager: PackageManager,
): readonly string[] {
  const name = host === 'vite' || host === 'astro' ? 'unplugin-gemini-image' : 'gemini-image'
  const add = packageManager === 'npm' ? 'npm install -D' : `${packageManager} add -D`
  return [
    ...(dependencies.has(name) ? [] : [`${add} ${name}`]),
    'put GEMINI_API_KEY=… into .env.local (https://aistudio.google.com/apikey)',
    'write a prompt file and import it: import hero from "./hero.prompt.md?gemini-image"',
    'gemini-image generate',
  ]
}
