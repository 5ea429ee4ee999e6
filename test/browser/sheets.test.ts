import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed, serveSite } from '../support/vite.ts'

afterAll(closeBrowser)

const FOX = promptFile('A fox', { transparent: 'true', sheet: '[idle, walk]' })
const WAITING = { timeout: 30_000, interval: 50 }

/** What the page shows, from the server that it is open on. */
interface Shown {
  readonly src: string
  readonly size: string
  readonly told: string
  readonly names: readonly string[]
}

describe.skipIf(skipBrowser)('a sheet in vite dev', () => {
  test('holds placeholders at once, the pictures once they land, and one that is added', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await createSite({
      'index.html':
        '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
      'main.js': `
        import fox from './fox.prompt.md?gemini-image&size=200&as=sheet'
        const image = new Image()
        image.src = fox.src
        await image.decode()
        globalThis.shown = {
          src: image.src,
          size: image.width + 'x' + image.height,
          told: fox.width + 'x' + fox.height,
          names: Object.keys(fox.frames),
        }`,
      'fox.prompt.md': FOX,
    })
    const { url } = await serveSite(site, { env: keyed(gemini) })
    const page = await openPage(url)
    const shown = (): Promise<Shown | undefined> =>
      page.evaluate(() => (globalThis as { shown?: Shown }).shown)
    const first = await vi.waitFor(async () => {
      const now = await shown()
      expect(now).toBeDefined()
      return now
    }, WAITING)
    expect(first).toMatchObject({ size: first?.told, names: ['idle', 'walk'] })

    release()
    const expectBuilt = async (names: readonly string[]): Promise<void> => {
      await untilPinned(site, names.length)
      const built = await sheetIn(site)
      await vi.waitFor(async () => {
        const now = await shown()
        const bytes = await (await fetch(now?.src ?? '')).arrayBuffer()
        expect(Buffer.from(bytes).equals(built)).toBe(true)
        expect(now).toMatchObject({ size: now?.told, names })
      }, WAITING)
    }
    await expectBuilt(['idle', 'walk'])
    await site.save('fox.prompt.md', FOX.replace('walk]', 'walk, jump]'))
    await expectBuilt(['idle', 'walk', 'jump'])
    expect(gemini.requests).toHaveLength(3)
  })
})

async function untilPinned(site: Site, count: number): Promise<void> {
  await vi.waitFor(async () => {
    const lock = await site.read('gemini-image.lock')
    expect(lock.match(/fox\.prompt\.md/g)).toHaveLength(count)
  }, WAITING)
}

/** The sheet of a frozen build. */
async function sheetIn(site: Site): Promise<Buffer> {
  await buildSite(site, { options: { mode: 'frozen' } })
  const file = (await site.list('dist/assets')).find((name) => name.endsWith('.png')) ?? ''
  return site.bytes(`dist/assets/${file}`)
}
