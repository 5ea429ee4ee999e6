import { cp, mkdir, readFile, realpath, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The major versions of Astro that the integration supports. */
export const MAJORS = [5, 6, 7] as const
/** One of {@link MAJORS}. */
export type Major = (typeof MAJORS)[number]

const WORKSPACE = path.resolve(import.meta.dirname, '../../..')
const HOSTS = path.resolve(import.meta.dirname, '../hosts')

/** Our packages: name → folder. */
const OURS = {
  'astro-gemini-image': 'astro',
  'unplugin-gemini-image': 'unplugin',
  '@gemini-image/core': 'core',
  'gemini-image': 'cli',
} as const

/** What a site's own packages are: those of one major of Astro. */
const HOST_PACKAGES = ['astro', '@astrojs/mdx', '@astrojs/node', '@astrojs/check', 'typescript']
/** What Astro brings along, and we import as the site's own. */
const OF_ASTRO = ['vite', 'sharp']

/** The real folder of Astro, of one major. */
export function astroFolder(major: Major): Promise<string> {
  return realpath(path.join(HOSTS, `astro${major}/node_modules/astro`))
}

/**
 * Fills a site's `node_modules` as an installation from the registry would: Astro, Vite and sharp of
 * one major, and copies of our packages' published files. Copies, because a link would be resolved
 * to this workspace, where `astro` and `vite` are of one version.
 */
export async function installPackages(modules: string, major: Major): Promise<void> {
  const host = path.join(HOSTS, `astro${major}/node_modules`)
  for (const name of HOST_PACKAGES) await link(path.join(host, name), path.join(modules, name))
  const astro = await astroFolder(major)
  for (const name of OF_ASTRO) await link(path.join(astro, '..', name), path.join(modules, name))
  for (const [name, folder] of Object.entries(OURS)) {
    await copyPublished(path.join(WORKSPACE, 'packages', folder), path.join(modules, name))
  }
}

interface Manifest {
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
}

async function copyPublished(from: string, to: string): Promise<void> {
  const manifest = createRequire(import.meta.url)(path.join(from, 'package.json')) as Manifest
  await mkdir(to, { recursive: true })
  for (const file of ['package.json', ...(manifest.files ?? [])]) {
    await cp(path.join(from, file), path.join(to, file), { recursive: true })
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    // An installation takes Astro's Vite for ours, too.
    if (name in OURS || name === 'vite') continue
    await link(path.join(from, 'node_modules', name), path.join(to, 'node_modules', name))
  }
}

async function link(target: string, at: string): Promise<void> {
  await mkdir(path.dirname(at), { recursive: true })
  await symlink(await realpath(target), at, 'junction')
}

/** The script of the `astro` command, of one major. */
export async function astroCommand(major: Major): Promise<string> {
  const folder = await astroFolder(major)
  const text = await readFile(path.join(folder, 'package.json'), 'utf8')
  const { bin } = JSON.parse(text) as { readonly bin: { readonly astro: string } }
  return path.join(folder, bin.astro)
}
