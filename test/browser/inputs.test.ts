import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { jpeg, png } from '../references/images.ts'
import { closeBrowser, openPage, skipBrowser, seen, type Seen } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed, serveSite, type DevSite, type Run } from '../support/vite.ts'

afterAll(closeBrowser)

const QUIET = 300
/** Long enough for a slow machine to save several files, and to show a stand-in, before they have rested. */
const LONG_QUIET = 4000
/** How long a page or the server may take, in milliseconds, however busy the machine is. */
const PATIENCE = 30_000
const SETTINGS = `style: ./brand.style.md
references:
  - ./lamp.png
  - ./anna.prompt.md`

/** A picture with an input of each kind. Anna is shown nowhere. */
const inputs = {
  'src/scene.prompt.md': `---\nalt: A scene\naspectRatio: 16:9\n${SETTINGS}\n---\n\nA scene\n`,
  'src/brand.style.md': 'In ink\n',
  'src/anna.prompt.md': promptFile('Anna'),
}

/** Shows the picture by an import that is accepted, and in a stylesheet. */
const modules = {
  'index.html': `<!doctype html><img id="import" alt=""><div id="style"></div>
    <script type="module" src="/src/main.js"></script>`,
  'src/main.js': `
    import './style.css'
    import scene from './scene.prompt.md?gemini-image'
    const show = (src) => (document.querySelector('#import').src = src)
    show(scene)
    import.meta.hot.accept('./scene.prompt.md?gemini-image', (module) => module && show(module.default))
    globalThis.mark = Math.random()`,
  'src/style.css': '#style { background: url(./scene.prompt.md?gemini-image) }',
}

/** Shows the picture in the page itself. */
const page = {
  'index.html': `<!doctype html><img id="page" src="./src/scene.prompt.md?gemini-image" alt="">
    <script type="module">globalThis.mark = Math.random()</script>`,
}

async function siteOf(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await createSite({ ...inputs, ...files })
  await site.write('src/lamp.png', await png())
  return site
}

interface Stage extends DevSite {
  readonly site: Site
  readonly gemini: FakeGemini
}

/** Serves a site, and waits until its first pictures have landed. */
async function serve(files: Readonly<Record<string, string>>, run: Run = {}): Promise<Stage> {
  const [gemini, site] = await Promise.all([startGemini(), siteOf(files)])
  const options = { quietPeriod: QUIET, ...run.options }
  const config = { root: site.path(run.config?.root ?? '.') }
  const served = await serveSite(site, { env: keyed(gemini), options, config })
  await vi.waitFor(() => expect(served.log.join('\n')).toContain('calls cost'), PATIENCE)
  expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  gemini.reset()
  return { ...served, site, gemini }
}

const asked = ({ requests }: FakeGemini): string[] => requests.map(({ prompt }) => prompt)

const PLACEHOLDER = /\/scene\.placeholder-/
const REAL = /\/\.gemini-image\/scene\./

/** Waits until an element shows a picture whose name is like this, and is not one of the others. */
function until(shown: Page, id: string, name: RegExp, ...others: Seen[]): Promise<Seen> {
  return vi.waitFor(
    async () => {
      const now = await seen(shown, id)
      expect(now.src).toMatch(name)
      expect(now.size).toBe('1376x768')
      expect(others.map(({ src }) => src)).not.toContain(now.src)
      return now
    },
    { timeout: PATIENCE, interval: 30 },
  )
}

const markOf = (shown: Page): Promise<unknown> => shown.evaluate('globalThis.mark')

/** What Vite's overlay says, once it is there. */
async function overlayText(shown: Page): Promise<string> {
  const overlay = shown.locator('vite-error-overlay')
  await overlay.waitFor({ state: 'attached', timeout: PATIENCE })
  return overlay.evaluate((element) => element.shadowRoot?.textContent ?? '')
}

