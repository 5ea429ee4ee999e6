import { createHash } from 'node:crypto'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { publint } from 'publint'
import { afterAll, describe, expect, test } from 'vitest'
import { describeImage } from '../support/images.ts'
import type { Site } from '../support/site.ts'
import { dependencyFaults, readPackage } from './dependencies.ts'
import { readLock } from './lock.ts'
import { MANAGERS, openManagers } from './managers.ts'
import { packAll, packageNames, WORKSPACE } from './packages.ts'
import { run } from './run.ts'
import { addPicture, ASTRO_SITE, makeSite, OBJECT, VITE_SITE } from './site.ts'
import { describeInstalled, measure, type Installed } from './size.ts'
import { typeErrors } from './types.ts'

// The first run fetches what the package managers do not have yet.
const PATIENCE = 300_000

const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gemini-image-packed-')))
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
const managers = await openManagers()
const packed = await packAll(folder, managers.pnpm.program)
const read = packed.map(readPackage)
const lock = await readLock()

test('every package is packed', async () => {
  expect(packed.map(({ name }) => name).toSorted()).toEqual(await packageNames())
})

describe.each(packed)('the tarball of $name', ({ name, manifest, tarball, files }) => {
  test('holds code, its types and what people read, and nothing else', () => {
    const expected =
      /^(package\.json|README\.md|LICENSE|client(?:-\w+)?\.d\.ts|dist\/[\w.-]+\.(d\.ts|js)|docs\/[\w-]+\.md|schema\/(?:prompt|picture|config)\.json|dist\/page\/(?:index\.html|licences\.md|assets\/[\w-]+\.(?:css|js|svg))|components\/\w+\.(astro|svelte|svelte\.d\.ts|ts))$/
    expect([...files.keys()].filter((file) => !expected.test(file))).toEqual([])
    expect([...files.keys()]).toEqual(expect.arrayContaining(['LICENSE', 'README.md']))
  })

  test('says nothing of the machine that packed it', () => {
    const places = [WORKSPACE, path.join(os.homedir(), '/')].filter((place) => place.length > 1)
    const telling = [...files].filter(([, text]) => places.some((place) => text.includes(place)))
    expect(telling.map(([file]) => file)).toEqual([])
  })

  test('asks for versions that a registry can have', () => {
    const ranges = { ...manifest.dependencies, ...manifest.peerDependencies }
    expect(Object.values(ranges).filter((range) => /^[a-z]+:/.test(range))).toEqual([])
    for (const { name: ours, manifest: other } of packed) {
      expect(ranges[ours] ?? other.version).toBe(other.version)
    }
  })

  test('has no dependency missing, and none unused', () => {
    const own = read.find((one) => one.manifest === manifest)
    expect(own && dependencyFaults(own, read)).toEqual([])
  })

  test("takes the site's own bundler, and installs no second one", () => {
    const hosts = packed.flatMap(({ manifest: other }) => Object.keys(other.peerDependencies ?? {}))
    expect(hosts).toEqual(expect.arrayContaining(['astro', 'vite', 'webpack']))
    const brought = Object.keys(manifest.dependencies ?? {})
    expect(brought.filter((dependency) => hosts.includes(dependency))).toEqual([])
  })

  test('leaves publint nothing to say', async () => {
    const bytes = await readFile(tarball)
    const { messages } = await publint({
      pack: { tarball: new Uint8Array(bytes).buffer },
      strict: true,
    })
    expect(messages).toEqual([])
  })

  test('has types that are right in every resolution of ES modules', async () => {
    const attw = path.join(WORKSPACE, 'test/node_modules/@arethetypeswrong/cli/dist/index.js')
    // The components are for Astro's Vite alone: TypeScript cannot resolve what ends in ".astro".
    const excluded = files.has('components/index.ts') ? ['--exclude-entrypoints', 'components'] : []
    const args = [attw, tarball, '--profile', 'esm-only', '--no-emoji', ...excluded]
    const checked = run({ program: process.execPath, args, cwd: folder })
    await expect(checked).resolves.toContain(`${name} v${manifest.version}`)
  })
})

