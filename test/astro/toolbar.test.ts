import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { serveDev } from './support/run.ts'
import { astroConfig, createAstroSite } from './support/site.ts'

afterAll(closeBrowser)

const HOSTILE = 'A sign that says <img src=x onerror="globalThis.hacked = true">'

const FILES = {
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
}

/** Opens the app. The toolbar takes no clicks before it has loaded its apps. */
async function openApp(page: Page): Promise<FrameLocator> {
  const toggle = page.locator('astro-dev-toolbar button[data-app-id="gemini-image"]')
  const studio = page.frameLocator('astro-dev-toolbar-window iframe')
  const chip = studio.getByRole('button', { name: /^On this page/ })
  await vi.waitFor(
    async () => {
      if (await chip.isVisible()) return
      await toggle.dispatchEvent('click')
      await chip.waitFor({ timeout: 5000 })
    },
    { timeout: 60_000 },
  )
  return studio
}

async function untilGenerated(page: Page): Promise<void> {
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
  test('is the door to the studio, with the pictures of the page first', async () => {
    const gemini = await startGemini()
    const config =
      astroConfig({ options: 'quietPeriod: 100', settings: `base: '/notes',` })[
        'astro.config.mjs'
      ] ?? ''
    const site = await createAstroSite(major, {
      'astro.config.mjs': config.replace('devToolbar: { enabled: false },', ''),
      ...FILES,
    })
    const { url } = await serveDev(site, { gemini })
    const page = await openPage(`${url}/notes/`)
    await untilGenerated(page)
    expect(gemini.requests).toHaveLength(4)
    gemini.reset()
    const studio = await openApp(page)
    const cards = studio.getByRole('listitem')
    await vi.waitFor(async () => expect(await cards.count()).toBe(2), 20_000)
    expect((await cards.allTextContents()).join()).not.toContain('other')
    await studio.getByRole('button', { name: /^All/ }).click()
    await vi.waitFor(async () => expect(await cards.count()).toBe(3), 20_000)

    await studio.getByRole('link', { name: 'kite' }).click()
    await studio.getByRole('button', { name: 'Variant 2' }).click()
    await studio.getByRole('button', { name: 'Pick variant 2' }).click()
    await vi.waitFor(
      async () => expect(await site.read('src/kite.prompt.md')).toContain('pick: 2'),
      30_000,
    )
    // The pick reloads the page.
    await vi.waitFor(async () =>
      expect(await page.evaluate('String(globalThis.hacked)')).toBe('undefined'),
    )
    expect(gemini.requests).toEqual([])
  })
})
