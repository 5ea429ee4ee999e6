import { pathToFileURL } from 'node:url'
import { parseLockfile, startOf, type Grounding, type LockEntry } from '@gemini-image/core/internal'
import { describe, expect, test, vi } from 'vitest'
import { startFakeGemini, type Answered } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed, serveSite, type Run } from '../support/vite.ts'

const EXPORTS = 'alt, grounding, images, model, parts, text'

/** A site whose one module passes on all that is known of one picture. */
function siteOf(prompt: string): Promise<Site> {
  return createSite({
    'src/hero.prompt.md': prompt,
    'src/main.js': `
      import hero, { ${EXPORTS} } from './hero.prompt.md?gemini-image'
      export default { hero, ${EXPORTS} }`,
  })
}

interface Built {
  readonly hero: string
  readonly images: readonly string[]
  readonly parts: readonly ({ text: string } | { image: string })[]
  readonly text: string
  readonly model: string
  readonly grounding?: Grounding
}

let loads = 0

async function build(site: Site, run: Run = {}): Promise<Built & { readonly log: string }> {
  const options = { ssr: 'src/main.js', ssrEmitAssets: true }
  const log = await buildSite(site, { ...run, config: { build: options } })
  loads += 1
  const url = `${pathToFileURL(site.path('dist/main.js')).href}?${loads}`
  return { ...((await import(url)) as { default: Built }).default, log }
}

async function entries(site: Site): Promise<readonly LockEntry[]> {
  const text = await site.read('gemini-image.lock')
  return [...parseLockfile(text, startOf(site.root, 'gemini-image.lock')).entries.values()]
}

/** Makes every pinned picture look older than it is. */
async function age(site: Site, created: string): Promise<void> {
  const text = await site.read('gemini-image.lock')
  await site.write(
    'gemini-image.lock',
    text.replaceAll(/"created":"[^"]+"/g, `"created":"${created}"`),
  )
}

test('a picture of looked-up data whose credits nothing can show is told of, once a build and by a dev server', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/rain.prompt.md': promptFile('Rain in Bergen', { grounding: '{ web: true }' }),
    'src/fox.prompt.md': promptFile('A fox'),
    'src/main.css': 'b { background: url(./rain.prompt.md?gemini-image) }',
    'src/main.js': `import './main.css'\nimport fox from './fox.prompt.md?gemini-image'\nexport default fox`,
  })
  const run: Run = { env: keyed(gemini), config: { build: { ssr: 'src/main.js' } } }
  const log = await buildSite(site, run)
  expect(log.match(/1 picture of looked-up data is shown without the credits/g)).toHaveLength(1)
  expect(log).toMatch(
    /\n {2}src\/main\.css:1:21 {2}a stylesheet shows src\/rain\.prompt\.md\n.*GeneratedImageCredits/,
  )
  const { log: served } = await serveSite(site, run)
  await vi.waitFor(() => expect(served.join('\n')).toContain('without the credits'), 20_000)
  await site.write('src/main.js', `import './main.css'\nexport * from './credits.js'`)
  await site.write('src/credits.js', `export { grounding } from './rain.prompt.md?gemini-image'`)
  expect(await buildSite(site, run)).not.toContain('without the credits')
  expect(gemini.requests).toHaveLength(2)
})

const TRANSPORTS = ['generate-content', 'interactions'] as const

const FORECAST = 'Bergen: 9 °C, rain 🌧 all day'

/** Where words stand in the forecast, in bytes. */
function bytesAt(words: string): { readonly start: number; readonly end: number } {
  const start = Buffer.byteLength(FORECAST.slice(0, FORECAST.indexOf(words)))
  return { start, end: start + Buffer.byteLength(words) }
}

