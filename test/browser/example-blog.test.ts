import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startPreview, type Preview } from '../support/preview.ts'

const example = path.resolve(import.meta.dirname, '../../examples/astro')
const outDir = path.resolve(import.meta.dirname, '../.sites/example-blog')
const config = path.relative(example, path.join(import.meta.dirname, 'example-blog.config.mjs'))
const SITE = 'https://slow-ferry.example'
const SIZES = [
  [390, 844],
  [1440, 900],
] as const

let server: Preview

beforeAll(async () => {
  const astro = path.join(example, 'node_modules/astro/bin/astro.mjs')
  const args = [astro, 'build', '--config', config, '--outDir', outDir]
  await promisify(execFile)(process.execPath, args, {
    cwd: example,
    env: {
      ...process.env,
      NODE_ENV: '',
      VITEST: '',
      ASTRO_TELEMETRY_DISABLED: '1',
      GEMINI_IMAGE_MODE: 'frozen',
    },
  })
  server = await startPreview(example, { appType: 'mpa', build: { outDir } })
}, 180_000)

afterAll(async () => {
  await closeBrowser()
  await server.close()
})

/** A file of the site, by its path or by its address. */
function shipped(address: string): Promise<Buffer> {
  return readFile(path.join(outDir, new URL(address, SITE).pathname))
}

/** All pages, as paths of the site. */
async function pagePaths(): Promise<string[]> {
  const files = await readdir(outDir, { recursive: true })
  return files
    .filter((file) => file.endsWith('index.html'))
    .map((file) => `/${file.slice(0, -'index.html'.length)}`)
}

function match(text: string | Buffer, pattern: RegExp): string[] {
  return [...String(text).matchAll(pattern)].map(([, found = '']) => found)
}

/** Opens a page of the site, and notes each shift of its layout and each request that fails. */
async function visit(pathname: string, [width, height]: readonly [number, number]) {
  const page = await openPage('about:blank')
  await page.setViewportSize({ width, height })
  const failed: string[] = []
  page.on('requestfailed', (request) => {
    // The router leaves what it no longer needs.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(request.url())
  })
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(response.url())
  })
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(new URL(pathname, server.url).href)
  await page.waitForLoadState('networkidle')
  return { page, failed }
}

/** Scrolls to the end, so that all pictures are loaded. */
async function loadedImages(page: Page) {
  return page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y)
      await new Promise((resolve) => void setTimeout(resolve, 30))
    }
    const images = [...document.images]
    await Promise.all(images.map((image) => image.decode().catch(() => undefined)))
    return images.map(({ currentSrc, naturalWidth, alt, className }) => ({
      currentSrc,
      isLoaded: naturalWidth > 0,
      alt,
      className,
    }))
  })
}

