import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { openOptions, openProject } from '@gemini-image/core'
import { share } from '@gemini-image/core/internal'
import { describe, expect, test } from 'vitest'
import { start } from '../support/process.ts'
import { createSite, openSite, type Site } from '../support/site.ts'

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples')
const NOT_IN_GIT = new Set(['node_modules', 'dist', '.astro', '.next'])
const OWN_CONFIG = 'gemini-image.config.ts'

/** A copy of an example that keeps its pictures in a shared store: a folder beside it. */
async function cloneOf(example: string, store: string): Promise<Site> {
  const site = await createSite({})
  const from = path.join(EXAMPLES, example)
  const skip = new Set([...NOT_IN_GIT, 'tsconfig.json'])
  await cp(from, site.root, {
    recursive: true,
    filter: (source) => !skip.has(path.relative(from, source)),
  })
  await linkPackages(path.join(from, 'node_modules'), site.path('node_modules'))
  const own = await readFile(path.join(from, OWN_CONFIG), 'utf8').catch(() => 'export default {}')
  await encodeQuickly(site)
  await site.remove(OWN_CONFIG)
  await site.write('own.config.ts', own)
  await site.write(
    'gemini-image.config.mjs',
    `import { unstorageStore } from '@gemini-image/core'
     import { createStorage } from 'unstorage'
     import fs from 'unstorage/drivers/fs'
     import own from './own.config.ts'
     const shared = unstorageStore(createStorage({ driver: fs({ base: ${JSON.stringify(store)} }) }))
     export default { ...own, store: { commit: false, shared } }\n`,
  )
  return site
}

/** Lets Astro make larger files in half the time. */
async function encodeQuickly(site: Site): Promise<void> {
  const file = 'astro.config.ts'
  if (!(await site.list('')).includes(file)) return
  const config = await site.read(file)
  const quick = config.replace('avif: { effort: 2 }', 'avif: { effort: 0 }, webp: { effort: 0 }')
  expect(quick).not.toBe(config)
  await site.write(file, quick)
}

/** All that is installed for an example, without what its own builds know of pictures. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const name of await readdir(from)) {
    if (name === '.cache' || name === '.astro') continue
    await symlink(path.join(from, name), path.join(to, name), 'junction')
  }
}

/** The build of a site by its own script, on a machine of CI. */
async function build(site: Site): Promise<string> {
  const { scripts } = JSON.parse(await site.read('package.json')) as { scripts: { build: string } }
  const [command = '', ...args] = scripts.build.split(' ')
  const bin = site.path('node_modules/.bin', command)
  const silent = { ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' }
  const env = { CI: 'true', NODE_ENV: '', VITEST: '', ...silent }
  const program = ['-c', `exec "${bin}" ${args.join(' ')}`]
  const { code, output } = await start(program, site.root, env, 'sh').ended
  expect(output).toMatch(/(\d+) pictures: \1 pinned/)
  expect(code).toBe(0)
  return output
}

describe('a fresh clone of an example', async () => {
  const examples = await readdir(EXAMPLES)

  test.each(examples)('of %s builds from a shared store, without a key', async (example) => {
    const store = (await createSite({})).path('store')
    const first = await cloneOf(example, store)
    const env = { ...process.env, GEMINI_API_KEY: 'any' }
    const project = openProject(await openOptions({}, { hostRoot: first.root, env }))
    expect(await share(project)).toBeGreaterThan(0)
    const clone = await cloneOf(example, store)
    await clone.remove('.gemini-image')
    await build(clone)
    const original = openSite(path.join(EXAMPLES, example))
    const pictures = (await original.list('.gemini-image')).filter((name) => name.includes('.'))
    expect(await clone.list('.gemini-image')).toEqual(expect.arrayContaining(pictures))
  })
})
