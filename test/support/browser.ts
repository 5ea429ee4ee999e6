import { existsSync } from 'node:fs'
import process from 'node:process'
import { chromium, type Browser, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Whether tests in a browser are left out: only where there is none, and never in CI. */
export const skipBrowser: boolean = !existsSync(CHROMIUM) && !process.env['BROWSER_REQUIRED']
if (skipBrowser) console.warn(`Skipped: there is no Chromium at ${CHROMIUM} (CHROMIUM_PATH).`)

let browser: Promise<Browser> | undefined

/**
 * Opens a page in real Chromium; it is closed when the test ends.
 * @param said Takes what the page writes to its console.
 */
export async function openPage(url: string, said?: string[]): Promise<Page> {
  browser ??= chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const page = await (await browser).newPage()
  onTestFinished(() => page.close())
  page.on('console', (message) => void said?.push(message.text()))
  // The first page of a dev server takes its time on a busy machine.
  await page.goto(url, { timeout: 90_000 })
  return page
}

/** Closes the browser; for `afterAll`. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

/**
 * Notes how far anything on the pages that are opened from now on moves by itself, as Web Vitals count it.
 * @returns reads what was noted: a score for each shift.
 */
export async function watchLayout(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        shifts.push((entry as unknown as { value: number }).value)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  return () => page.evaluate('shifts')
}

/** What a person sees in an element. */
export interface Seen {
  /** Which file. */
  readonly src: string
  /** Its natural size once it is loaded: `1376x768`. */
  readonly size: string
}

/** The picture of an `<img>`, or of an element's background. */
export async function seen(page: Page, id: string): Promise<Seen> {
  for (;;) {
    try {
      return await look(page, id)
    } catch (error) {
      // A dev server loads the page again when it likes.
      if (!String(error).includes('context was destroyed')) throw error
    }
  }
}

function look(page: Page, id: string): Promise<Seen> {
  return page.evaluate(async (name) => {
    const element = document.querySelector(`#${name}`)
    const image = element instanceof HTMLImageElement ? element : new Image()
    if (image !== element && element) {
      image.src = getComputedStyle(element).backgroundImage.slice(5, -2)
    }
    await image.decode().catch(() => undefined)
    return { src: image.src, size: `${image.naturalWidth}x${image.naturalHeight}` }
  }, id)
}
