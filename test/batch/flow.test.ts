import { readFile } from 'node:fs/promises'
import { imagesIn } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { readPacket } from '../support/xmp.ts'
import { prompt, setBatchStage } from './stage.ts'

test('a batch is submitted, shown and collected, at half the price of a live call', async () => {
  const prompts = { one: prompt('One'), two: prompt('Two') }
  const stage = await setBatchStage(prompts)
  const submitted = await stage.batches().submit(stage.files('one', 'two'))
  expect(submitted.failures).toEqual([])
  expect(submitted.jobs).toHaveLength(1)
  expect(submitted.jobs[0]?.items.map(({ place }) => place.path)).toEqual([
    'one.prompt.md',
    'two.prompt.md',
  ])
  expect(submitted.estimate).toEqual({ least: 0.033602, most: 0.038102 })
  expect(stage.count('generateContent')).toBe(0)
  expect(await stage.site.list('node_modules/.cache/gemini-image/batch')).toEqual([])
  expect((await stage.batches().pending()).size).toBe(2)

  stage.gemini.batches.steer({ state: 'held' })
  const [status] = await stage.batches().show()
  expect(status).toMatchObject({ state: 'pending', counts: { total: 2, succeeded: 0, failed: 0 } })
  expect(status?.items).toHaveLength(2)
  expect((status?.expires?.getTime() ?? 0) - (status?.submitted.getTime() ?? 0)).toBe(
    48 * 3_600_000,
  )
  expect(await stage.batches().collect()).toMatchObject({ landed: [], running: [status?.id] })

  stage.gemini.batches.steer({ state: 'auto' })
  const collected = await stage.batches().collect()
  expect(collected).toMatchObject({ failures: [], missing: [], kept: [], running: [] })
  expect(collected.closed).toEqual([status?.id])
  expect(collected.landed.map(({ place }) => place.path).toSorted()).toEqual([
    'one.prompt.md',
    'two.prompt.md',
  ])
  expect(await stage.record()).toBe('')
  expect((await stage.batches().pending()).size).toBe(0)
  for (const { entry } of collected.landed) {
    const [image] = imagesIn(entry)
    const { xmp } = await sharp(stage.site.path('.gemini-image', image?.file ?? '')).metadata()
    expect(readPacket(xmp ?? Buffer.alloc(0))).toMatchObject({
      'http://iptc.org/std/Iptc4xmpExt/2008-02-29/AISystemUsed': entry.model,
      'http://ns.adobe.com/photoshop/1.0/DateCreated': entry.created,
    })
  }

  const live = await setBatchStage(prompts)
  await live.site.write('main.js', `import './one.prompt.md?gemini-image'\n`)
  await live.prepare()
  const costOf = async (file: string): Promise<number> =>
    Number(/"cost":([\d.]+)/.exec(await readFile(file, 'utf8'))?.[1])
  const paid = await costOf(live.site.path('gemini-image.lock'))
  expect(await costOf(stage.site.path('gemini-image.lock'))).toBeCloseTo(paid / 2, 6)
  expect(collected.spent).toBeCloseTo(paid, 6)
})

test('what lands from a batch is what a live call would have pinned, but for its price', async () => {
  const text = prompt(
    'A fox',
    'alt: ""\ngrounding: { web: true }\nkeepThoughts: true\nseed: 7\naspectRatio: 16:9\ntransport: interactions',
  )
  const stage = await setBatchStage({ hero: text })
  await stage.batches().submit(stage.files('hero'))
  await stage.batches().collect()
  const live = await setBatchStage({
    hero: text.replace('transport: interactions', 'transport: generate-content'),
    main: '',
  })
  await live.site.write('main.js', `import './hero.prompt.md?gemini-image'\n`)
  await live.prepare()
  const [ours, theirs] = await Promise.all(
    [stage, live].map(async ({ site }) => {
      const [line = ''] = /\{.*\}/.exec(await site.read('gemini-image.lock')) ?? []
      const entry = { ...JSON.parse(line), cost: 0, created: '' }
      return { ...entry, thoughts: await site.list('.gemini-image/thoughts', true) }
    }),
  )
  const sameDrawing = { object: expect.any(String), file: expect.any(String) }
  expect(ours).toMatchObject({ grounding: { queries: expect.any(Array) }, replay: {} })
  expect(ours.thoughts).toHaveLength(3)
  expect({ ...ours, ...sameDrawing, replay: {} }).toEqual({
    ...theirs,
    ...sameDrawing,
    replay: {},
  })
  const [line] = stage.gemini.batches.jobs[0]?.lines ?? []
  const request = stage.gemini.requests.find(({ route }) => route === 'generateContent')
  expect(request).toBeUndefined()
  const body = live.gemini.requests.find(({ route }) => route === 'generateContent')?.body
  expect(JSON.parse(line ?? '').request).toEqual(body)
})

test('a second batch while one is open asks for nothing twice', async () => {
  const stage = await setBatchStage({ one: prompt('One'), two: prompt('Two') })
  stage.gemini.batches.steer({ state: 'held' })
  const first = await stage.batches().submit(stage.files('one'))
  const second = await stage.batches().submit(stage.files('one', 'two'))
  expect(second.pending).toMatchObject([
    { place: { path: 'one.prompt.md' }, why: `${first.jobs[0]?.id} has been asked for it` },
  ])
  expect(second.jobs.map(({ items }) => items.length)).toEqual([1])
  const third = await stage.batches().submit(stage.files('one', 'two'))
  expect(third).toMatchObject({ jobs: [], pending: [{}, {}] })
  expect(stage.gemini.batches.jobs.map(({ lines }) => lines.length)).toEqual([1, 1])
})

