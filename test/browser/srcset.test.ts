import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import type { RenderedImage, RenderedPicture } from 'unplugin-gemini-image/rendered-picture'
import forWebpack from 'unplugin-gemini-image/webpack'
import { afterAll, describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { buildOnce, configurationOf } from '../hosts/webpack.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'
import { runCommand } from '../support/command.ts'

// What a browser makes of `srcset` and `sizes`: the algorithm of HTML's "parse a srcset attribute" and "parse a sizes
// attribute", as Chromium has it, is the judge of every form.

afterAll(closeBrowser)

const SITE = 'https://site.example/'

const MAIN = `
  import picture from './hero.prompt.md?gemini-image&widths=60;120;240&as=picture'
  import img from './hero.prompt.md?gemini-image&widths=60;120;240&sizes=50vw&as=img'
  import srcset from './hero.prompt.md?gemini-image&widths=60;120;240&as=srcset'
  import fixed from './hero.prompt.md?gemini-image&width=80&height=40&as=img'
  import own from './hero.prompt.md?gemini-image&widths=60;120;240&as=own'
  globalThis.shown = { picture, img, srcset, fixed, own }`

const CONFIG = `export default { forms: { own: { value: ([set], _, write) => write.srcset(set.sources[0].files) } } }`

interface Shown {
  readonly picture: RenderedPicture
  readonly img: RenderedImage
  readonly fixed: RenderedImage
  readonly srcset: string
  readonly own: string
}

/** Where files go: the path before their names, and what webpack names them. */
const NAMES: readonly (readonly [publicPath: string, name: string])[] = [
  ['/assets/', '[name][ext]'],
  ['/two words/', '[name][ext]'],
  ['/a,b, c/', '[name],x[ext]'],
  [',first/', '[name][ext]'],
  ['/(p)/', '[name] (1)[ext]'],
  ['/100%25/', '[name]%2C[ext]'],
  ['/100%/', '[name][ext]'],
  ['/q/', '[name][ext]?v=1,2,'],
  ['/', '[name][ext],'],
  ['https://cdn.example/x, y/', '[name][ext],,'],
  ['/überall/', '[name]🏖[ext]'],
]

const HERO = promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" })

async function shownBy(site: Site, publicPath: string, filename: string): Promise<Shown> {
  const { output, module, ...base } = configurationOf(site, [forWebpack({ mode: 'frozen' })])
  const generator = { asset: { filename }, 'asset/resource': { filename } }
  const built = await buildOnce(
    webpack({
      ...base,
      mode: 'development',
      devtool: false,
      module: { ...module, generator },
      output: { ...output, publicPath, clean: true },
    })!,
  )
  expect(built).toEqual({ errors: [], warnings: [] })
  const place = globalThis as { shown?: unknown }
  await import(
    `${pathToFileURL(site.path('dist/main.js')).href}?${encodeURIComponent(publicPath + filename)}`
  )
  return place.shown as Shown
}

/** What an address leads to, however it is spelled. */
function target(address: string): string {
  return new URL(address, SITE).href.replaceAll('%2C', ',').replaceAll('%20', ' ')
}

/** The addresses that were meant, by width: as `src` names them, which no parser of `srcset` sees. */
function meant({ src }: RenderedImage, widths: readonly number[]): readonly string[] {
  return widths.map((width) => target(src.replace(/-240(?=[^/]*$)/, `-${width}`)))
}

async function openBlank(): Promise<Page> {
  const page = await openPage('about:blank')
  await page.route('**/*', (route) =>
    route.request().url() === SITE
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' })
      : route.fulfill({
          headers: { 'cache-control': 'no-store' },
          contentType: 'image/svg+xml',
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        }),
  )
  await page.goto(SITE)
  return page
}

/** A screen, markup, and the address that a browser is to take from it there. */
type Check = readonly [width: number, density: number, html: string, wanted: string | undefined]

/** Holds what Chromium takes from markup against what was meant. */
async function expectTaken(page: Page, checks: readonly Check[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (const [screen, group] of Map.groupBy(checks, ([width, density]) => `${width}@${density}`)) {
    const [width = 0, deviceScaleFactor = 1] = screen.split('@').map(Number)
    const metrics = { width, height: 800, deviceScaleFactor, mobile: false }
    await session.send('Emulation.setDeviceMetricsOverride', metrics)
    // Chromium would rather show a larger one that it has.
    await session.send('Network.clearBrowserCache')
    await page.goto(SITE)
    const found = await page.evaluate(
      async (markup) => {
        document.body.innerHTML = markup
        const images = [...document.images]
        await Promise.all(images.map((image) => image.decode()))
        return images.map(({ currentSrc }) => currentSrc)
      },
      group.map(([, , html]) => html).join(''),
    )
    expect(found.map((one, index) => [screen, group[index]?.[2], target(one)])).toEqual(
      group.map(([, , html, wanted]) => [screen, html, wanted]),
    )
  }
}

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

function imgHtml(srcset: string, sizes?: string): string {
  const sized = sizes === undefined ? '' : ` sizes="${attribute(sizes)}"`
  return `<img alt="" srcset="${attribute(srcset)}"${sized}>`
}

/** What each form is to be taken for. */
function checksOf({ picture, img, srcset, fixed, own }: Shown): readonly Check[] {
  const [small, middle, large] = meant(img, [60, 120, 240])
  const source = picture.sources[0]
  const avif = { ...picture.img, src: picture.img.src.replace('.jpg', '.avif') }
  const [tiny, , wide] = meant(avif, [60, 120, 240])
  const sources = `<source type="image/avif" srcset="${attribute(source?.srcset ?? '')}" sizes="${source?.sizes}">`
  const element = `<picture>${sources}<img alt="" src="${attribute(picture.img.src)}"></picture>`
  const doubled = target(fixed.src)
  return [
    ...[srcset, own, img.srcset].flatMap((one): Check[] => [
      [1000, 1, imgHtml(one, '60px'), small],
      [1000, 2, imgHtml(one, '60px'), middle],
      [1000, 1, imgHtml(one, '240px'), large],
    ]),
    // `sizes` as the import says it, and as it is by default: as wide as the page, and no wider than the largest.
    [120, 1, imgHtml(img.srcset, img.sizes), small],
    [240, 2, imgHtml(img.srcset, img.sizes), large],
    [60, 1, element, tiny],
    [1440, 1, element, wide],
    // A fixed width has densities.
    [1000, 2, imgHtml(fixed.srcset), doubled],
    [1000, 1, imgHtml(fixed.srcset), doubled.replace('160x80', '80x40')],
  ]
}

describe.skipIf(skipBrowser)('Chromium takes what was meant, whatever files are called', () => {
  test('from every form', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'src/main.js': MAIN,
      'src/hero.prompt.md': HERO,
      'gemini-image.config.mjs': CONFIG,
    })
    await runCommand(site.root, ['generate', '-y'], keyed(gemini))
    const checks: Check[] = []
    for (const [publicPath, name] of NAMES) {
      const shown = await withEnv({ CI: 'true' }, () => shownBy(site, publicPath, name))
      checks.push(...checksOf(shown))
    }
    await expectTaken(await openBlank(), checks)
    expect(gemini.requests).toHaveLength(1)
  })

  test('from what the command writes', async () => {
    const gemini = await startGemini()
    const site = await createSite({ 'src/hero, 2 (b).prompt.md': HERO })
    const checks: Check[] = []
    for (const publicPath of ['/two words/', ',first/', '/a, b,', 'https://cdn.example/x y/']) {
      const args = ['emit', 'out', '--public-path', publicPath, '--widths', '60,120']
      const { code, output } = await runCommand(site.root, args, keyed(gemini))
      expect(`${code} ${output}`).toMatch(/^0 /)
      const manifest = JSON.parse(await site.read('out/manifest.json')) as {
        readonly pictures: Readonly<Record<string, { readonly picture: RenderedPicture }>>
      }
      const [{ picture } = { picture: undefined }] = Object.values(manifest.pictures)
      const { src = '', srcset = '' } = picture?.img ?? {}
      checks.push(
        [1000, 1, imgHtml(srcset, '120px'), target(src)],
        [1000, 1, imgHtml(srcset, '60px'), target(src.replace(/120(?=\.\w+$)/, '60'))],
      )
    }
    await expectTaken(await openBlank(), checks)
    expect(gemini.requests).toHaveLength(1)
  })
})