/** Answers in which pieces of a text rest on sources, by the API that gives them. */
const CITING: Readonly<Record<(typeof TRANSPORTS)[number], (answer: Answered) => void>> = {
  'generate-content': ({ candidates: [{ content, groundingMetadata }] }) => {
    // Google may number parts as if there were no thoughts.
    const thought = { thought: true, text: 'Hm.' }
    content.parts.unshift(thought, { text: 'Grüße.' }, { text: FORECAST })
    content.parts.splice(3, 1)
    const support = (words: string, partIndex: number, ...groundingChunkIndices: number[]) => {
      const { start, end } = bytesAt(words)
      const segment = { partIndex, startIndex: start, endIndex: end, text: words }
      return { segment, groundingChunkIndices }
    }
    groundingMetadata.groundingSupports = [
      support('rain 🌧', 1, 1),
      support('9 °C', 2, 0, 1, 7),
      support('no such words', 2, 0),
    ]
  },
  interactions: ({ steps }) => {
    const { content } = steps.at(-1)
    const [text] = content
    const cite = (number: number, { start, end }: ReturnType<typeof bytesAt>) => ({
      ...text.annotations[number],
      start_index: start,
      end_index: end,
    })
    const annotations = [
      cite(1, bytesAt('rain 🌧')),
      cite(0, bytesAt('9 °C')),
      cite(1, bytesAt('9 °C')),
      cite(0, { start: 0, end: 999 }),
    ]
    content.splice(0, 1, { type: 'text', text: 'Grüße.' }, { ...text, text: FORECAST, annotations })
  },
}

describe.for(TRANSPORTS)('with %s', (transport) => {
  test('an illustrated recipe gives its texts and pictures in order', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'interleaved', images: 3 })
    const site = await siteOf(promptFile('A recipe', { output: 'text-and-image' }))
    const built = await build(site, { env: keyed(gemini), options: { transport } })
    expect(built.images).toHaveLength(3)
    expect(new Set(built.images).size).toBe(3)
    expect(built.hero).toBe(built.images[2])
    const order = built.parts.map((part) => ('text' in part ? 'text' : part.image))
    expect(order.filter((kind) => kind !== 'text')).toEqual(built.images)
    expect(order.indexOf('text')).toBe(0)
    const texts = built.parts.flatMap((part) => ('text' in part ? part.text : []))
    expect(built.text).toBe(texts.join('\n\n'))
    const shipped = await site.list('dist/assets')
    expect(shipped.filter((name) => name.endsWith('.jpg'))).toHaveLength(3)
    const again = await build(site, { env: { CI: 'true' } })
    expect({ ...again, log: '' }).toEqual({ ...built, log: '' })
  })

  test('all pictures of an answer are kept where they are asked for', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'interleaved', images: 3 })
    const site = await siteOf(promptFile('A fox, three times', { output: 'images' }))
    const built = await build(site, { env: keyed(gemini), options: { transport } })
    expect(new Set(built.images).size).toBe(3)
    expect(built.hero).toBe(built.images[2])
    expect(gemini.requests[0]?.rawBody).not.toMatch(/"TEXT"|\{"type":"text"\}/)
    expect(await build(site, { env: { CI: 'true' } })).toMatchObject({ images: built.images })
  })

  test('a grounded picture comes with what Google wants to be shown, pinned', async () => {
    const gemini = await startGemini()
    const grounding = '{ web: true, images: true }'
    const site = await siteOf(promptFile('The weather in Bergen', { grounding }))
    const built = await build(site, { env: keyed(gemini), options: { transport } })
    expect(built.grounding?.searchSuggestions).toContain('<div')
    expect(built.grounding?.queries.length).toBeGreaterThan(0)
    expect(built.grounding?.sources.length).toBeGreaterThan(0)
    for (const { url } of built.grounding?.sources ?? []) expect(url).toMatch(/^https:/)
    const frozen = await build(site, { env: { CI: 'true' } })
    expect(frozen.grounding).toEqual(built.grounding)
    expect(gemini.requests).toHaveLength(1)
    // Searches are billed: more than the picture alone costs.
    const [entry] = await entries(site)
    expect(entry?.cost).toBeGreaterThan(0.0336 + 0.014)
  })

  test('places of citations are those of the text that comes along', async () => {
    const gemini = await startGemini()
    const grounding = '{ web: true, images: true }'
    const site = await siteOf(promptFile('The weather in Bergen', { grounding }))
    gemini.fault({ kind: 'odd', change: CITING[transport] })
    const built = await build(site, { env: keyed(gemini), options: { transport } })
    const { sources = [], citations = [] } = built.grounding ?? {}
    expect(built.text).toBe(`Grüße.\n\n${FORECAST}`)
    expect(
      citations.map((one) => [
        built.text.slice(one.start, one.end),
        one.sources.map((number) => sources[number]?.title),
      ]),
    ).toEqual([
      ['9 °C', ['Birds of the reeds', 'A heron at dawn']],
      ['rain 🌧', ['A heron at dawn']],
    ])
    const frozen = await build(site, { env: { CI: 'true' } })
    expect(frozen.grounding).toEqual(built.grounding)
  })

  test('a third turn pays for one, and only the last picture is shipped', async () => {
    const gemini = await startGemini()
    const run: Run = { env: keyed(gemini), options: { transport } }
    const turns = ['Now at night', 'Now in snow', 'Now from above']
    const site = await siteOf(promptFile('A pier', { turns: JSON.stringify(turns.slice(0, 2)) }))
    await build(site, run)
    expect(gemini.requests).toHaveLength(3)
    await site.write('src/hero.prompt.md', promptFile('A pier', { turns: JSON.stringify(turns) }))
    const { hero } = await build(site, run)
    expect(gemini.requests.map(({ outcome }) => outcome)).toEqual(Array(4).fill('image'))
    expect(gemini.requests[3]?.prompt).toContain('Now from above')
    expect(await entries(site)).toHaveLength(4)
    expect((await site.list('dist/assets')).filter((name) => name.endsWith('.jpg'))).toEqual([
      hero.split('/').at(-1),
    ])
  })
})