/** How each input is edited, and what is paid for then, in order. */
const EDITS: readonly [string, (site: Site) => Promise<void>, readonly string[]][] = [
  ['a style file', (site) => site.write('src/brand.style.md', 'In oil\n'), ['A scene\n\nIn oil']],
  [
    'a reference image',
    async (site) => site.write('src/lamp.png', await png('#00c')),
    ['A scene\n\nIn ink'],
  ],
  [
    'a declaration that is referred to',
    (site) => site.write('src/anna.prompt.md', promptFile('Anna, older')),
    ['Anna, older', 'A scene\n\nIn ink'],
  ],
]

describe.skipIf(skipBrowser)('what a picture is made from, edited while Chromium shows it', () => {
  test.for(EDITS)('%s: modules and stylesheets follow by HMR', async ([, edit, calls]) => {
    const { url, site, gemini } = await serve(modules)
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    expect(await until(shown, 'style', REAL)).toEqual(before)
    const mark = await markOf(shown)
    const release = gemini.hold()
    await edit(site)
    await until(shown, 'import', PLACEHOLDER)
    await until(shown, 'style', PLACEHOLDER)
    release()
    const after = await until(shown, 'import', REAL, before)
    expect(await until(shown, 'style', REAL, before)).toEqual(after)
    expect(await markOf(shown)).toBe(mark)
    await sleep(2 * QUIET)
    expect(asked(gemini)).toEqual(calls)
  })

  test.for(EDITS)('%s: a page with the picture in it follows', async ([, edit, calls]) => {
    const { url, site, gemini } = await serve(page)
    const shown = await openPage(url)
    const before = await until(shown, 'page', REAL)
    const release = gemini.hold()
    await edit(site)
    await until(shown, 'page', PLACEHOLDER)
    release()
    await until(shown, 'page', REAL, before)
    await sleep(2 * QUIET)
    expect(asked(gemini)).toEqual(calls)
  })

  test.for(EDITS)('%s, while no page is open: paid for once, and there later', async (row) => {
    const [, edit, calls] = row
    const { url, site, gemini } = await serve(modules)
    await edit(site)
    await vi.waitFor(() => expect(asked(gemini)).toEqual(calls), PATIENCE)
    await until(await openPage(url), 'import', REAL)
    expect(asked(gemini)).toEqual(calls)
  })

  test('what a saved file asks for anew is known, while no page is open', async () => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(modules)])
    await site.remove('src/style.css')
    await site.write('src/main.js', '')
    const options = { quietPeriod: QUIET }
    const { server } = await serveSite(site, { env: keyed(gemini), options })
    const watched = (): string[] => server.watcher.getWatched()[site.path('src')] ?? []
    await vi.waitFor(() => expect(watched()).toContain('main.js'), PATIENCE)
    await site.write('src/main.js', modules['src/main.js'])
    await vi.waitFor(() => expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink']), PATIENCE)
    await sleep(QUIET)
    await site.write('src/brand.style.md', 'In oil\n')
    await vi.waitFor(() => expect(asked(gemini)[2]).toBe('A scene\n\nIn oil'), PATIENCE)
  })

  test('a pause in editing pays once for what three inputs decide', async () => {
    const { url, site, gemini } = await serve(modules, { options: { quietPeriod: LONG_QUIET } })
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    for (const [, edit] of EDITS) {
      await edit(site)
      await sleep(100)
    }
    expect(asked(gemini)).toEqual([])
    await until(shown, 'import', REAL, before)
    expect(asked(gemini)).toEqual(['Anna, older', 'A scene\n\nIn oil'])
  })

  test('an edit that is taken back shows the picture of before, and pays nothing', async () => {
    const { url, site, gemini } = await serve(modules, { options: { quietPeriod: LONG_QUIET } })
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    await site.write('src/brand.style.md', 'In oil\n')
    await until(shown, 'import', PLACEHOLDER)
    await site.write('src/brand.style.md', inputs['src/brand.style.md'])
    expect(await until(shown, 'import', REAL)).toEqual(before)
    await sleep(LONG_QUIET + QUIET)
    expect(asked(gemini)).toEqual([])
  })

  test('an image that nothing refers to, or that is not referred to any more, is left alone', async () => {
    const { url, site, gemini } = await serve(modules)
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    const scene = inputs['src/scene.prompt.md'].replace('  - ./lamp.png\n', '')
    await site.write('src/scene.prompt.md', scene)
    const after = await until(shown, 'import', REAL, before)
    expect(await until(shown, 'style', REAL, before)).toEqual(after)
    await sleep(2 * QUIET)
    gemini.reset()
    const updates: string[] = []
    shown.on('console', (message) => updates.push(message.text()))
    await site.write('src/lamp.png', await png('#00c'))
    await site.write('src/other.png', await png('#0cc'))
    await sleep(QUIET)
    await site.write('src/other.png', await jpeg())
    await sleep(3 * QUIET)
    expect(asked(gemini)).toEqual([])
    expect(updates).toEqual([])
    expect(await seen(shown, 'import')).toEqual(after)
  })

  test.for(EDITS)('%s, where Vite’s root is a folder of the project', async ([, edit, calls]) => {
    const { url, site, gemini } = await serve(
      {
        'web/index.html': modules['index.html'].replace('/src/main.js', '/main.js'),
        'web/main.js': modules['src/main.js'].replaceAll('./scene', '../src/scene'),
        'web/style.css': modules['src/style.css'].replace('./scene', '../src/scene'),
      },
      { config: { root: 'web' } },
    )
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    await edit(site)
    await until(shown, 'style', REAL, before)
    await until(shown, 'import', REAL, before)
    expect(asked(gemini)).toEqual(calls)
  })
})

