import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { createBuilder } from 'vite'
import geminiImage from 'unplugin-gemini-image/vite'
import { describe, expect, test } from 'vitest'
import { askedPrompts, holdUntil, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed, watchSite } from '../support/vite.ts'

const letters = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`)

async function siteWith(count: number): Promise<Site> {
  const names = letters(count)
  const prompts = names.map((name) => [`src/${name}.prompt.md`, promptFile(`The picture ${name}`)])
  return createSite({ ...pageOf(names), ...Object.fromEntries(prompts) })
}

async function lockEntries(site: Site): Promise<string[]> {
  const lines = (await site.read('gemini-image.lock')).split('\n')
  return lines.filter((line) => line.startsWith('  '))
}

test('an import is a picture of the asked size, with what is known of it', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/hero.prompt.md': promptFile('A red kite over a wheat field', {
      model: 'nano-banana-pro',
      aspectRatio: '16:9',
      size: '2K',
      alt: 'A kite "in" the <wind>',
    }),
    'src/main.js': `
      import hero, { alt, width, height, format, prompt, model } from './hero.prompt.md?gemini-image'
      export default { hero, alt, width, height, format, prompt, model }`,
  })
  const build = { ssr: 'src/main.js', ssrEmitAssets: true }
  await buildSite(site, { env: keyed(gemini), config: { build } })
  const built = (await import(pathToFileURL(site.path('dist/main.js')).href)) as {
    default: Record<string, unknown>
  }
  const { hero, ...named } = built.default
  expect(named).toEqual({
    alt: 'A kite "in" the <wind>',
    width: 2752,
    height: 1536,
    format: 'jpeg',
    prompt: 'A red kite over a wheat field',
    model: 'gemini-3-pro-image',
  })
  expect(hero).toMatch(/^\/assets\/hero\.[0-9a-f]{12}-.+\.jpg$/)
  expect(await describeImage(await site.bytes(`dist${String(hero)}`))).toBe('jpeg 2752x1536')
})

test('a second build makes no call and writes nothing', async () => {
  const gemini = await startGemini()
  const site = await siteWith(3)
  await buildSite(site, { env: keyed(gemini) })
  expect(askedPrompts(gemini)).toEqual(['The picture p0', 'The picture p1', 'The picture p2'])
  const files = [
    'gemini-image.lock',
    ...(await site.list('.gemini-image')).map((f) => `.gemini-image/${f}`),
  ]
  const stamps = async (): Promise<bigint[]> =>
    Promise.all(files.map(async (file) => (await stat(site.path(file), { bigint: true })).mtimeNs))
  const before = await stamps()
  const first = await site.list('dist', true)
  gemini.reset()
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toEqual([])
  expect(await stamps()).toEqual(before)
  expect(await site.list('dist', true)).toEqual(first)
})

test('all that the source asks for is requested side by side, within the limit', async () => {
  const gemini = await startGemini({ latency: 500 })
  const site = await siteWith(10)
  const building = buildSite(site, { env: keyed(gemini), options: { concurrency: 4 } })
  await Promise.all([building, holdUntil(gemini, 4)])
  expect(gemini.requests).toHaveLength(10)
  expect(gemini.maxInFlight).toBe(4)
})

test('one call for one request, however often it is imported and from whichever environment', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['a', 'b']),
    'src/a.prompt.md': promptFile('The same words', { alt: 'One' }),
    // Another file with other line endings, order of keys and alternative text: the same request.
    'src/b.prompt.md': '---\r\nsize: 1K\r\nalt: Two\r\n---\r\n\r\nThe same words\r\n',
    'src/server.js': `import a from './a.prompt.md?gemini-image'\nexport const url = a\n`,
  })
  Object.assign(process.env, keyed(gemini))
  try {
    const builder = await createBuilder({
      root: site.root,
      configFile: false,
      logLevel: 'silent',
      build: { assetsInlineLimit: 0 },
      plugins: [geminiImage()],
      environments: {
        client: { build: { outDir: 'dist/client' } },
        ssr: { build: { outDir: 'dist/server', rolldownOptions: { input: '/src/server.js' } } },
      },
      builder: { sharedPlugins: false },
    })
    await Promise.all(Object.values(builder.environments).map((env) => builder.build(env)))
  } finally {
    for (const name of Object.keys(keyed(gemini))) delete process.env[name]
  }
  expect(gemini.requests).toHaveLength(1)
  expect(await lockEntries(site)).toHaveLength(1)
  const server = (await import(pathToFileURL(site.path('dist/server/server.js')).href)) as {
    url: string
  }
  // The server names the very file that the client build emitted.
  expect(await site.list('dist/client/assets')).toContain(server.url.replace('/assets/', ''))
})

test('a prompt file that nothing asks for is left alone', async () => {
  const gemini = await startGemini()
  const site = await siteWith(1)
  await site.write('src/draft.prompt.md', promptFile('Not used'))
  await site.write('src/broken.prompt.md', '---\nmodel: nonsense\n---\n')
  await buildSite(site, { env: keyed(gemini) })
  expect(askedPrompts(gemini)).toEqual(['The picture p0'])
})

test('import.meta.glob and aliases are found by the scan and resolved by Vite', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
    'src/main.js': `
      import logo from '@/brand/logo.prompt.md?gemini-image'
      const all = import.meta.glob('./gallery/*.prompt.md', { query: '?gemini-image', import: 'default', eager: true })
      document.title = JSON.stringify([logo, all])`,
    'src/brand/logo.prompt.md': promptFile('A logo'),
    'src/gallery/one.prompt.md': promptFile('One'),
    'src/gallery/two.prompt.md': promptFile('Two'),
  })
  const alias = { '@': site.path('src') }
  const building = buildSite(site, { env: keyed(gemini), config: { resolve: { alias } } })
  await Promise.all([building, holdUntil(gemini, 3)])
  expect(askedPrompts(gemini)).toEqual(['A logo', 'One', 'Two'])
  expect(gemini.maxInFlight).toBe(3)
  expect((await site.list('dist/assets')).filter((name) => name.endsWith('.jpg'))).toHaveLength(3)
})

test('what stands in the query besides the marker is for the host', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
    'src/main.js': `import a from './a.prompt.md?gemini-image&inline'\ndocument.title = a`,
    'src/a.prompt.md': promptFile('A small one', { aspectRatio: '8:1' }),
  })
  await buildSite(site, { env: keyed(gemini) })
  const script = (await site.list('dist/assets')).find((name) => name.endsWith('.js'))
  expect(await site.read(`dist/assets/${script}`)).toContain('data:image/jpeg;base64,')
})

test('the base is the host’s, and so is the root when the site lies in a folder of its package', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'web/index.html': '<!doctype html><img src="./a.prompt.md?gemini-image" alt="">',
    'web/a.prompt.md': promptFile('A'),
  })
  await buildSite(site, {
    env: keyed(gemini),
    config: { root: site.path('web'), base: '/sub/', build: { outDir: '../out' } },
  })
  expect(await site.read('out/index.html')).toMatch(/src="\/sub\/assets\/a\.[0-9a-f]{12}-.+\.jpg"/)
  expect(await site.list('.gemini-image')).toHaveLength(1)
  expect(await site.list('web/.gemini-image')).toEqual([])
})

test('a page without scripts has its pictures', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html':
      '<!doctype html><noscript><img src="./a.prompt.md?gemini-image" alt=""></noscript>',
    'a.prompt.md': promptFile('A'),
  })
  await buildSite(site, { env: keyed(gemini) })
  const page = await site.read('dist/index.html')
  expect(page).toMatch(/<noscript><img src="\/assets\/a\.[0-9a-f]{12}-.+\.jpg"/)
})

test('vite build --watch builds again when a prompt is saved, and pays for it once', async () => {
  const gemini = await startGemini()
  const site = await siteWith(2)
  await site.write('src/main.js', `${await site.read('src/main.js')}\nimport './style.css'`)
  await site.write('src/style.css', 'body { background: url(./p2.prompt.md?gemini-image) }')
  await site.write('src/p2.prompt.md', promptFile('In the stylesheet'))
  const watching = await watchSite(site, { env: keyed(gemini) })
  await watching.built(1)
  gemini.reset()
  await site.save('src/p0.prompt.md', promptFile('Another p0'))
  await watching.built(2)
  await site.save('src/p2.prompt.md', promptFile('Another stylesheet'))
  await watching.built(3)
  expect(askedPrompts(gemini)).toEqual(['Another p0', 'Another stylesheet'])
  expect(await lockEntries(site)).toHaveLength(5)
})

describe('failures', () => {
  test('a picture that is refused loses none of the others, and is asked for again once it is changed', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'blocked', match: /p2/ })
    const site = await siteWith(5)
    const said = await failingBuild(site, { env: keyed(gemini) })
    expect(said).toContain('BLOCKED at src/p2.prompt.md:5:1')
    expect(said).toContain('IMAGE_PROHIBITED_CONTENT')
    expect(await lockEntries(site)).toHaveLength(4)
    gemini.reset()
    const saidAgain = await failingBuild(site, { env: keyed(gemini) })
    expect(saidAgain).toMatch(/BLOCKED at src\/p2\.prompt\.md:5:1[^]*It was refused on /)
    expect(askedPrompts(gemini)).toEqual([])
    await site.write('src/p2.prompt.md', promptFile('Another p2'))
    await buildSite(site, { env: keyed(gemini) })
    expect(askedPrompts(gemini)).toEqual(['Another p2'])
    expect(await lockEntries(site)).toHaveLength(5)
  })

  test.for([
    'rate-limited',
    'server-error',
    'unavailable',
    'html-error',
    'reset',
    'truncated',
  ] as const)('%s passes, and the picture lands', async (kind) => {
    const gemini = await startGemini()
    gemini.fault({ kind })
    const site = await siteWith(1)
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests.map(({ outcome }) => outcome)).toEqual([kind, 'image'])
    expect(await lockEntries(site)).toHaveLength(1)
  })

  test('a call that may have been paid for is not repeated without money for it', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'reset', times: Infinity })
    const site = await siteWith(1)
    // Enough for one picture, not for two.
    const said = await failingBuild(site, { env: keyed(gemini), options: { budget: 0.05 } })
    expect(said).toContain('BUDGET_EXCEEDED')
    expect(gemini.requests).toHaveLength(1)
  })

  test.for([
    ['html', 'BAD_ANSWER'],
    ['invalid-json', 'BAD_ANSWER'],
    ['prompt-blocked', 'BLOCKED'],
    ['text-only', 'NO_IMAGE'],
    ['empty', 'NO_IMAGE'],
    ['quota-exhausted', 'QUOTA_EXHAUSTED'],
  ] as const)('%s is %s after one call, and nothing is written', async ([kind, code]) => {
    const gemini = await startGemini()
    gemini.fault({ kind, times: Infinity })
    const site = await siteWith(1)
    const said = await failingBuild(site, { env: keyed(gemini) })
    expect(said).toContain(`${code} at src/p0.prompt.md:5:1`)
    expect(gemini.requests).toHaveLength(1)
    expect(await site.list('.')).not.toContain('gemini-image.lock')
    expect(await site.list('.gemini-image')).toEqual([])
  })

  test('a picture of another size or type than promised is used as it is, with a warning', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'wrong-size', match: /p0/ })
    gemini.fault({ kind: 'wrong-type', match: /p1/ })
    const site = await siteWith(2)
    const log = await buildSite(site, { env: keyed(gemini) })
    expect(log).toContain('src/p0.prompt.md:5:1: the model sent 512×512 pixels where 1024×1024')
    const stored = await site.list('.gemini-image')
    expect(stored.map((name) => name.replace(/[0-9a-f]{12}/, '#'))).toEqual([
      'p0.#.jpg',
      'p1.#.png',
    ])
  })

  test('the budget is checked for the whole plan before the first call', async () => {
    const gemini = await startGemini()
    const site = await siteWith(3)
    const said = await failingBuild(site, { env: keyed(gemini), options: { budget: 0.1 } })
    expect(said).toContain('BUDGET_EXCEEDED')
    for (const name of letters(3)) expect(said).toContain(`src/${name}.prompt.md:5:1`)
    expect(gemini.requests).toEqual([])
  })
})