test('turns go on where another API began, without its signatures', async () => {
  const gemini = await startGemini()
  const site = await siteOf(promptFile('A pier'))
  await build(site, { env: keyed(gemini), options: { transport: 'interactions' } })
  await site.write('src/hero.prompt.md', promptFile('A pier', { turns: '[Now at night]' }))
  await build(site, { env: keyed(gemini) })
  expect(gemini.requests.map(({ route }) => route)).toEqual(['interactions', 'generateContent'])
  expect(gemini.requests[1]?.rawBody).not.toContain('"model"')
})

test('with serverState, a turn sends an id in place of the picture', async () => {
  const gemini = await startGemini()
  const options = { transport: 'interactions', serverState: true } as const
  const site = await siteOf(promptFile('A pier', { turns: '[Now at night]' }))
  await build(site, { env: keyed(gemini), options })
  const [first, second] = gemini.requests
  expect(first?.body).toMatchObject({ store: true })
  expect(second?.body).toMatchObject({ previous_interaction_id: expect.any(String) })
  expect(second?.rawBody).not.toContain('"data"')
})

describe('variants', () => {
  const variants = { variants: '4' }

  test('are drawn to choose from; a pick costs nothing and ships another', async () => {
    const gemini = await startGemini()
    const run: Run = { env: keyed(gemini) }
    const site = await siteOf(promptFile('A mascot', variants))
    const first = await build(site, run)
    expect(gemini.requests).toHaveLength(4)
    expect(await site.list('.gemini-image')).toHaveLength(4)
    await site.write('src/hero.prompt.md', promptFile('A mascot', { ...variants, pick: '3' }))
    const picked = await build(site, run)
    expect(gemini.requests).toHaveLength(4)
    expect(picked.hero).not.toBe(first.hero)
    expect(picked.hero).toContain('/hero-3.')
    expect((await site.list('dist/assets')).filter((name) => name.endsWith('.jpg'))).toHaveLength(1)
  })

  test('a picked one is all that a frozen build needs', async () => {
    const gemini = await startGemini()
    const site = await siteOf(promptFile('A mascot', { ...variants, pick: '2' }))
    await build(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(1)
    const { hero } = await build(site, { env: { CI: 'true' } })
    expect(hero).toContain('/hero-2.')
  })

  test('have a seed each, counted up from the declared one', async () => {
    const gemini = await startGemini()
    const site = await siteOf(promptFile('A mascot', { variants: '3', seed: '2147483646' }))
    await build(site, { env: keyed(gemini) })
    const seeds = gemini.requests.map(
      ({ body }) => (body as { generationConfig: { seed: number } }).generationConfig.seed,
    )
    expect(seeds.toSorted((a, b) => a - b)).toEqual([-2147483648, 2147483646, 2147483647])
  })
})

describe('a picture of live data', () => {
  const settings = { grounding: '{ web: true }', fresh: '1d' }

  test('that is stale is drawn anew by auto, and once', async () => {
    const gemini = await startGemini()
    const site = await siteOf(promptFile('The weather', settings))
    const before = await build(site, { env: keyed(gemini) })
    await age(site, '2020-01-01T00:00:00Z')
    const after = await build(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(2)
    expect(after.hero).not.toBe(before.hero)
    await build(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(2)
    expect(await entries(site)).toHaveLength(1)
  })

  test('that is stale is accepted by frozen, with a word of warning', async () => {
    const gemini = await startGemini()
    const site = await siteOf(promptFile('The weather', settings))
    const before = await build(site, { env: keyed(gemini) })
    await age(site, '2020-01-01T00:00:00Z')
    const text = await site.read('gemini-image.lock')
    for (const env of [{ CI: 'true' }, {}]) {
      const { hero, log } = await build(site, { env })
      expect(hero).toBe(before.hero)
      expect(log).toContain('src/hero.prompt.md:7:1  drawn 2020-01-01T00:00:00Z')
    }
    expect(await site.read('gemini-image.lock')).toBe(text)
    expect(gemini.requests).toHaveLength(1)
  })
})

describe('a model that Google does not know (any more)', () => {
  const missing = { missingModels: ['gemini-nano-banana-2.1'] }

  test('is passed over by an alias, once and with a warning; the one that answered is pinned', async () => {
    const gemini = await startGemini(missing)
    const site = await siteOf(promptFile('A fox', { variants: '3' }))
    const { log, model } = await build(site, { env: keyed(gemini), options: { concurrency: 1 } })
    expect(gemini.requests.map((request) => request.model)).toEqual([
      'gemini-nano-banana-2.1',
      ...Array(3).fill('gemini-3.1-flash-image'),
    ])
    expect(model).toBe('gemini-3.1-flash-image')
    expect(log.match(/does not know gemini-nano-banana-2\.1/g)).toHaveLength(1)
    for (const entry of await entries(site)) expect(entry.model).toBe('gemini-3.1-flash-image')
    await build(site, { env: { CI: 'true' } })
  })

  test('is never replaced where it is declared by its id', async () => {
    const gemini = await startGemini(missing)
    const site = await siteOf(promptFile('A fox', { model: 'gemini-nano-banana-2.1' }))
    expect(await failingBuild(site, { env: keyed(gemini) })).toContain('MODEL_NOT_FOUND')
    expect(gemini.requests).toHaveLength(1)
  })

  test('has no candidate left in the end', async () => {
    const gemini = await startFakeGemini({
      missingModels: ['gemini-3-pro-image', 'gemini-3-pro-image-preview'],
    })
    const site = await siteOf(promptFile('A fox', { model: 'nano-banana-pro' }))
    expect(await failingBuild(site, { env: keyed(gemini) })).toContain('MODEL_NOT_FOUND')
    expect(gemini.requests).toHaveLength(2)
    await gemini.close()
  })

  test('is not replaced by a dearer one without money for it', async () => {
    const gemini = await startGemini(missing)
    const site = await siteOf(promptFile('A fox'))
    const options = { budget: 0.045 }
    const said = await failingBuild(site, { env: keyed(gemini), options })
    expect(said).toContain('BUDGET_EXCEEDED')
    expect(gemini.requests).toHaveLength(1)
  })
})

test('a declaration may name the API that is asked', async () => {
  const gemini = await startGemini()
  const site = await siteOf(promptFile('A fox', { transport: 'interactions' }))
  await build(site, { env: keyed(gemini) })
  expect(gemini.requests.map(({ route }) => route)).toEqual(['interactions'])
  await site.write('src/hero.prompt.md', promptFile('A fox'))
  await build(site, { env: { CI: 'true' } })
})
