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
import { figureOf, type Figure, type Pair } from './figure.ts'
import { withPinnedSite } from './pinned-site.ts'

const CLI = path.resolve(import.meta.dirname, '../packages/cli/dist/bin.js')
const BUILD = path.join(import.meta.dirname, 'build.ts')
const STORE = '.gemini-image'
const VIEW = { width: 1440, height: 900, scheme: 'light' } as const
/** Steps from the first picture to the last. */
const STEPS = 100
/** Milliseconds. */
const SECOND = 1000
const run = promisify(execFile)

/** What a page of pictures takes, in milliseconds. */
export interface PageTimes {
  /** From its address to the last picture in sight, decoded. */
  readonly open: number
  /** The longest time between two frames while it is scrolled to its end. */
  readonly frame: number
}

/** Opens a project of `count` pictures in the studio and in a plain page of the same files, in turn, in Chromium. */
export async function benchStudio(count: number, rounds: number): Promise<Figure[]> {
  const browser = await launch()
  const figures: Figure[] = []
  try {
    await withPinnedSite(count, buildOnce, async ({ root }) => {
      figures.push(...(await inSite(root, browser, rounds)))
    })
  } finally {
    await browser.close()
  }
  return figures.map((figure) => ({ ...figure, name: `studio, ${count} pictures: ${figure.name}` }))
}

async function buildOnce(
  input: 'ours' | 'plain',
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await run(process.execPath, [BUILD, JSON.stringify({ host: 'vite', root, input })], { env })
}

async function inSite(root: string, browser: Browser, rounds: number): Promise<Figure[]> {
  const plain = await servePlain(root)
  const studio = await startStudio(root)
  try {
    // The first visit makes the thumbnails.
    await timePage(browser, studio.url)
    const pairs: { plain: PageTimes; ours: PageTimes }[] = []
    for (let round = 0; round < rounds; round += 1) {
      const before = await timePage(browser, plain.url)
      pairs.push({ plain: before, ours: await timePage(browser, studio.url) })
    }
    const of = (kind: keyof PageTimes): Pair[] =>
      pairs.map((pair) => ({ plain: pair.plain[kind], ours: pair.ours[kind] }))
    const second = of('open').map(({ ours }) => ({ plain: SECOND, ours }))
    return [
      figureOf('open ÷ a second', second, 1),
      figureOf('open ÷ a plain page of the files', of('open')),
      figureOf('longest frame ÷ that of the plain page', of('frame'), 1),
    ]
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
