import { hash } from 'node:crypto'
import type { ImageRequest } from '@gemini-image/core'
import {
  fingerprint,
  formatLockfile,
  storedImages,
  parseLockfile,
  removeXmp,
  type LockEntry,
} from '@gemini-image/core/internal'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawn, runJson, siteOf } from '../cli/stage.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const PLACE = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }

/** Makes a site what it would be had its pictures been drawn before pictures were labelled. */
async function unlabel(site: Site): Promise<void> {
  const { entries, remotes, texts } = parseLockfile(await site.read('gemini-image.lock'), PLACE)
  const names = new Map<string, { readonly file: string; readonly object: string }>()
  for (const { file, object, type } of [...entries.values()].flatMap(storedImages)) {
    const bytes = removeXmp(await site.bytes(`.gemini-image/${file}`), type.slice(6))
    const bare = hash('sha256', bytes)
    expect(bare).not.toBe(object)
    names.set(object, { object: bare, file: file.replace(object.slice(0, 12), bare.slice(0, 12)) })
    await site.remove(`.gemini-image/${file}`)
    await site.write(`.gemini-image/${names.get(object)?.file}`, bytes)
  }
  let text = formatLockfile(entries, remotes, texts)
  for (const [object, bare] of names) {
    text = text.replaceAll(object, bare.object)
    text = text.replaceAll(`.${object.slice(0, 12)}.`, `.${bare.object.slice(0, 12)}.`)
  }
  const former = parseLockfile(text, PLACE)
  const pictures = renamed(former.entries)
  await site.write('gemini-image.lock', formatLockfile(pictures, remotes, renamed(former.texts)))
}

/** What is pinned, by the fingerprints of its requests. */
function renamed<One extends Pick<LockEntry, 'request'>>(
  pinned: ReadonlyMap<string, One>,
): ReadonlyMap<string, One> {
  return new Map([...pinned.values()].map((one) => [fingerprint(one.request as ImageRequest), one]))
}

async function everything(site: Site): Promise<Record<string, string>> {
  const names = (await site.list('.gemini-image')).filter((name) => name.endsWith('.jpg'))
  const files = ['gemini-image.lock', ...names.map((name) => `.gemini-image/${name}`)]
  const contents = files.map(async (file) => [file, hash('sha256', await site.bytes(file))])
  return Object.fromEntries(await Promise.all(contents))
}

test('"label" gives older pictures what they would have now, and keeps what depends on them', async () => {
  const gemini = await startGemini()
  const site = await siteOf({
    plain: promptFile('A red kite'),
    turned: promptFile('A hill', { turns: '[Add snow]' }),
    edit: promptFile('No sky', { references: '[./photo.jpg, ./plain.prompt.md]' }),
    poster: promptFile('A poster of it', { references: '[./edit.prompt.md]' }),
    cup: promptFile('A cup', { transparent: 'true' }),
    name: promptFile('Name it', {
      references: '[./plain.prompt.md]',
      output: 'text',
      turns: '[Draw the name]',
    }),
  })
  const photo = sharp({ create: { width: 300, height: 200, channels: 3, background: '#7a3' } })
  await site.write('src/photo.jpg', await photo.jpeg().toBuffer())
  await drawn(site, gemini)
  const labelled = await everything(site)
  await unlabel(site)
  expect(Object.keys(await everything(site))).toHaveLength(Object.keys(labelled).length)
  const asked = gemini.requests.length
  expect((await runJson(site, ['plan'])).report.missing).toBe(0)
  const { code, report } = await runJson(site, ['label'])
  expect({ code, count: report.labelled.length, lost: report.lost }).toEqual({
    code: 0,
    count: 8,
    lost: [],
  })
  expect(await everything(site)).toEqual(labelled)
  expect((await runJson(site, ['verify'])).report).toMatchObject({
    sound: 7,
    texts: 1,
    lost: [],
    corrupt: [],
  })
  expect((await runCommand(site.root, ['status'])).code).toBe(0)
  expect(gemini.requests).toHaveLength(asked)
  const again = await runJson(site, ['label'])
  expect(again.report).toMatchObject({ labelled: [], lost: [] })
  expect(again.report.kept).toHaveLength(8)
  expect(await everything(site)).toEqual(labelled)
})

test('what is lost is named, and nothing happens to the rest', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf({ one: promptFile('A'), two: promptFile('B') }), gemini)
  await unlabel(site)
  const first = (await site.list('.gemini-image')).find((name) => name.startsWith('one.'))
  await site.remove(`.gemini-image/${first}`)
  const { code, stdout } = await runCommand(site.root, ['label'])
  expect(code).toBe(0)
  expect(stdout).toContain('1 picture labelled')
  expect(stdout).toContain('1 picture not in the store')
})

test('while a batch job names pictures as they are, nothing is renamed', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf({ one: promptFile('A') }), gemini)
  await unlabel(site)
  await site.write('src/two.prompt.md', promptFile('B', { references: '[./one.prompt.md]' }))
  await site.write('src/more.js', `import './two.prompt.md?gemini-image'\n`)
  const submitted = await runCommand(site.root, ['generate', '--batch', '--yes'], keyed(gemini))
  expect(`${submitted.code} ${submitted.output}`).toMatch(/^0 /)
  const before = await everything(site)
  const { code, stderr } = await runCommand(site.root, ['label'])
  expect(code).toBe(1)
  expect(stderr).toContain('BATCH_PENDING')
  expect(await everything(site)).toEqual(before)
})
