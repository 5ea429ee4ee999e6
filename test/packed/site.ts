import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { openSite, type Site } from '../support/site.ts'
import { closureOf, idOf, type Closure, type Lock } from './lock.ts'
import type { Manager } from './managers.ts'
import { WORKSPACE, type Packed } from './packages.ts'
import { run } from './run.ts'

type Files = Readonly<Record<string, string>>

/** A site outside the workspace. */
export interface Outside extends Site {
  /** Installs what the manifest asks for, and checks that it is what the workspace's lockfile has. */
  install(): Promise<void>
  /** Runs a command of an installed package as CI would, and gives its stdout. */
  exec(...command: string[]): Promise<string>
}

/** What a site is made of. */
export interface Plan {
  readonly folder: string
  readonly manager: Manager
  readonly packed: readonly Packed[]
  readonly lock: Lock
  /** Names of packages: ours from their tarballs, others as this workspace has them. */
  readonly packages: readonly string[]
  readonly files?: Files
}

/** Makes a site in a folder that has no packages above it. */
export async function makeSite(plan: Plan): Promise<Outside> {
  const { folder, manager, files = {} } = plan
  const site = openSite(await mkdtemp(path.join(folder, 'site-')))
  const call = (args: readonly string[], env: Files = {}): Promise<string> =>
    run({
      program: manager.program,
      args,
      cwd: site.root,
      env: { ...manager.env, ...env },
    })
  const closure = closureOf(plan.packages, plan.lock)
  const { manifest, settings } = await manifestOf(plan, closure)
  await site.write('package.json', JSON.stringify(manifest, null, 2))
  for (const [file, text] of Object.entries({ ...settings, ...files })) await site.write(file, text)
  return {
    ...site,
    install: async () => {
      await call(manager.install)
      checkInstalled(await manager.installed(site), plan, closure)
    },
    exec: (...command) => call([...manager.exec, ...command], { CI: 'true' }),
  }
}

async function manifestOf(
  { manager, packed, packages }: Plan,
  { pins, ours }: Closure,
): Promise<{ manifest: object; settings: Files }> {
  const tarballs = Object.fromEntries(
    packed
      .filter(({ name }) => ours.has(name))
      .map(({ name, tarball }) => [name, `file:${tarball}`]),
  )
  const direct = pins.filter(({ parent }) => parent === undefined)
  const versions = Object.fromEntries(direct.map(({ name, version }) => [name, version]))
  const wanted = packages.map((name) => [name, tarballs[name] ?? versions[name]])
  const manifest = {
    name: 'site',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(wanted) as Files,
    ...(await manager.manifest({ tarballs, pins })),
  }
  return { manifest, settings: await manager.files({ tarballs, pins }) }
}

/** Holds what a manager has installed against what the workspace's lockfile has. */
function checkInstalled(installed: ReadonlySet<string>, plan: Plan, closure: Closure): void {
  const ours = plan.packed.map(({ manifest }) => idOf(manifest))
  const known = new Set([...closure.pins.map(idOf), ...ours])
  const strangers = [...installed].filter((id) => !known.has(id))
  expect(strangers, 'packages that the lockfile does not have').toEqual([])
  const names = Array.from(installed, (id) => id.replace(/(?<=.)@.*/, ''))
  expect(names, 'packages of the manifest').toEqual(expect.arrayContaining([...plan.packages]))
}

/** The SHA-256 of the picture that {@link addPicture} pins. */
export const OBJECT = 'df18c20a0974b68647339a52ddf4f5b5ee6b890e0bc8d77e505bea8398604a2e'

/** Adds a prompt file, `src/hero.prompt.md`, with a lockfile and a store that hold its picture alone. */
export async function addPicture(site: Site): Promise<void> {
  const example = openSite(path.join(WORKSPACE, 'examples/vite'))
  await site.write('src/hero.prompt.md', await example.read('src/pictures/night-sky.prompt.md'))
  const lines = (await example.read('gemini-image.lock')).split('\n')
  const kept = lines.filter((line) => !line.startsWith('  ') || line.includes(OBJECT))
  await site.write('gemini-image.lock', kept.join('\n'))
  const object = `.gemini-image/night-sky.${OBJECT.slice(0, 12)}.jpg`
  await site.write(object, await example.bytes(object))
}

/** A page that shows the picture, its types included. */
export const VITE_SITE: Files = {
  'index.html':
    '<!doctype html><img id="hero"><script type="module" src="/src/main.ts"></script>\n',
  'vite.config.ts': `
    import geminiImage from 'unplugin-gemini-image/vite'
    export default { plugins: [geminiImage()] }\n`,
  'gemini-image.config.ts': `
    import { defineConfig } from 'unplugin-gemini-image/config'
    export default defineConfig({ budget: 0 })\n`,
  'src/main.ts': `
    /// <reference types="unplugin-gemini-image/client" />
    import hero, { alt, width } from './hero.prompt.md?gemini-image'
    const image = document.querySelector<HTMLImageElement>('#hero')!
    Object.assign(image, { src: hero, alt, width } satisfies Partial<HTMLImageElement>)\n`,
}

/** A page that shows the picture with Astro's own component, beside one of ours. */
export const ASTRO_SITE: Files = {
  'astro.config.mjs': `
    import geminiImage from 'astro-gemini-image'
    export default { integrations: [geminiImage()] }\n`,
  'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { GeneratedImageCredits } from 'astro-gemini-image/components'
import hero, { alt, grounding } from '../hero.prompt.md?gemini-image'
---

<Image src={hero} alt={alt} width={640} />
<GeneratedImageCredits of={grounding} />
`,
}
