import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { chromium, type Browser, type Page } from 'playwright-core'
import sharp from 'sharp'
import { IMAGES } from './inputs.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

export type Scheme = 'light' | 'dark'

/** How a page is looked at. */
export interface View {
  readonly width: number
  readonly height: number
  readonly scheme: Scheme
  /** Pixels of the screen for one of the page; 1 by default. */
  readonly density?: number
}

/** @throws where there is no Chromium. */
export function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`There is no Chromium at ${CHROMIUM}: name one in CHROMIUM_PATH.`)
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
}

/** Opens a page that stands still: no animation, no caret. */
export async function open(browser: Browser, url: string, view: View): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.scheme,
    reducedMotion: 'reduce',
    deviceScaleFactor: view.density ?? 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await page.goto(url)
  return page
}

/** Waits until all fonts are there and each picture in sight is decoded, then takes the page into `docs/images/<name>.webp`. */
export async function shoot(page: Page, name: string, width?: number): Promise<void> {
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map((font) => font.load()))
    // Text is set in them two frames later.
    for (let frame = 0; frame < 2; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    const inSight = [...document.images].filter((image) => {
      const { top, bottom, width: across } = image.getBoundingClientRect()
      return across > 0 && bottom > 0 && top < innerHeight
    })
    await Promise.all(inSight.map((image) => image.decode()))
  })
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const picture = sharp(png)
  if (width !== undefined) picture.resize({ width })
  await picture.webp({ quality: 74, effort: 6 }).toFile(path.join(IMAGES, `${name}.webp`))
}
