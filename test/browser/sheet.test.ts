import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { drawn, plain, siteOf } from '../cli/stage.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'

afterAll(closeBrowser)

/** The address of a sheet with pictures of several shapes and states. */
async function sheet(): Promise<string> {
  const gemini = await startGemini()
  const site = await siteOf({
    wide: promptFile('A ridge', { alt: 'Snow', aspectRatio: '21:9', turns: '[At night]' }),
    high: promptFile('A mast', { alt: '', aspectRatio: '1:4' }),
    long: promptFile('A long prompt, which goes on. '.repeat(60)),
    ...plain('plain'),
  })
  await drawn(site, gemini)
  await site.write('src/new.prompt.md', promptFile('new'))
  await site.write('src/more.js', "import './new.prompt.md?gemini-image'\n")
  const { code, output } = await runCommand(site.root, ['sheet'])
  expect(`${code} ${output}`).toMatch(/^0 /)
  return pathToFileURL(site.path('gemini-image-sheet.html')).href
}

describe.skipIf(skipBrowser)('the contact sheet in Chromium', () => {
  test('opens offline, with every picture decoded, and fits narrow screens', async () => {
    const url = await sheet()
    const page = await openPage('about:blank')
    const asked: string[] = []
    const faults: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    await page.context().setOffline(true)
    await page.goto(url)
    expect(asked.filter((one) => !one.startsWith('data:'))).toEqual([url])
    expect(faults).toEqual([])
    const images = await page.evaluate(async () => {
      const all = [...document.images]
      await Promise.all(all.map((image) => image.decode()))
      return all.map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])
    })
    expect(images.toSorted().map(([width, height]) => `${width}x${height}`)).toEqual([
      '120x480',
      '160x68',
      '480x204',
      '480x480',
      '480x480',
    ])
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      for (const text of ['src/wide.prompt.md:7:1', 'Snow', 'missing', 'Not drawn yet.']) {
        expect(await page.getByText(text, { exact: true }).first().isVisible()).toBe(true)
      }
    }
  })

  test('filters by state and words, without a request', async () => {
    const page = await openPage(await sheet())
    const shown = (): Promise<string[]> => page.locator('article:visible h2').allTextContents()
    expect((await shown()).toSorted()).toEqual(['high', 'long', 'new', 'plain', 'wide'])
    await page.getByRole('button', { name: 'missing' }).click()
    expect(await shown()).toEqual(['new'])
    await page.getByRole('button', { name: 'without alt' }).click()
    expect(await shown()).toEqual(['high'])
    await page.getByRole('button', { name: 'all' }).click()
    await page.getByRole('searchbox').fill('RIDGE')
    expect(await shown()).toEqual(['wide'])
    await page.getByRole('searchbox').fill('nothing like it')
    expect(await page.getByText('No picture.').isVisible()).toBe(true)
  })

  test('can be read without scripts, in the dark, and on paper', async () => {
    const page = await openPage(await sheet())
    const colours = (): Promise<string[]> =>
      page.evaluate(() =>
        [document.body, document.querySelector('article')].map((element) =>
          element ? getComputedStyle(element).backgroundColor : '',
        ),
      )
    const light = await colours()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await colours()).not.toEqual(light)
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    expect((await colours())[0]).toBe('rgb(255, 255, 255)')
    expect(await page.locator('form').isVisible()).toBe(false)
    // On paper, nothing scrolls.
    const cut = await page.evaluate(
      () =>
        [...document.querySelectorAll('.words')].filter(
          (one) => one.scrollHeight > one.clientHeight + 1,
        ).length,
    )
    expect(cut).toBe(0)
  })
})
