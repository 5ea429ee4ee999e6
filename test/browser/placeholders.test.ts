import { stripVTControlCharacters } from 'node:util'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { closeBrowser, openPage, seen, skipBrowser, type Seen } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { connectStudio } from '../support/studio.ts'
import { buildSite, keyed, serveSite, type DevSite, type Run } from '../support/vite.ts'

afterAll(closeBrowser)

/** How long a page or the server may take, in milliseconds, however busy the machine is. */
const PATIENCE = { timeout: 30_000, interval: 50 }

const WIDE = { aspectRatio: '16:9' }

/** Shows a picture by an import, another in the page itself, and one in a stylesheet. */
const FILES = {
  'index.html': `<!doctype html><img id="import" alt=""><img id="sized" alt="">
    <img id="page" src="./src/page.prompt.md?gemini-image" alt=""><div id="style"></div>
    <script type="module" src="/src/main.js"></script>`,
  'src/main.js': `
    import './style.css'
    import src from './import.prompt.md?gemini-image'
    import sized from './import.prompt.md?gemini-image&as=img&width=400'
    document.querySelector('#import').src = src
    Object.assign(document.querySelector('#sized'), { src: sized.src, srcset: sized.srcset })
    globalThis.mark ??= Math.random()`,
  'src/style.css': '#style { background: url(./style.prompt.md?gemini-image) }',
  'src/import.prompt.md': promptFile('In the module', WIDE),
  'src/page.prompt.md': promptFile('In the page', WIDE),
  'src/style.prompt.md': promptFile('In the stylesheet', WIDE),
}
const IDS = ['import', 'sized', 'page', 'style'] as const
const PLACES = ['import', 'page', 'style'].map((name) => `src/${name}.prompt.md:6:1`)

/** A page that is looked at. */
interface Stage extends DevSite {
  readonly site: Site
  readonly page: Page
  /** What stands in the browser's console. */
  readonly said: string[]
}

async function look(run: Run = {}): Promise<Stage> {
  const site = await createSite(FILES)
  const options = { quietPeriod: 50, ...run.options }
  const served = await serveSite(site, { ...run, options })
  const said: string[] = []
  const page = await openPage(served.url, said)
  return { ...served, site, page, said }
}

/** Where the studio is, as the terminal shows it. */
function addressOf({ server, log }: DevSite): string {
  server.printUrls()
  const said = stripVTControlCharacters(log.join('\n'))
  return /http\S+__gemini-image\/#token=\S+/.exec(said)?.[0] ?? ''
}

/** What was said of placeholders, without what comes with a connection. */
const told = ({ said }: Pick<Stage, 'said'>): string[] =>
  said.filter((line) => line.startsWith('[gemini-image]')).toSorted()

async function untilTold(stage: Stage, reason: RegExp): Promise<void> {
  await vi.waitFor(() => {
    for (const place of PLACES) {
      const last = stage.said.findLast((line) => line.includes(place))
      expect(last).toMatch(reason)
    }
  }, PATIENCE)
}

const isPlaceholder = ({ src }: Seen): boolean => /\.placeholder-|\/renditions\//.test(src)

/** What is shown, by element. */
async function allSeen(page: Page): Promise<readonly Seen[]> {
  return Promise.all(IDS.map((id) => seen(page, id)))
}

/** The pixel in the middle of the left edge of what is shown, where no placeholder has words. */
async function edgeOf({ src }: Seen): Promise<readonly number[]> {
  const bytes = Buffer.from(await (await fetch(src)).arrayBuffer())
  const { width, height } = await sharp(bytes).metadata()
  const region = { left: Math.round(width / 80), top: height >> 1, width: 4, height: 4 }
  const raw = await sharp(bytes).removeAlpha().extract(region).raw().toBuffer()
  return [...raw.subarray(0, 3)]
}

async function until(page: Page, check: (all: readonly Seen[]) => void): Promise<readonly Seen[]> {
  return vi.waitFor(async () => {
    const all = await allSeen(page)
    check(all)
    return all
  }, PATIENCE)
}

const shown = (all: readonly Seen[]): string[] => all.map(({ src }) => src)

/** A stage on which all pictures have landed. */
async function landed(gemini: FakeGemini): Promise<Stage> {
  const stage = await look({ env: keyed(gemini) })
  await until(stage.page, (all) => expect(all.some(isPending)).toBe(false))
  await vi.waitFor(() => expect(stage.log.join('\n')).toContain('calls cost'), PATIENCE)
  return stage
}

const isPending = ({ src }: Seen): boolean => src.includes('.placeholder-')

