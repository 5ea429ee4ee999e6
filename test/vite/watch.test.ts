import { setTimeout as sleep } from 'node:timers/promises'
import geminiImage from 'unplugin-gemini-image/vite'
import { build, type InlineConfig, type Rolldown } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { png } from '../references/images.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const inputs = {
  'src/scene.prompt.md': `---
alt: A scene
style: ./brand.style.md
references:
  - ./lamp.png
  - ./anna.prompt.md
---

A scene
`,
  'src/brand.style.md': 'In ink\n',
  'src/anna.prompt.md': promptFile('Anna'),
}

interface Stage {
  readonly site: Site
  readonly gemini: FakeGemini
  /** How the builds after the first have ended, in order. */
  ended(): readonly Ended[]
  /** Waits until builds have ended since the last call, the latest of them like this. */
  until(outcome: Ended): Promise<void>
}

type Ended = 'built' | 'failed'

/** Runs `vite build --watch` in a site whose one picture has an input of each kind. */
async function watch(): Promise<Stage> {
  const [gemini, site] = await Promise.all([
    startGemini(),
    createSite({ ...inputs, ...pageOf(['scene']) }),
  ])
  await site.write('src/lamp.png', await png())
  for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  const events = record((await build(configOf(site))) as Rolldown.RolldownWatcher)
  let told = 0
  const until = async (outcome: Ended): Promise<void> => {
    await vi.waitUntil(() => events.length > told && events.at(-1) === outcome, 30_000)
    told = events.length
  }
  await until('built')
  expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  gemini.reset()
  return { site, gemini, until, ended: () => events.slice(1) }
}

function configOf({ root }: Site): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'silent',
    build: { assetsInlineLimit: 0, reportCompressedSize: false, watch: {} },
    plugins: [geminiImage({ retryDelay: 5 })],
  }
}

function record(watcher: Rolldown.RolldownWatcher): readonly Ended[] {
  const events: Ended[] = []
  onTestFinished(() => watcher.close())
  watcher.on('event', async (event) => {
    if (event.code !== 'BUNDLE_END' && event.code !== 'ERROR') return
    await event.result.close()
    events.push(event.code === 'ERROR' ? 'failed' : 'built')
  })
  return events
}

const asked = ({ requests }: FakeGemini): string[] => requests.map(({ prompt }) => prompt)

/** The pictures in `dist`. */
async function shipped(site: Site): Promise<readonly string[]> {
  const names = await site.list('dist/assets')
  return names.filter((name) => name.endsWith('.jpg'))
}

type Edit = readonly [string, string, () => string | Promise<Buffer>, readonly string[]]

test.for([
  ['a style file', 'src/brand.style.md', () => 'In oil\n', ['A scene\n\nIn oil']],
  ['a reference image', 'src/lamp.png', () => png('#00c'), ['A scene\n\nIn ink']],
  [
    'a declaration that is referred to',
    'src/anna.prompt.md',
    () => promptFile('Anna, older'),
    ['Anna, older', 'A scene\n\nIn ink'],
  ],
] as const satisfies readonly Edit[])(
  '%s that is saved builds again',
  async ([, file, content, calls]) => {
    const { site, gemini, until } = await watch()
    const before = await shipped(site)
    const first = await site.bytes(file)
    await site.save(file, await content())
    await until('built')
    expect(asked(gemini)).toEqual(calls)
    const after = await shipped(site)
    expect(after).toHaveLength(1)
    expect(after).not.toEqual(before)
    // And back again, to the very picture of before.
    await site.save(file, first)
    await until('built')
    expect(await shipped(site)).toEqual(before)
    expect(asked(gemini)).toEqual(calls)
  },
)

test('what a declaration names later is watched as well', async () => {
  const { site, gemini, until } = await watch()
  await site.write('src/late.style.md', 'In chalk\n')
  const scene = inputs['src/scene.prompt.md'].replace('./brand', './late')
  await site.save('src/scene.prompt.md', scene)
  await until('built')
  await site.save('src/late.style.md', 'In pencil\n')
  await until('built')
  expect(asked(gemini)).toEqual(['A scene\n\nIn chalk', 'A scene\n\nIn pencil'])
})

test('a file that decides no picture builds nothing', async () => {
  const { site, gemini, ended } = await watch()
  await site.write('src/other.png', await png())
  await site.write('src/other.style.md', 'In oil\n')
  await site.write('src/draft.prompt.md', promptFile('Draft'))
  await sleep(300)
  await site.write('src/other.png', await png('#00c'))
  await site.write('src/draft.prompt.md', promptFile('Another draft'))
  await sleep(1000)
  expect(ended()).toEqual([])
  expect(asked(gemini)).toEqual([])
})

test('a mistake from the start is told, and mended builds', async () => {
  const gemini = await startGemini()
  const site = await createSite({ ...pageOf(['a', 'b']), 'src/b.prompt.md': promptFile('B') })
  await site.write('src/a.prompt.md', promptFile('A', { size: '9K' }))
  for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  const events = record((await build(configOf(site))) as Rolldown.RolldownWatcher)
  await vi.waitUntil(() => events.at(-1) === 'failed', 30_000)
  expect(asked(gemini)).toEqual([])
  await site.save('src/a.prompt.md', promptFile('A'))
  await vi.waitUntil(() => events.at(-1) === 'built', 30_000)
  expect(asked(gemini).toSorted()).toEqual(['A', 'B'])
})

const FILES = ['src/lamp.png', 'src/anna.prompt.md', 'src/brand.style.md', 'src/scene.prompt.md']

test.for(FILES)('%s with a mistake fails a build, and mended builds again', async (file) => {
  const { site, gemini, until } = await watch()
  const [before, bytes] = await Promise.all([shipped(site), site.bytes(file)])
  await site.save(file, '---\nnonsense: {{\n---\n')
  await until('failed')
  await site.save(file, bytes)
  await until('built')
  expect(await shipped(site)).toEqual(before)
  expect(asked(gemini)).toEqual([])
})

test.for(FILES)('%s that is deleted fails a build, and restored builds again', async (file) => {
  const { site, gemini, until } = await watch()
  const [before, bytes] = await Promise.all([shipped(site), site.bytes(file)])
  await site.remove(file)
  await until('failed')
  await site.save(file, bytes)
  await until('built')
  expect(await shipped(site)).toEqual(before)
  expect(asked(gemini)).toEqual([])
})