test.each(MANAGERS)(
  'a Vite site installed with %s is built from its lockfile, with no key',
  async (name) => {
    const manager = managers[name]
    const packages = ['vite', 'unplugin-gemini-image']
    const site = await makeSite({ folder, manager, packed, lock, packages, files: VITE_SITE })
    await addPicture(site)
    await site.install()
    await site.exec('vite', 'build')
    const pictures = (await site.list('dist/assets')).filter((file) => file.endsWith('.jpg'))
    expect(pictures).toHaveLength(1)
    expect(await sha256(site, `dist/assets/${pictures[0]}`)).toBe(OBJECT)
    const plan = JSON.parse(await site.exec('gemini-image', 'plan', '--json')) as Plan
    expect(plan.rows).toEqual([
      expect.objectContaining({ state: 'pinned', place: 'src/hero.prompt.md:6:1' }),
    ])
  },
  PATIENCE,
)

interface Plan {
  readonly rows: readonly object[]
}

async function sha256(site: Site, file: string): Promise<string> {
  return createHash('sha256')
    .update(await site.bytes(file))
    .digest('hex')
}

// With pnpm, a site has to name sharp itself.
test.each([
  { name: 'npm', own: [] },
  { name: 'pnpm', own: ['sharp'] },
] as const)(
  'an Astro site installed with $name shows the picture, labelled',
  async ({ name, own }) => {
    const manager = managers[name]
    const packages = ['astro', 'astro-gemini-image', ...own]
    const site = await makeSite({ folder, manager, packed, lock, packages, files: ASTRO_SITE })
    await addPicture(site)
    await site.install()
    await site.exec('astro', 'build')
    const pictures = await site.list('dist/_astro')
    expect(pictures).toEqual([expect.stringMatching(/\.webp$/)])
    const bytes = await site.bytes(`dist/_astro/${pictures[0]}`)
    expect(await describeImage(bytes)).toBe('webp 640x357')
    expect(bytes.includes('digitalsourcetype/trainedAlgorithmicMedia')).toBe(true)
    expect(await site.read('dist/index.html')).toContain(pictures[0])
    expect(await site.exec('gemini-image', '--version')).toContain(packed[0]?.manifest.version)
  },
  PATIENCE,
)

test(
  'the types of every entry compile where they are installed, also if libraries are checked',
  async () => {
    const manager = managers.pnpm
    const hosts = ['vite', 'astro', 'webpack', '@rspack/core', 'rollup', 'rolldown', 'esbuild']
    const frameworks = ['@types/react', 'react', 'svelte', 'vue']
    const packages = [...hosts, ...frameworks, 'sharp', ...packed.map(({ name }) => name)]
    const site = await makeSite({ folder, manager, packed, lock, packages })
    await site.install()
    for (const { manifest } of packed) expect(await typeErrors(site, manifest)).toEqual([])
  },
  PATIENCE,
)

test(
  'what is installed beside Vite stays below 30 MB and 32 packages',
  async () => {
    const installed = async (packages: readonly string[]): Promise<Installed> => {
      const site = await makeSite({ folder, manager: managers.npm, packed, lock, packages })
      await site.install()
      return measure(site)
    }
    const alone = await installed(['vite'])
    const beside = await installed(['vite', 'unplugin-gemini-image'])
    const added = {
      bytes: beside.bytes - alone.bytes,
      packages: beside.packages - alone.packages,
    }
    console.log(
      `Installed with npm: vite ${describeInstalled(alone)}, ` +
        `with unplugin-gemini-image ${describeInstalled(beside)}: ${describeInstalled(added)} more.`,
    )
    expect(added.bytes).toBeLessThan(30e6)
    expect(added.packages).toBeLessThan(32)
  },
  PATIENCE,
)