describe.skipIf(skipBrowser)('placeholders in vite dev in Chromium', () => {
  test('no key: one line for each in the console, with its place and what to do', async () => {
    const stage = await look()
    await untilTold(stage, /no key: GEMINI_API_KEY is not set\. Set GEMINI_API_KEY \(https:/)
    expect((await allSeen(stage.page)).every(isPlaceholder)).toBe(true)
    expect(told(stage).map((line) => line.split(': ')[0])).toEqual(
      PLACES.map((place) => `[gemini-image] ${place}`),
    )
  })

  test('a mode that forbids it: said of a placeholder; frozen, it is an error', async () => {
    const stage = await look({ options: { mode: 'placeholder' } })
    await untilTold(stage, /not generated: the mode is "placeholder"/)
    const frozen = await look({ options: { mode: 'frozen' } })
    await frozen.page.locator('vite-error-overlay').waitFor({ state: 'attached' })
    expect(told(frozen)).toEqual([])
  })

  test('waiting, generating, refused: the picture and the console follow, the page stays', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'blocked', times: Infinity })
    const release = gemini.hold()
    const stage = await look({ env: keyed(gemini) })
    onTestFinished(release)
    await untilTold(stage, /generating, about \d+ s\. Nothing to do/)
    const mark = await stage.page.evaluate('globalThis.mark')
    const generating = await until(stage.page, (all) => {
      expect(all.every(isPlaceholder)).toBe(true)
    })
    release()
    await untilTold(stage, /refused: .+--retry/)
    const refused = await until(stage.page, (all) => {
      for (const [index, src] of shown(all).entries()) {
        expect(src).not.toBe(generating[index]?.src)
      }
    })
    expect(refused.map(({ size }) => size)).toEqual(generating.map(({ size }) => size))
    expect(await stage.page.evaluate('globalThis.mark')).toBe(mark)
    expect(new Set(told(stage))).toHaveLength(told(stage).length)
    // Who loads the page now sees the same, and is told once.
    const before = told(stage).length
    await stage.page.reload()
    await until(stage.page, (all) => expect(shown(all)).toEqual(shown(refused)))
    await vi.waitFor(() => expect(told(stage)).toHaveLength(before + 3), PATIENCE)
  })

  test('a budget that is used up', async () => {
    const gemini = await startGemini()
    const stage = await look({ env: keyed(gemini), options: { budget: 0.05 } })
    await untilTold(stage, /budget used up: this needs about .+ raise the option "budget"/)
    expect(gemini.requests).toEqual([])
  })

  test('an edit shows the picture before it, dimmed, until the new one lands', async () => {
    const gemini = await startGemini()
    const stage = await landed(gemini)
    const [before] = await allSeen(stage.page)
    if (!before) throw new Error('Nothing is shown')
    const release = gemini.hold()
    onTestFinished(release)
    await stage.site.save('src/import.prompt.md', promptFile('Edited', WIDE))
    await vi.waitFor(() => {
      const last = stage.said.findLast((line) => line.includes(PLACES[0] ?? ''))
      expect(last).toMatch(/generating, about/)
    }, PATIENCE)
    // The console may have it a moment before the page shows it.
    const dimmed = await vi.waitFor(async () => {
      const one = await seen(stage.page, 'import')
      expect(isPending(one)).toBe(true)
      expect(one.size).toBe(before.size)
      return one
    }, PATIENCE)
    const [was, is] = await Promise.all([edgeOf(before), edgeOf(dimmed)])
    for (const [index, value] of is.entries()) {
      expect(Math.abs(value - ((was[index] ?? 0) * 0.45 + 128 * 0.55))).toBeLessThan(4)
    }
    release()
    const after = await until(stage.page, (all) => expect(all.some(isPending)).toBe(false))
    expect(after[0]?.src).not.toBe(before.src)
  })

  test('generating again dims the picture; where that fails, it is shown as it was', async () => {
    const gemini = await startGemini()
    const stage = await landed(gemini)
    const before = await allSeen(stage.page)
    const mark = await stage.page.evaluate('globalThis.mark')
    gemini.fault({ kind: 'blocked' })
    const release = gemini.hold()
    onTestFinished(release)
    const { api } = await connectStudio(addressOf(stage))
    const id = 'src/import.prompt.md'
    const redrawn = api.generate([id], 'again')
    redrawn.catch(() => undefined)
    const dimmed = await until(stage.page, (all) => {
      expect(all[0] && isPending(all[0])).toBe(true)
      expect(all[1]?.src).not.toBe(before[1]?.src)
    })
    expect(dimmed.slice(2)).toEqual(before.slice(2))
    release()
    await expect(redrawn).rejects.toThrow('BLOCKED')
    await until(stage.page, (all) => expect(all).toEqual(before))
    expect(await stage.page.evaluate('globalThis.mark')).toBe(mark)
    await api.generate([id], 'again')
    await until(stage.page, (all) => {
      expect(all.some(isPending)).toBe(false)
      expect(all[0]?.src).not.toBe(before[0]?.src)
    })
  })

  test('a build after it ships placeholders that say nothing, and nothing of the console', async () => {
    const stage = await look({ options: { mode: 'placeholder' } })
    await untilTold(stage, /not generated/)
    const outputs: string[][] = []
    for (const clean of [false, true]) {
      if (clean) await stage.site.remove('node_modules')
      await buildSite(stage.site, { options: { mode: 'placeholder' } })
      outputs.push(await stage.site.list('dist', true))
    }
    expect(outputs[0]).toEqual(outputs[1])
    expect(outputs[0]?.filter((file) => file.includes('.placeholder-'))).toHaveLength(3)
    const [script = ''] = outputs[0]?.filter((file) => file.endsWith('.js')) ?? []
    const code = await stage.site.read(`dist/${script}`)
    expect(code).not.toMatch(/not generated|gemini-image:/)
  })
})
