import { lstat, mkdir, readFile, readlink, rename, symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { batchesOf } from '../errors/provoke.ts'
import { importing, prompting, setStage, thrownBy, type Stage } from '../errors/stage.ts'
import { runCommand } from '../support/command.ts'
import { createSite, type Site } from '../support/site.ts'
import { KINDS } from './kinds.ts'

const SCENE = {
  'main.js': importing('scene'),
  'scene.prompt.md': prompting('variants: 2\nalt: ""'),
}

/** A stage, and a folder that nothing of it may reach. */
async function besideAnother(): Promise<Stage & { readonly other: Site }> {
  return { ...(await setStage(SCENE)), other: await createSite({ 'file.txt': 'Theirs' }) }
}

test.for([
  ['the lockfile', 'gemini-image.lock', 'file.txt'],
  ['the lockfile, to a lockfile', 'gemini-image.lock', 'good.lock'],
  ['the record of batch jobs', 'gemini-image.batch', 'file.txt'],
  ['the store', '.gemini-image', '.'],
  ['the .gitignore of the store', '.gemini-image/.gitignore', 'file.txt'],
] as const)('nothing is written through a link out of the root: %s', async ([, link, target]) => {
  const stage = await besideAnother()
  await stage.other.write('good.lock', KINDS['the lockfile'].good())
  await mkdir(path.dirname(stage.site.path(link)), { recursive: true })
  await symlink(stage.other.path(target), stage.site.path(link))
  const before = await stage.other.list('.', true)
  const isCommitted = link !== '.gemini-image/.gitignore'
  const run = { options: { store: { commit: isCommitted } } }
  const batch = (): unknown => batchesOf(stage).submit([stage.site.path('scene.prompt.md')])
  const error = await thrownBy(() => (link.endsWith('.batch') ? batch() : stage.prepare(run)))
  expect((error as Error).message).toContain('by way of a symbolic link')
  expect(await stage.other.list('.', true)).toEqual(before)
  expect(await stage.other.read('file.txt')).toBe('Theirs')
  expect(await readlink(stage.site.path(link))).toBe(stage.other.path(target))
})

test('a link that leads nowhere is replaced, and never made to lead somewhere', async () => {
  const { site, other, prepare } = await besideAnother()
  await symlink(other.path('new.lock'), site.path('gemini-image.lock'))
  expect(await prepare()).toMatchObject({ generated: 1 })
  expect((await lstat(site.path('gemini-image.lock'))).isFile()).toBe(true)
  expect(await other.list('.')).toEqual(['file.txt', 'package.json'])
})

test('of links inside the root, the target is written', async () => {
  const { site, prepare } = await besideAnother()
  await site.write('pinned/lock', KINDS['the lockfile'].good())
  await mkdir(site.path('pinned/pictures'))
  await symlink('pinned/lock', site.path('gemini-image.lock'))
  await symlink('pinned/pictures', site.path('.gemini-image'))
  await symlink('pinned/scene.prompt.md', site.path('link'))
  await rename(site.path('scene.prompt.md'), site.path('pinned/scene.prompt.md'))
  await rename(site.path('link'), site.path('scene.prompt.md'))
  expect(await prepare()).toMatchObject({ generated: 1 })
  expect(await site.read('pinned/lock')).toContain('scene')
  expect(await site.list('pinned/pictures')).toHaveLength(2)
  const picked = await runCommand(site.root, ['pick', 'scene.prompt.md', '2'])
  expect(picked).toMatchObject({ code: 0 })
  expect(await site.read('pinned/scene.prompt.md')).toContain('pick: 2')
  for (const link of ['gemini-image.lock', '.gemini-image', 'scene.prompt.md']) {
    expect((await lstat(site.path(link))).isSymbolicLink()).toBe(true)
  }
})

test('prune deletes nothing behind a link out of the root', async () => {
  const { site, other, prepare } = await besideAnother()
  await prepare()
  await other.write('scene.0123456789ab/01.png', 'Theirs')
  await symlink(other.root, site.path('.gemini-image/thoughts'))
  const { code, output } = await runCommand(site.root, ['prune', '--yes'])
  expect(code).toBe(1)
  expect(output).toContain('FILE_OUTSIDE_ROOT')
  expect(await other.read('scene.0123456789ab/01.png')).toBe('Theirs')
})

test('what is remembered is written through no link, and a build does without', async () => {
  const { site, other, driver } = await besideAnother()
  const cache = 'node_modules/.cache/gemini-image'
  await mkdir(site.path(cache), { recursive: true })
  await symlink(other.path('file.txt'), site.path(cache, 'verified.json'))
  await symlink(other.root, site.path(cache, 'looks'))
  const build = driver()
  await build.prepare()
  await build.image(site.path('scene.prompt.md'))
  await build.verify()
  expect(await other.read('file.txt')).toBe('Theirs')
  expect(await other.list('.')).toEqual(['file.txt', 'package.json'])
})

test('the cache itself may lie elsewhere', async () => {
  const { site, other, driver } = await besideAnother()
  await mkdir(site.path('node_modules'))
  await symlink(other.root, site.path('node_modules/.cache'))
  const build = driver({ options: { mode: 'placeholder' } })
  await build.prepare()
  const { file } = await build.image(site.path('scene.prompt.md'))
  expect((await readFile(file)).length).toBeGreaterThan(0)
  expect(await other.list('gemini-image')).toContain('placeholders')
})
