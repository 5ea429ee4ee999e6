import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, skipBrowser, openPage, seen, type Seen } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed, serveSite } from '../support/vite.ts'

afterAll(closeBrowser)

/** Long enough for a slow machine to save several files before they have rested. */
const QUIET = 3000

/** A page that shows one picture by an import, one in the page itself, and one in a stylesheet. */
function siteOfThree(): Promise<Site> {
  return createSite({
    'index.html': `<!doctype html>
      <img id="page" src="./src/page.prompt.md?gemini-image" alt="">
      <img id="import" alt=""><div id="style"></div>
      <script type="module" src="/src/main.js"></script>`,
    'src/main.js': `
      import './style.css'
      import src, { width, height, alt } from './import.prompt.md?gemini-image'
      Object.assign(document.querySelector('#import'), { src, width, height, alt })
      globalThis.loads = (globalThis.loads ?? 0) + 1`,
    'src/style.css': `@import './deep/style.css';`,
    'src/deep/style.css': '#style { background: url(../style.prompt.md?gemini-image) }',
    'src/import.prompt.md': promptFile('In the module', { aspectRatio: '16:9' }),
    'src/page.prompt.md': promptFile('In the page', { aspectRatio: '4:1' }),
    'src/style.prompt.md': promptFile('In the stylesheet'),
  })
}

const isPlaceholder = ({ src }: Seen): boolean => src.includes('.placeholder-')

async function untilReal(page: Page, id: string): Promise<Seen> {
  return vi.waitFor(
    async () => {
      const now = await seen(page, id)
      expect(now.src).toContain('.gemini-image/')
      return now
    },
    { timeout: 30_000, interval: 50 },
  )
}

