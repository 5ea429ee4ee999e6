import path from 'node:path'
import { build } from 'vite'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser, watchLayout } from '../support/browser.ts'
import { servedAt } from '../support/preview.ts'

afterAll(closeBrowser)

const example = path.resolve(import.meta.dirname, '../../examples/vite')

describe.skipIf(skipBrowser)('the example in Chromium', () => {
  test('shows its five pictures, says what drew them, and nothing moves while it loads', async () => {
    process.env['GEMINI_IMAGE_MODE'] = 'frozen'
    const outDir = path.resolve(import.meta.dirname, '../.sites/example')
    await build({ root: example, logLevel: 'silent', build: { outDir, emptyOutDir: true } })
    delete process.env['GEMINI_IMAGE_MODE']
    const url = await servedAt({ root: example }, outDir)
    const page = await openPage('about:blank')
    const failed: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().endsWith('favicon.ico'))
        failed.push(response.url())
    })
    const shifts = await watchLayout(page)
    await page.goto(url)
    await page.waitForLoadState('networkidle')
    const images = await page.evaluate(() =>
      [...document.images].map(({ alt, currentSrc, naturalWidth }) => ({
        alt,
        isThere: naturalWidth > 0,
        file: currentSrc.slice(currentSrc.lastIndexOf('/') + 1).replace(/-[\w-]{8}(?=\.)/, ''),
      })),
    )
    // At 1280 pixels: what is as wide as the page, and three cards.
    expect(images.map(({ file }) => file).toSorted()).toEqual([
      'arrival-400.avif',
      'cabin-400.webp',
      'dining-400.avif',
      'viaduct-1584.avif',
    ])
    expect(images.every(({ isThere }) => isThere)).toBe(true)
    for (const { alt } of images) expect(alt.length).toBeGreaterThan(20)
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundImage)
    expect(background).toMatch(/night-sky-1376-.+\.webp/)
    expect(await page.locator('#prompt').textContent()).toContain('Drawn by gemini-nano-banana-2.1')
    expect(await shifts()).toEqual([])
    expect(failed).toEqual([])
  })
})
