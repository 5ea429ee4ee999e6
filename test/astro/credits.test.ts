import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { buildAstro } from './support/run.ts'
import { createAstroSite } from './support/site.ts'

afterAll(closeBrowser)

/** As a lockfile may hold it that somebody has tampered with. */
const HOSTILE = {
  searchSuggestions: `<script>top.hacked = 1</script></template></iframe>"><img src=x onerror="parent.hacked=2"><a id="chip" href="https://www.google.com/search?q=a">a</a>`,
  sources: [
    { url: 'javascript:hacked=3', title: 'Not a page' },
    {
      url: 'https://example.org/?a="><script>hacked=4</script>',
      title: '</a></li><script>hacked=5</script>"&amp;',
    },
    { url: 'https://example.org/untitled' },
    { url: 'https://example.org/untitled', title: '' },
    { url: 'data:text/html,<script>hacked=6</script>' },
    { url: 'nonsense', title: '' },
  ],
  queries: ['<script>hacked=7</script>'],
}

const page = (of: string, imports = ''): string => `---
import { GeneratedImageCredits } from 'astro-gemini-image/components'
${imports}
---
<html lang="en"><head><title>Credits</title></head><body><main><GeneratedImageCredits of={${of}} /></main></body></html>
`

const FILES = {
  'src/heron.prompt.md': promptFile('A heron', {
    grounding: '{ web: true }',
    model: 'nano-banana-pro',
  }),
  'src/plain.prompt.md': promptFile('A kite'),
  'src/pages/hostile.astro': page(JSON.stringify(HOSTILE)),
  'src/pages/heron.astro': page(
    '[grounding, undefined, grounding]',
    `import { grounding } from '../heron.prompt.md?gemini-image'`,
  ),
  'src/pages/plain.astro': page(
    'grounding',
    `import { grounding } from '../plain.prompt.md?gemini-image'`,
  ),
}

describe('Astro', () => {
  test('credits are shown whole and once, and nothing where nothing was looked up', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(7, FILES)
    await buildAstro(site, { gemini })
    const main = async (name: string): Promise<string> =>
      /<main>(.*)<\/main>/s.exec(await site.read(`dist/${name}/index.html`))?.[1]?.trim() ?? ''
    expect(await main('plain')).toBe('')
    const heron = await main('heron')
    expect(heron.split('<iframe')).toHaveLength(2)
    expect(heron.split('<li')).toHaveLength(2)
    expect(heron).not.toContain('<script')
    if (skipBrowser) return
    const open = (name: string): ReturnType<typeof openPage> =>
      openPage(pathToFileURL(site.path(`dist/${name}/index.html`)).href)
    const shown = await open('heron')
    const section = shown.getByRole('region', { name: 'Image sources' })
    const link = section.getByRole('link', { name: 'Birds of the reeds' })
    expect(await link.getAttribute('href')).toMatch(
      /^https:\/\/vertexaisearch\.cloud\.google\.com\//,
    )
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
    expect(
      await section.locator('iframe').evaluate((frame) => getComputedStyle(frame).borderTopWidth),
    ).toBe('0px')
    const chips = shown.frameLocator('iframe[title="Google Search suggestions"]')
    expect(
      await chips
        .getByRole('link', { name: 'A heron' })
        .evaluate((chip) => getComputedStyle(chip).borderRadius),
    ).toBe('16px')
    const hostile = await open('hostile')
    expect(await hostile.frameLocator('iframe').locator('#chip').getAttribute('href')).toContain(
      'https://www.google.com',
    )
    expect(await hostile.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await hostile.locator('script').count()).toBe(0)
    expect(await hostile.locator('main img').count()).toBe(0)
    expect(
      await hostile
        .locator('li')
        .evaluateAll((items) =>
          items.map((item) => [item.textContent.trim(), item.querySelector('a')?.href]),
        ),
    ).toEqual([
      ['Not a page', undefined],
      [
        '</a></li><script>hacked=5</script>"&amp;',
        'https://example.org/?a=%22%3E%3Cscript%3Ehacked=4%3C/script%3E',
      ],
      ['example.org', 'https://example.org/untitled'],
      ['data:text/html,<script>hacked=6</script>', undefined],
      ['nonsense', undefined],
    ])
  })
})
