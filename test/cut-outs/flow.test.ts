import { createHash } from 'node:crypto'
import { parseLockfile, startOf, type LockEntry } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { prompt, setBatchStage } from '../batch/stage.ts'
import { runJson } from '../cli/stage.ts'
import { startFakeS3 } from '../fake-s3/server.ts'
import { drawSubject } from '../fake-gemini/keyed.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { compare } from './cases.ts'

const KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a/secret+of=ours' }

/** A site that shows one picture, as it is and as a `<picture>`. */
function siteOf(settings: Readonly<Record<string, string>>, text = 'A cup'): Promise<Site> {
  return createSite({
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': `
      import cup from './cup.prompt.md?gemini-image'
      import all from './cup.prompt.md?gemini-image&widths=512&as=picture'
      console.log(cup, all)`,
    'cup.prompt.md': promptFile(text, settings),
  })
}

async function entriesOf(site: Site): Promise<readonly LockEntry[]> {
  const text = await site.read('gemini-image.lock')
  return [...parseLockfile(text, startOf(site.root, 'gemini-image.lock')).entries.values()]
}

async function entryOf(site: Site): Promise<LockEntry> {
  const [entry, ...others] = await entriesOf(site)
  expect(others).toEqual([])
  if (!entry) throw new RangeError('Nothing is pinned')
  return entry
}

/** How far the alpha of a file is off that of the cup that the fake server draws. */
async function errorOf(file: string | Buffer): Promise<ReturnType<typeof compare>> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const truth = sharp(Buffer.from(drawSubject([1024, 1024]))).resize(width, height)
  return compare(data, await truth.ensureAlpha().raw().toBuffer(), width, height)
}

async function shipped(site: Site, ending: string): Promise<string> {
  const name = (await site.list('dist/assets')).find((one) => one.endsWith(ending))
  return site.path('dist/assets', name ?? '')
}

describe('a transparent declaration', () => {
  test('ships the subject alone, from one request; the answer stays as it came', async () => {
    const gemini = await startGemini()
    const site = await siteOf({ transparent: 'true' })
    const log = await buildSite(site, { env: keyed(gemini) })
    expect(log).not.toMatch(/warn|background/i)
    expect(gemini.requests).toHaveLength(1)
    expect(gemini.requests[0]?.prompt).toMatch(
      /^A cup\n\nPlace the subject on .* pure magenta \(#ff00ff\)/,
    )

    const entry = await entryOf(site)
    expect(entry).toMatchObject({ type: 'image/png', width: 1024, height: 1024 })
    expect(entry.original).toMatchObject({ type: 'image/jpeg', width: 1024, height: 1024 })
    expect(entry.request).toMatchObject({ transparent: { key: '#ff00ff' } })
    for (const { file, object } of [entry, entry.original ?? entry]) {
      const bytes = await site.bytes(`.gemini-image/${file}`)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(object)
      expect((await sharp(bytes).metadata()).xmp?.toString()).toContain('trainedAlgorithmicMedia')
    }
    expect(await site.list('.gemini-image')).toEqual(
      expect.arrayContaining([entry.file, entry.original?.file]),
    )

    const own = await site.bytes(`.gemini-image/${entry.file}`)
    const copies = (await site.list('dist/assets')).map((name) => site.bytes(`dist/assets/${name}`))
    expect((await Promise.all(copies)).some((bytes) => own.equals(bytes))).toBe(true)
    for (const [file, limit] of [
      [own, 4],
      [await shipped(site, '.webp'), 4],
      [await shipped(site, '.avif'), 5],
      [await shipped(site, '.png'), 4],
    ] as const) {
      const { edges, inside, outside } = await errorOf(file)
      expect(edges).toBeLessThan(limit)
      expect(inside).toBeLessThan(0.5)
      expect(outside).toBeLessThan(0.5)
    }
    expect((await site.list('dist/assets')).some((name) => /\.jpe?g$/.test(name))).toBe(false)
  })

  test('is not asked for again, and builds frozen', async () => {
    const gemini = await startGemini()
    const site = await siteOf({ transparent: 'true' })
    await buildSite(site, { env: keyed(gemini) })
    const lock = await site.read('gemini-image.lock')
    await site.remove('node_modules/.cache')
    await buildSite(site, { env: { ...keyed(gemini), CI: 'true' } })
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(1)
    expect(await site.read('gemini-image.lock')).toBe(lock)
  })

  test.for(['generate-content', 'interactions'] as const)(
    'goes on, in a turn, from what the model drew: %s',
    async (transport) => {
      const gemini = await startGemini()
      const site = await siteOf({ transparent: 'true', turns: '[Make it red]', transport })
      await buildSite(site, { env: keyed(gemini) })
      expect(gemini.requests).toHaveLength(2)
      expect(gemini.requests[1]?.prompt).toMatch(/Make it red\n\nKeep the background .*#ff00ff/)
      const entries = await entriesOf(site)
      // Interactions can be asked for PNG.
      const drawn = transport === 'interactions' ? 'image/png' : 'image/jpeg'
      expect(entries.map(({ type, original }) => [type, original?.type])).toEqual([
        ['image/png', drawn],
        ['image/png', drawn],
      ])
    },
  )

  test('lands from a batch as it does at once', async () => {
    const stage = await setBatchStage({ cup: prompt('A cup', 'transparent: true') })
    await stage.batches().submit(stage.files('cup'))
    const { landed, failures } = await stage.batches().collect()
    expect(failures).toEqual([])
    const entry = landed[0]?.entry as LockEntry
    expect(entry).toMatchObject({ type: 'image/png', original: { type: 'image/jpeg' } })
    expect((await errorOf(stage.site.path('.gemini-image', entry.file))).edges).toBeLessThan(4)
  })

  test('has the last of several pictures cut out', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'interleaved', images: 2 })
    const site = await siteOf({ transparent: 'true', output: 'text-and-image' })
    await buildSite(site, { env: keyed(gemini) })
    const { file, images, original } = await entryOf(site)
    expect(images?.map(({ type }) => type)).toEqual(['image/jpeg', 'image/png'])
    expect(images?.at(-1)?.file).toBe(file)
    expect(original?.type).toBe('image/jpeg')
  })

  test('is drawn before a colour of its own', async () => {
    const gemini = await startGemini()
    const site = await siteOf({ transparent: '{ key: "#00FF00" }' })
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests[0]?.prompt).toContain('pure green (#00ff00)')
    expect(
      (await errorOf(site.path('.gemini-image', (await entryOf(site)).file))).edges,
    ).toBeLessThan(4)
  })

  test('has a stand-in with transparency', async () => {
    const site = await siteOf({ transparent: 'true' })
    await buildSite(site, { options: { mode: 'placeholder' } })
    const { data, info } = await sharp(await shipped(site, '.png'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.channels, data[3]]).toEqual([4, 0])
  })
})

describe('what is paid for is kept', () => {
  test('a background that is not flat is removed, and told of', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'uneven-background' })
    const site = await siteOf({ transparent: 'true' })
    const log = await buildSite(site, { env: keyed(gemini) })
    expect(log).toMatch(
      /cup\.prompt\.md:\d+:\d+: its background is not flat: it differs by up to \d+ of 255/,
    )
    expect(log).toMatch(/cup\.prompt\.md:\d+:\d+: the subject touches the border/)
    expect((await entryOf(site)).type).toBe('image/png')
  })

  test('a picture without a background to remove is used as it came, and paid for once', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'no-background' })
    const site = await siteOf({ transparent: 'true' })
    const log = await buildSite(site, { env: keyed(gemini) })
    expect(log).toMatch(
      /cup\.prompt\.md:\d+:\d+: there is no background of about #ff00ff to remove/,
    )
    const entry = await entryOf(site)
    expect(entry.type).toBe('image/jpeg')
    expect(entry).not.toHaveProperty('original')
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(1)
  })

  test('the commands know the answer beside the cut-out', async () => {
    const gemini = await startGemini()
    const site = await siteOf({ transparent: 'true' })
    await buildSite(site, { env: keyed(gemini) })
    const { file, original } = await entryOf(site)
    expect((await runJson(site, ['verify'])).report).toMatchObject({
      sound: 1,
      lost: [],
      corrupt: [],
    })
    await runJson(site, ['prune', '--yes'])
    expect(await site.list('.gemini-image')).toEqual(expect.arrayContaining([file, original?.file]))
    await site.write(`.gemini-image/${original?.file}`, 'no picture')
    expect((await runJson(site, ['verify'])).report.corrupt).toHaveLength(1)
  })

  test('a shared store brings both to another machine, and nothing is asked again', async () => {
    const gemini = await startGemini()
    const server = await startFakeS3({ keys: KEYS })
    onTestFinished(() => server.close())
    const config = `
      import { defineConfig, s3Store } from 'unplugin-gemini-image/config'
      export default defineConfig({
        store: { commit: false, shared: s3Store({ bucket: 'team', endpoint: '${server.url}' }) },
      })`
    const env = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey }
    const [first, clone] = [
      await siteOf({ transparent: 'true' }),
      await siteOf({ transparent: 'true' }),
    ]
    for (const site of [first, clone]) await site.write('gemini-image.config.ts', config)
    await buildSite(first, { env: { ...keyed(gemini), ...env } })
    await clone.write('gemini-image.lock', await first.read('gemini-image.lock'))
    await buildSite(clone, { env: { ...env, CI: 'true' } })
    const { file, original } = await entryOf(first)
    for (const name of [file, String(original?.file)]) {
      const [ours, theirs] = [first, clone].map((site) => site.bytes(`.gemini-image/${name}`))
      expect(await ours).toEqual(await theirs)
    }

    const third = await siteOf({ transparent: 'true' })
    await third.write('gemini-image.config.ts', config)
    await buildSite(third, { env: { ...keyed(gemini), ...env } })
    expect(await entryOf(third)).toEqual(await entryOf(first))
    expect(gemini.requests).toHaveLength(1)
  })
})
