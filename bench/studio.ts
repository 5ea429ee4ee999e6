import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launch, open } from '../scripts/screenshots/browser.ts'
import { median } from './median.ts'
import { withPinnedSite } from './pinned-site.ts'

const CLI = path.resolve(import.meta.dirname, '../packages/cli/dist/bin.js')
const BUILD = path.join(import.meta.dirname, 'vite-build.ts')
const STORE = '.gemini-image'
const VIEW = { width: 1440, height: 900, scheme: 'light' } as const
/** Steps from the first picture to the last. */
const STEPS = 100
const run = promisify(execFile)

/** What a page of pictures takes, in milliseconds. */
export interface PageTimes {
  /** From its address to the last picture in sight, decoded. */
  readonly open: number
  /** The longest time between two frames while it is scrolled to its end. */
  readonly frame: number
}

/** What the benchmark of the studio found: medians. */
export interface StudioReport {
  /** The very files in a page that somebody wrote by hand, each loaded as it comes near. */
  readonly plain: PageTimes
  readonly studio: PageTimes
  /** Milliseconds: the studio where no thumbnail was made yet. */
  readonly first: number
  /** Milliseconds of `studio --build --all`: where every thumbnail is to be made, and again. */
  readonly built: { readonly first: number; readonly again: number }
}

/** Opens a project of `count` pictures in the studio and in a plain page, in turn, in Chromium. */
export async function benchStudio(count: number, rounds: number): Promise<StudioReport> {
  const browser = await launch()
  let report: StudioReport | undefined
  try {
    await withPinnedSite(count, buildOnce, async ({ root }) => {
      report = await inSite(root, browser, rounds)
    })
  } finally {
    await browser.close()
  }
  if (!report) throw new Error('Nothing was measured.')
  return report
}

async function buildOnce(input: 'ours' | 'plain', root: string, env: NodeJS.ProcessEnv) {
  await run(process.execPath, [BUILD, JSON.stringify({ root, input })], { env })
}

async function inSite(root: string, browser: Browser, rounds: number): Promise<StudioReport> {
  const plain = await servePlain(root)
  const studio = await startStudio(root)
  try {
    const first = await timePage(browser, studio.url)
    const times = { plain: [] as PageTimes[], studio: [] as PageTimes[] }
    for (let round = 0; round < rounds; round += 1) {
      times.plain.push(await timePage(browser, plain.url))
      times.studio.push(await timePage(browser, studio.url))
    }
    studio.stop()
    const built = { first: await timeBuild(root), again: await timeBuild(root) }
    return {
      plain: medianOf(times.plain),
      studio: medianOf(times.studio),
      first: first.open,
      built,
    }
  } finally {
    studio.stop()
    plain.stop()
  }
}

interface Served {
  readonly url: string
  stop(): void
}

async function servePlain(root: string): Promise<Served> {
  const names = await readdir(path.join(root, STORE))
  const images = names.map(
    (name) => `<img src="/${name}" alt="" width="300" height="169" loading="lazy">`,
  )
  const page = `<!doctype html><title>Pictures</title><main>${images.join('\n')}</main>`
  const server = createServer((request, response: ServerResponse) => {
    const name = names.find((one) => request.url === `/${one}`)
    if (name !== undefined) createReadStream(path.join(root, STORE, name)).pipe(response)
    else response.setHeader('content-type', 'text/html').end(page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, stop: () => void server.close() }
}

async function startStudio(root: string): Promise<Served> {
  const child = spawn(process.execPath, [CLI, 'studio', '--no-open'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  for await (const line of createInterface(child.stderr)) {
    const url = /http:\/\/\S+/.exec(line)?.[0]
    if (url) return { url, stop: () => void child.kill() }
  }
  throw new Error('The studio ended before it said its address.')
}

async function timeBuild(root: string): Promise<number> {
  const started = performance.now()
  await run(process.execPath, [CLI, 'studio', '--build', 'review', '--all'], { cwd: root })
  return performance.now() - started
}

async function timePage(browser: Browser, url: string): Promise<PageTimes> {
  const started = performance.now()
  const page = await open(browser, url, VIEW)
  try {
    await page.waitForSelector('main img')
    await page.evaluate(allInSight)
    const opened = performance.now() - started
    return { open: opened, frame: await longestFrame(page) }
  } finally {
    await page.close()
  }
}

/** In the page: waits until every picture in sight is decoded. */
async function allInSight(): Promise<void> {
  const seen = [...document.querySelectorAll<HTMLImageElement>('main img')].filter((image) => {
    const { top, bottom } = image.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  })
  await Promise.all(seen.map((image) => image.decode()))
}

function longestFrame(page: Page): Promise<number> {
  return page.evaluate(async (steps) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    let longest = 0
    let before = await frame()
    for (let step = 1; step <= steps; step += 1) {
      scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * (step / steps))
      const now = await frame()
      longest = Math.max(longest, now - before)
      before = now
    }
    return longest
  }, STEPS)
}

function medianOf(times: readonly PageTimes[]): PageTimes {
  return {
    open: median(times.map((one) => one.open)),
    frame: median(times.map((one) => one.frame)),
  }
}