describe.skipIf(skipBrowser)('an input that is missing', () => {
  const FILES = [
    ['src/lamp.png', 'REFERENCE_NOT_FOUND at src/scene.prompt.md:6:5'],
    ['src/anna.prompt.md', 'PROMPT_FILE_NOT_FOUND at src/scene.prompt.md:7:5'],
    ['src/brand.style.md', ' at src/scene.prompt.md:4:8'],
  ] as const

  test.for(FILES)('%s deleted: the overlay has its place; restored: all is well', async (row) => {
    const [file, said] = row
    const { url, site, gemini } = await serve(modules)
    const shown = await openPage(url)
    const before = await until(shown, 'import', REAL)
    const mark = await markOf(shown)
    const bytes = await site.bytes(file)
    await site.remove(file)
    expect(await overlayText(shown)).toContain(said)
    await site.write(file, bytes)
    await shown.locator('vite-error-overlay').waitFor({ state: 'detached', timeout: PATIENCE })
    expect(await until(shown, 'import', REAL)).toEqual(before)
    expect(await until(shown, 'style', REAL)).toEqual(before)
    expect(await markOf(shown)).toBe(mark)
    await sleep(2 * QUIET)
    expect(asked(gemini)).toEqual([])
  })

  test.for(FILES)('%s deleted and restored, with the picture in the page', async ([file, said]) => {
    const { url, site, gemini } = await serve(page)
    const shown = await openPage(url)
    const before = await until(shown, 'page', REAL)
    const bytes = await site.bytes(file)
    await site.remove(file)
    expect(await overlayText(shown)).toContain(said)
    await site.write(file, bytes)
    expect(await until(shown, 'page', REAL)).toEqual(before)
    await sleep(2 * QUIET)
    expect(asked(gemini)).toEqual([])
  })

  test.for(FILES)('%s missing from the start, and then added', async ([file, said]) => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(modules)])
    const bytes = await site.bytes(file)
    await site.remove(file)
    const options = { quietPeriod: QUIET }
    const { url } = await serveSite(site, { env: keyed(gemini), options })
    const shown = await openPage(url)
    expect(await overlayText(shown)).toContain(said)
    await site.write(file, bytes)
    await until(shown, 'import', REAL)
    await until(shown, 'style', REAL)
    await sleep(2 * QUIET)
    expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  })

  test('a mistake from the start goes once it is mended', async () => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(modules)])
    await site.write('src/scene.prompt.md', '---\nmodel: nano-bananna\n---\nWrong')
    const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: QUIET } })
    const shown = await openPage(url)
    expect(await overlayText(shown)).toContain('UNKNOWN_MODEL at src/scene.prompt.md:2:8')
    await site.write('src/scene.prompt.md', inputs['src/scene.prompt.md'])
    await until(shown, 'import', REAL)
    expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  })

  test.for(FILES)('%s added before any page is open', async ([file]) => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(modules)])
    const bytes = await site.bytes(file)
    await site.remove(file)
    const options = { quietPeriod: QUIET }
    const { url } = await serveSite(site, { env: keyed(gemini), options })
    await sleep(2 * QUIET)
    await site.write(file, bytes)
    await vi.waitFor(() => expect(gemini.requests).toHaveLength(2), PATIENCE)
    await until(await openPage(url), 'import', REAL)
    expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  })
})

