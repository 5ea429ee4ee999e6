import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import type { Major } from './support/packages.ts'
import { serveDev } from './support/run.ts'
import { astroConfig, createAstroSite, type AstroSite } from './support/site.ts'

afterAll(closeBrowser)

const HOSTILE = 'A sign that says <img src=x onerror="globalThis.hacked = true">'

function siteOf(major: Major, settings = ''): Promise<AstroSite> {
  const config = astroConfig({ options: 'quietPeriod: 100', settings })['astro.config.mjs'] ?? ''
  return createAstroSite(major, {
    'astro.config.mjs': config.replace('devToolbar: { enabled: false },', ''),
    'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { GeminiImage } from 'astro-gemini-image/components'
import kite, { alt } from '../kite.prompt.md?gemini-image'
---
<html lang="en"><head><title>Page</title></head><body>
  <Image id="kite" loading="eager" src={kite} alt={alt} />
  <GeminiImage id="sign" loading="eager" prompt={${JSON.stringify(HOSTILE)}} alt="A sign" />
</body></html>`,
    'src/pages/other.astro': `---
import other from '../other.prompt.md?gemini-image'
---
<img src={other.src} alt="">`,
    'src/kite.prompt.md': promptFile('A red kite', { alt: 'A kite', variants: '2' }),
    'src/other.prompt.md': promptFile('Of another page'),
  })
}

/** Opens the panel. The toolbar takes no clicks before it has loaded its apps. */
async function openPanel(page: Page): Promise<void> {
  const toggle = page.locator('astro-dev-toolbar button[data-app-id="gemini-image"]')
  const picture = page.locator('astro-dev-toolbar-window .picture').first()
  await vi.waitFor(
    async () => {
      if (await picture.isVisible()) return
      await toggle.dispatchEvent('click')
      await picture.waitFor({ timeout: 1000 })
    },
    { timeout: 30_000 },
  )
}

async function untilDrawn(page: Page): Promise<void> {
  for (const id of ['kite', 'sign']) {
    await page.waitForFunction(
      (name) => document.querySelector<HTMLImageElement>(`#${name}`)?.src.includes('.gemini-image'),
      id,
      { timeout: 20_000 },
    )
  }
}

// The oldest and the newest.
describe.skipIf(skipBrowser).each([5, 7] as const)('the dev toolbar of Astro %i', (major) => {
  test('lists the pictures of the page, draws one anew, picks a variant and opens its file', async () => {
    const gemini = await startGemini()
    const site = await siteOf(major)
    const { url } = await serveDev(site, { gemini })
    const page = await openPage(url)
    await untilDrawn(page)
    expect(gemini.requests).toHaveLength(4)
    gemini.reset()
    await openPanel(page)
    const pictures = page.locator('astro-dev-toolbar-window .picture')
    expect(await pictures.count()).toBe(2)
    const text = (await pictures.allTextContents()).join('\n')
    expect(text).toContain('A red kite')
    expect(text).toContain(HOSTILE)
    expect(text).toContain('cached · gemini-nano-banana-2.1 · $0.0354 · src/kite.prompt.md:')
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined()
    expect(gemini.requests).toEqual([])

    const opened: string[] = []
    await page.route('**/__open-in-editor?*', (route) => {
      opened.push(new URL(route.request().url()).searchParams.get('file') ?? '')
      return route.fulfill({ body: '' })
    })
    const kite = pictures.filter({ hasText: 'A red kite' })
    await kite.locator('[data-action="open"]').click()
    await vi.waitFor(() => expect(opened).toEqual([`${site.path('src/kite.prompt.md')}:6:1`]))

    const sign = pictures.filter({ hasText: 'A sign' })
    const before = await page.getAttribute('#sign', 'src')
    await sign.locator('[data-action="redraw"]').click()
    await vi.waitFor(() => expect(askedPrompts(gemini)).toEqual([HOSTILE]), { timeout: 30_000 })
    await page.waitForFunction(
      (src) => document.querySelector('#sign')?.getAttribute('src') !== src,
      before,
    )
    gemini.reset()

    await openPanel(page)
    await kite.locator('[data-variant="2"]').click()
    await vi.waitFor(
      async () => expect(await site.read('src/kite.prompt.md')).toContain('pick: 2'),
      30_000,
    )
    expect(gemini.requests).toEqual([])
  })
})

describe.skipIf(skipBrowser)('the endpoint of the dev toolbar', () => {
  test('only a page of the server may ask, with the token, for what the source declares', async () => {
    const gemini = await startGemini()
    const site = await siteOf(7, `base: '/notes',`)
    const { url } = await serveDev(site, { gemini })
    const page = await openPage(`${url}/notes/`)
    await untilDrawn(page)
    gemini.reset()
    const module = '/notes/@id/__x00__virtual:gemini-image/toolbar'
    const { token, endpoint: location } = await page.evaluate<{ token: string; endpoint: string }>(
      `import('${module}').then(({ token, endpoint }) => ({ token, endpoint }))`,
    )
    const endpoint = url + location
    const redraw = { action: 'redraw', id: site.path('src/kite.prompt.md') }
    const post = async (
      headers: Record<string, string>,
      body: unknown = redraw,
    ): Promise<number> => {
      const json = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) }
      return (await fetch(endpoint, init)).status
    }
    const header = { 'x-gemini-image-token': token }
    const origin = { origin: url }
    expect((await fetch(endpoint)).status).toBe(405)
    expect(await post({})).toBe(403)
    expect(await post(origin)).toBe(403)
    expect(await post(header)).toBe(403)
    expect(await post({ ...origin, 'x-gemini-image-token': `${token}x` })).toBe(403)
    expect(await post({ ...header, origin: 'https://evil.example' })).toBe(403)
    expect(await post({ ...header, origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await post({ ...header, origin: 'null' })).toBe(403)
    expect(await post({ ...header, ...origin, 'sec-fetch-site': 'cross-site' })).toBe(403)
    const asked = { ...header, ...origin }
    expect(await post(asked, { action: 'redraw', id: site.path('src/none.prompt.md') })).toBe(422)
    expect(await post(asked, { action: 'redraw', prompt: 'Anything' })).toBe(400)
    expect(await post(asked, { action: 'pick', id: redraw.id, variant: 9 })).toBe(422)
    await page.evaluate(async (address) => {
      await fetch(address, { method: 'POST', body: '{"action":"redraw"}' })
    }, endpoint)
    expect(gemini.requests).toEqual([])
    expect(await site.read('src/kite.prompt.md')).not.toContain('pick')
    expect(await post(asked)).toBe(200)
    expect(askedPrompts(gemini)).toEqual(['A red kite', 'A red kite'])
  })
})
