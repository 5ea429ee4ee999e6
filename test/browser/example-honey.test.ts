import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser, watchLayout } from '../support/browser.ts'
import { servedAt } from '../support/preview.ts'
import { start } from '../support/process.ts'

afterAll(closeBrowser)

const example = path.resolve(import.meta.dirname, '../../examples/webpack')
const outDir = path.resolve(import.meta.dirname, '../.sites/honey')

describe.skipIf(skipBrowser)('the example with webpack in Chromium', () => {
  test('shows fitting files of its pictures, and nothing moves while it loads', async () => {
    const program = path.join(example, 'node_modules/.bin/webpack')
    const args = ['-c', `exec "${program}" --mode production --output-path "${outDir}"`]
    const built = await start(args, example, { CI: 'true', NODE_ENV: '', VITEST: '' }, 'sh').ended
    expect(built).toMatchObject({ code: 0 })
    const url = await servedAt({ root: example }, outDir)
    const page = await openPage('about:blank')
    await page.setViewportSize({ width: 390, height: 844 })
    const shifts = await watchLayout(page)
    await page.goto(url)
    await page.waitForLoadState('networkidle')
    await page.mouse.wheel(0, 5000)
    const images = page.locator('img')
    expect(await images.count()).toBe(4)
    for (const image of await images.all()) {
      await image.scrollIntoViewIfNeeded()
      await image.evaluate((element: HTMLImageElement) => element.decode())
    }
    const shown = await images.evaluateAll((elements: HTMLImageElement[]) =>
      elements.map(({ alt, currentSrc }) => ({ alt, type: currentSrc.split('.').at(-1) })),
    )
    expect(shown.map(({ type }) => type)).toEqual(['webp', 'avif', 'avif', 'jpg'])
    for (const { alt } of shown) expect(alt.length).toBeGreaterThan(20)
    expect(await shifts()).toEqual([])
  })
})