test('turns and references wait for a later batch', async () => {
  const stage = await setBatchStage({
    hero: prompt('A fox', 'turns: [Add a hat, Add a scarf]'),
    friend: prompt('A friend', 'references: [./hero.prompt.md]'),
  })
  const files = stage.files('hero', 'friend')
  const whys: string[][] = []
  for (let round = 0; round < 4; round += 1) {
    const { jobs, waiting, failures } = await stage.batches().submit(files)
    expect(failures).toEqual([])
    expect(jobs.map(({ items }) => items.length)).toEqual([1])
    whys.push(waiting.map(({ why }) => why))
    expect((await stage.batches().collect()).failures).toEqual([])
  }
  expect(whys.map((list) => list.length)).toEqual([3, 2, 1, 0])
  expect(whys[0]).toContain('it changes a picture that is not drawn yet')
  expect(whys[0]).toContain('it refers to hero.prompt.md:4:1, which has no picture yet')
  expect(await stage.pinned()).toHaveLength(4)
  // The later turns went on from what had landed, signatures included: the server refuses them else.
  const lines = stage.gemini.batches.jobs.map(({ lines: [line = ''] }) => JSON.parse(line))
  expect(lines[2].request.contents).toHaveLength(5)
  expect(await stage.batches().submit(files)).toMatchObject({ jobs: [], waiting: [], pending: [] })
})

test('there is one job a model, and what has no batch price is said to have none', async () => {
  const stage = await setBatchStage({
    a: prompt('A'),
    b: prompt('B', 'model: nano-banana-pro'),
    c: prompt('C', 'model: imagen-4.0-generate-001'),
    d: prompt('D', 'model: dear'),
    e: prompt('E', 'format: png'),
  })
  const models = {
    dear: { like: 'gemini-3-pro-image', price: { textIn: 1, textOut: 1, imageOut: 1 } },
  }
  const run = { options: { models } }
  const summary = await stage.batches(run).submit(stage.files('a', 'b', 'c', 'd', 'e'))
  expect(summary.jobs.map(({ model }) => model)).toEqual([
    'gemini-nano-banana-2.1',
    'gemini-3-pro-image',
  ])
  expect(summary.notBatchable.map(({ place, why }) => [place.path, why])).toEqual([
    ['c.prompt.md', 'imagen-4.0-generate-001 is asked through an API that has no batch jobs'],
    ['d.prompt.md', 'the catalogue has no batch price for dear'],
    ['e.prompt.md', 'a batch cannot ask for a format'],
  ])
  await stage.batches(run).collect()
  expect(await stage.pinned()).toHaveLength(2)
})

test('collecting waits until all have ended, and stops when it is told to', async () => {
  const stage = await setBatchStage({ a: prompt('A') }, { batch: { polls: 4 } })
  await stage.batches().submit(stage.files('a'))
  const waited = await stage.batches().collect({ wait: true, firstPause: 5, longestPause: 10 })
  expect(waited).toMatchObject({ landed: [{}], running: [], failures: [] })
  expect(stage.count('getBatch')).toBe(4)
  const other = await setBatchStage({ a: prompt('A') })
  other.gemini.batches.steer({ state: 'held' })
  await other.batches().submit(other.files('a'))
  const stop = new AbortController()
  const waiting = other.batches().collect({ wait: true, signal: stop.signal, firstPause: 5000 })
  setTimeout(() => stop.abort(), 100)
  expect(await waiting).toMatchObject({ landed: [], running: [{}] })
})

test.for([
  { shape: 'operation', inline: true },
  { shape: 'job', inline: false },
  { shape: 'job', inline: true },
] as const)('a job lands whatever the server tells it as: %j', async (shape) => {
  const prompts = { one: prompt('One'), two: prompt('Two') }
  const stage = await setBatchStage(prompts, { batch: { polls: 2, ...shape } })
  // The answer to the creation is lost, so that the job is found by its name in the list.
  stage.gemini.fault({ kind: 'lost', on: 'createBatch' })
  stage.gemini.batches.steer({ state: 'held' })
  expect(await stage.batches().submit(stage.files('one', 'two'))).toMatchObject({ failures: [] })
  expect(stage.gemini.batches.jobs).toHaveLength(1)
  expect(await stage.batches().show()).toMatchObject([{ state: 'pending', problem: undefined }])
  stage.gemini.batches.steer({ state: 'auto' })
  const { landed, failures, missing } = await stage.batches().collect()
  expect({ failures, missing }).toEqual({ failures: [], missing: [] })
  expect(landed.map(({ place }) => place.path).toSorted()).toEqual([
    'one.prompt.md',
    'two.prompt.md',
  ])
  expect(stage.count('download')).toBe(shape.inline ? 0 : 1)
  expect(await stage.record()).toBe('')
})

test('why a job failed is told where the server tells of the job itself', async () => {
  const batch = { shape: 'job' } as const
  const stage = await setBatchStage({ one: prompt('One') }, { batch })
  await stage.batches().submit(stage.files('one'))
  stage.gemini.batches.steer({ state: 'FAILED', message: 'Out of paint.' })
  const { failures } = await stage.batches().collect()
  expect(failures).toMatchObject([{ code: 'BATCH_FAILED' }])
  expect(failures[0]?.message).toContain('Google said: Out of paint.')
})

test('an alias whose first model is unknown is asked of the next', async () => {
  const missingModels = ['gemini-nano-banana-2.1']
  const stage = await setBatchStage({ a: prompt('A') }, { batch: { polls: 1 }, missingModels })
  const { jobs, failures } = await stage.batches().submit(stage.files('a'))
  expect(failures).toEqual([])
  expect(jobs.map(({ model }) => model)).toEqual(['gemini-3.1-flash-image'])
  expect(await stage.batches().collect()).toMatchObject({
    landed: [{ entry: { model: 'gemini-3.1-flash-image' } }],
  })
})