describe.skipIf(skipBrowser)('the blog in Chromium', () => {
  test.each(SIZES)('every page is whole and calm at %i×%i', async (...size) => {
    const paths = await pagePaths()
    expect(paths).toHaveLength(14)
    for (const pathname of paths) {
      const { page, failed } = await visit(pathname, size)
      const images = await loadedImages(page)
      const overflow = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
      expect({
        pathname,
        failed,
        shifts: await page.evaluate('shifts'),
        isTooWide: await page.evaluate(overflow),
        hasImages: images.length > 0,
        broken: images.filter(({ isLoaded }) => !isLoaded),
        // Only the portrait beside a name is decorative.
        decorative: images.filter(({ alt }) => alt === '').length > 1,
        terse: images.filter(({ alt }) => alt !== '' && alt.length < 15),
      }).toEqual({
        pathname,
        failed: [],
        shifts: [],
        isTooWide: false,
        hasImages: true,
        broken: [],
        decorative: false,
        terse: [],
      })
      await page.close()
    }
  })

  test('the looked-up graphic shows its credits', async () => {
    const { page } = await visit('/posts/birds/', [390, 844])
    const section = page.getByRole('region', { name: 'Image sources' })
    expect(await section.getByRole('link').getAttribute('href')).toMatch(/^https:/)
    const frame = section.locator('iframe')
    await frame.scrollIntoViewIfNeeded()
    const chip = page.frameLocator('iframe').getByRole('link')
    await chip.waitFor()
    expect(await chip.isVisible()).toBe(true)
    const others = await visit('/posts/fog/', [390, 844])
    expect(await others.page.locator('.gemini-image-credits').count()).toBe(0)
  })

  test('the router goes from the front page to a post and back', async () => {
    const { page, failed } = await visit('/', [1440, 900])
    await page.evaluate(() => Object.assign(globalThis, { isSame: true }))
    await page.getByRole('link', { name: 'Four ways to cross in fog' }).click()
    await page.getByRole('heading', { level: 1, name: 'Four ways to cross in fog' }).waitFor()
    expect(await page.evaluate('isSame')).toBe(true)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Notes from a rope ferry' }).waitFor()
    expect(failed).toEqual([])
  })

  test('the feed is well-formed, and each entry has its picture', async () => {
    const page = await openPage('about:blank')
    const feed = await shipped('/rss.xml')
    const read = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, 'application/xml')
      const contents = [...xml.getElementsByTagName('media:content')]
      return {
        errors: xml.getElementsByTagName('parsererror').length,
        items: xml.getElementsByTagName('item').length,
        pictures: contents.map((content) => content.getAttribute('url') ?? ''),
      }
    }, String(feed))
    expect(read).toMatchObject({ errors: 0, items: 12 })
    expect(new Set(read.pictures).size).toBe(12)
    for (const picture of read.pictures) expect((await shipped(picture)).length).toBeGreaterThan(0)
  })
})

function expectedType(image: string): string | undefined {
  if (image.startsWith('landing.')) return undefined
  const isEdited = image.startsWith('high-water-after.')
  return isEdited ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia'
}

describe('the blog on disk', () => {
  test('each page has a whole address of a picture to be shared, and says how it came about', async () => {
    for (const pathname of await pagePaths()) {
      const html = await shipped(`${pathname}index.html`)
      const [image = ''] = match(html, /<meta property="og:image" content="([^"]+)"/g)
      expect(image).toMatch(/^https:\/\/slow-ferry\.example\/_astro\/.+\.jpeg$/)
      const { width, height, format } = await sharp(await shipped(image)).metadata()
      expect({ width, height, format }).toEqual({ width: 1200, height: 630, format: 'jpeg' })
      const [jsonLd = 'null'] = match(html, /<script type="application\/ld\+json">(.+?)<\/script>/g)
      expect(JSON.parse(jsonLd)).toMatchObject({
        contentUrl: image,
        digitalSourceType: 'https://schema.org/TrainedAlgorithmicMediaDigitalSource',
      })
      expect(match(html, /<script (?![^>]*ld\+json)[^>]*?src="([^"]+)"/g)).toHaveLength(1)
    }
  })

  test('nothing is shipped that no page asks for, and no generated picture without its label', async () => {
    const files = await readdir(path.join(outDir, '_astro'))
    const texts = await Promise.all(
      (await readdir(outDir, { recursive: true }))
        .filter((file) => /\.(?:html|xml|css)$/.test(file))
        .map((file) => shipped(`/${file}`)),
    )
    const all = texts.join('\n')
    expect(files.filter((file) => !all.includes(file))).toEqual([])
    const images = files.filter((file) => /\.(?:avif|webp|jpe?g|png)$/.test(file))
    expect(images.length).toBeGreaterThan(100)
    for (const image of images) {
      const { xmp } = await sharp(await shipped(`/_astro/${image}`)).metadata()
      const [type] = match(xmp ?? '', /digitalsourcetype\/(\w+)/g)
      expect({ image, type }).toEqual({ image, type: expectedType(image) })
    }
  })
})