describe.skipIf(skipBrowser)('what waits for another picture', () => {
  test('is a stand-in of its exact size until both have landed', async () => {
    const [gemini, site] = await Promise.all([startGemini({ latency: 1000 }), siteOf(modules)])
    const { url } = await serveSite(site, { env: keyed(gemini) })
    const shown = await openPage(url)
    await until(shown, 'import', PLACEHOLDER)
    await vi.waitFor(() => expect(gemini.requests).toHaveLength(2), PATIENCE)
    expect((await seen(shown, 'import')).src).toMatch(PLACEHOLDER)
    expect(gemini.requests[0]?.outcome).toBe('image')
    await until(shown, 'import', REAL)
    await until(shown, 'style', REAL)
    expect(asked(gemini)).toEqual(['Anna', 'A scene\n\nIn ink'])
  })

  test('is replaced in a page that had it and had not run it when the picture landed', async () => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(modules)])
    await site.write('src/main.js', `import './slow.js'\n${modules['src/main.js']}`)
    await site.write('src/slow.js', '')
    const release = gemini.hold()
    const { url, log } = await serveSite(site, { env: keyed(gemini) })
    const landed = Promise.withResolvers<void>()
    const shown = await openPage('about:blank')
    await shown.route('**/src/slow.js', async (route) => {
      await landed.promise
      await route.continue()
    })
    const answers = ['/style.css', 'scene.prompt.md'].map((name) =>
      shown.waitForResponse((answer) => answer.url().includes(name)),
    )
    const opened = shown.goto(url)
    await Promise.all(answers)
    release()
    await vi.waitFor(() => expect(log.join('\n')).toContain('calls cost'), PATIENCE)
    landed.resolve()
    await opened
    await until(shown, 'import', REAL)
    await until(shown, 'style', REAL)
  })

  test('costs nothing by a page or a URL, however much is missing', async () => {
    const { url, site, gemini } = await serve(modules, { options: { quietPeriod: 600_000 } })
    await until(await openPage(url), 'import', REAL)
    await site.write('src/anna.prompt.md', promptFile('Anna, older'))
    for (let visit = 0; visit < 2; visit += 1) {
      const shown = await openPage(url)
      await until(shown, 'import', PLACEHOLDER)
      await until(shown, 'style', PLACEHOLDER)
    }
    const names = [
      'src/scene.prompt.md',
      'src/anna.prompt.md',
      'src/brand.style.md',
      'src/lamp.png',
    ]
    const queries = ['', '?gemini-image', '?import&gemini-image', '?gemini-image&t=1']
    const urls = names.flatMap((name) => queries.map((query) => `${url}/${name}${query}`))
    await Promise.all(urls.map((one) => fetch(one).then((answer) => answer.arrayBuffer())))
    await sleep(QUIET)
    expect(asked(gemini)).toEqual([])
  })
})
