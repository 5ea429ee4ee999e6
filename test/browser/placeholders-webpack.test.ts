import geminiImage from 'unplugin-gemini-image/webpack'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import webpack from 'webpack'
import DevServer from 'webpack-dev-server'
import { configurationOf } from '../hosts/webpack.ts'
import { closeBrowser, openPage, seen, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

afterAll(closeBrowser)

/** Starts webpack-dev-server, and gives its address. */
async function serve(site: Site): Promise<string> {
  const base = configurationOf(site, [geminiImage({ quietPeriod: 50, retryDelay: 5 })])
  const output = { ...base.output, module: false }
  const configuration = { ...base, output, mode: 'development', devtool: false } as const
  const compiler = webpack({ ...configuration, experiments: {} })
  const server = new DevServer({ host: '127.0.0.1', port: 'auto', open: false }, compiler)
  await server.start()
  onTestFinished(() => server.stop())
  const address = server.server?.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

describe.skipIf(skipBrowser)('placeholders in webpack-dev-server in Chromium', () => {
  test('say why, on the picture and in the console, and follow a refusal', async () => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'blocked', times: Infinity })
    const release = gemini.hold()
    const site = await createSite({
      'index.html': '<!doctype html><img id="import" alt="">',
      'src/main.js': `
        import src from './import.prompt.md?gemini-image'
        addEventListener('load', () => (document.querySelector('#import').src = src))`,
      'src/import.prompt.md': promptFile('In the module', { aspectRatio: '16:9' }),
    })
    for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    const url = await serve(site)
    onTestFinished(release)
    const said: string[] = []
    const page = await openPage(url, said)
    const patience = { timeout: 30_000, interval: 50 }
    const told = (): string[] => said.filter((line) => line.startsWith('[gemini-image]'))
    await vi.waitFor(() => {
      expect(told().at(-1)).toMatch(/ src\/import\.prompt\.md:6:1: (?:not generated|generating)/)
    }, patience)
    const before = await seen(page, 'import')
    expect(before.size).toBe('1376x768')
    release()
    await vi.waitFor(() => expect(told().at(-1)).toMatch(/:6:1: refused: .+--retry/), patience)
    await vi.waitFor(async () => {
      const after = await seen(page, 'import')
      expect(after.size).toBe(before.size)
      expect(after.src).not.toBe(before.src)
    }, patience)
    expect(gemini.requests).toHaveLength(1)
  })
})