describe.skipIf(skipBrowser)('vite dev in Chromium', () => {
  test('without a key, stand-ins of the exact size, and one warning that lists them', async () => {
    const site = await siteOfThree()
    const { url, log } = await serveSite(site)
    const page = await openPage(url)
    for (const [id, size] of [
      ['import', '1376x768'],
      ['page', '2048x512'],
      ['style', '1024x1024'],
    ] as const) {
      const now = await seen(page, id)
      expect(isPlaceholder(now)).toBe(true)
      expect(now.size).toBe(size)
    }
    const warnings = log.filter((line) => line.includes('there is no API key'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('3 placeholders are shown')
    expect(warnings[0]).toContain('src/style.prompt.md:5:1')
  })

  test('pictures by language land one by one, and a new language is another one', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const poster = (languages: string): string =>
      promptFile('A poster in {{language}}', { each: `{ language: [${languages}] }` })
    const site = await createSite({
      'index.html': `<!doctype html><img id="en" alt=""><img id="de" alt=""><img id="nl" alt="">
        <script type="module" src="/src/main.js"></script>`,
      'src/main.js': `
        import posters from './poster.prompt.md?gemini-image&by=language'
        for (const image of document.querySelectorAll('img')) image.src = posters[image.id] ?? 'data:,'`,
      'src/poster.prompt.md': poster('en, de'),
    })
    const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: QUIET } })
    const page = await openPage(url)
    for (const id of ['en', 'de']) expect(isPlaceholder(await seen(page, id))).toBe(true)
    release()
    for (const id of ['en', 'de']) {
      expect((await untilReal(page, id)).src).toContain(`poster-${id}`)
    }
    await site.save('src/poster.prompt.md', poster('en, de, nl'))
    expect((await untilReal(page, 'nl')).src).toContain('poster-nl')
    expect(askedPrompts(gemini)).toEqual(
      ['de', 'en', 'nl'].map((language) => `A poster in ${language}`),
    )
  })

  test('with a key, stand-ins at once, and each picture as soon as it lands', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await siteOfThree()
    const { url } = await serveSite(site, { env: keyed(gemini) })
    const page = await openPage(url)
    expect(isPlaceholder(await seen(page, 'import'))).toBe(true)
    expect(isPlaceholder(await seen(page, 'page'))).toBe(true)
    release()
    expect((await untilReal(page, 'import')).size).toBe('1376x768')
    expect((await untilReal(page, 'page')).size).toBe('2048x512')
    expect((await untilReal(page, 'style')).size).toBe('1024x1024')
    expect(askedPrompts(gemini)).toEqual(['In the module', 'In the page', 'In the stylesheet'])
  })

  test('a stylesheet’s picture arrives without the page being loaded again', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await siteOfThree()
    await site.write(
      'index.html',
      '<!doctype html><div id="style"></div><script type="module" src="/src/main.js"></script>',
    )
    await site.write('src/main.js', "import './style.css'\nglobalThis.mark = Math.random()")
    const { url } = await serveSite(site, { env: keyed(gemini) })
    const page = await openPage(url)
    await page.waitForFunction('globalThis.mark !== undefined')
    const mark = await page.evaluate('globalThis.mark')
    expect(isPlaceholder(await seen(page, 'style'))).toBe(true)
    release()
    await untilReal(page, 'style')
    expect(await page.evaluate('globalThis.mark')).toBe(mark)
  })

  test('saving a prompt shows its stand-in, and a pause in typing pays once', async () => {
    const gemini = await startGemini()
    const site = await siteOfThree()
    const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: QUIET } })
    const page = await openPage(url)
    const first = await untilReal(page, 'import')
    await untilReal(page, 'style')
    gemini.reset()
    const release = gemini.hold()
    for (const words of ['In', 'In the', 'In the rain']) {
      await site.write('src/import.prompt.md', promptFile(words, { aspectRatio: '9:16' }))
      await sleep(100)
    }
    await vi.waitFor(
      async () => expect(isPlaceholder(await seen(page, 'import'))).toBe(true),
      30_000,
    )
    release()
    const second = await untilReal(page, 'import')
    expect(second.src).not.toBe(first.src)
    expect(second.size).toBe('768x1376')
    expect(askedPrompts(gemini)).toEqual(['In the rain'])
    // And so for the stylesheet, by way of what it imports.
    await site.write('src/style.prompt.md', promptFile('A new style'))
    await vi.waitFor(() => expect(askedPrompts(gemini)).toContain('A new style'), 30_000)
    await sleep(100)
    expect((await untilReal(page, 'style')).src).toContain('/style.')
    expect(gemini.requests).toHaveLength(2)
  })

  test('a new import in a saved file is generated; a draft that nothing asks for is not', async () => {
    const gemini = await startGemini()
    const site = await siteOfThree()
    const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: 50 } })
    const page = await openPage(url)
    await untilReal(page, 'import')
    await vi.waitFor(() => expect(gemini.requests).toHaveLength(3), 30_000)
    gemini.reset()
    await site.write('src/draft.prompt.md', promptFile('Draft'))
    await site.write('src/new.prompt.md', promptFile('New'))
    await sleep(300)
    expect(gemini.requests).toEqual([])
    const source = await site.read('src/main.js')
    await site.write('src/main.js', source.replace('./import.prompt.md', './new.prompt.md'))
    await vi.waitFor(() => expect(askedPrompts(gemini)).toEqual(['New']), 30_000)
    await vi.waitFor(
      async () => expect((await seen(page, 'import')).src).toContain('/new.'),
      30_000,
    )
  })

  test('a mistake is shown in the overlay with its place, and goes when it is mended', async () => {
    const gemini = await startGemini()
    const site = await siteOfThree()
    const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: 50 } })
    const page = await openPage(url)
    await untilReal(page, 'import')
    await site.write('src/import.prompt.md', '---\nmodel: nano-bananna\n---\nWrong')
    const overlay = page.locator('vite-error-overlay')
    await overlay.waitFor({ state: 'attached' })
    const said = await overlay.evaluate((element) => element.shadowRoot?.textContent ?? '')
    expect(said).toContain('UNKNOWN_MODEL at src/import.prompt.md:2:8')
    expect(said).toContain('Did you mean "nano-banana"')
    await site.write('src/import.prompt.md', promptFile('Right again'))
    await overlay.waitFor({ state: 'detached' })
    await untilReal(page, 'import')
  })

  test('beyond the budget the stand-in stays, and the log says why', async () => {
    const gemini = await startGemini()
    const site = await siteOfThree()
    const { url, log } = await serveSite(site, { env: keyed(gemini), options: { budget: 0.01 } })
    const page = await openPage(url)
    await vi.waitFor(() => expect(log.join('\n')).toContain('BUDGET_EXCEEDED'), 30_000)
    expect(isPlaceholder(await seen(page, 'import'))).toBe(true)
    expect(gemini.requests).toEqual([])
  })

  test('the same picture on the server: a module loaded again has the one that landed', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await siteOfThree()
    await site.write(
      'src/server.js',
      "export { default as url } from './import.prompt.md?gemini-image'",
    )
    const { server } = await serveSite(site, { env: keyed(gemini) })
    const before = (await server.ssrLoadModule('/src/server.js')) as { url: string }
    expect(before.url).toContain('.placeholder-')
    release()
    await vi.waitFor(
      async () => {
        const after = (await server.ssrLoadModule('/src/server.js')) as { url: string }
        expect(after.url).toContain('.gemini-image/')
      },
      { timeout: 30_000, interval: 100 },
    )
  })
})
