import { setTimeout as sleep } from 'node:timers/promises'
import geminiImage from 'unplugin-gemini-image/webpack'
import { onTestFinished, expect, test, vi } from 'vitest'
import webpack from 'webpack'
import DevServer from 'webpack-dev-server'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed, serveSite } from '../support/vite.ts'
import { configurationOf } from './webpack.ts'

/** Milliseconds: shorter than a person would notice. */
const QUIET = 50

/** A dev server that runs. */
interface Served {
  /** All that it has said so far. */
  said(): string
  /** Does whatever makes it look at its pictures again, without a change to them. */
  poke(site: Site): Promise<void>
}

type Serve = (site: Site) => Promise<Served>

const vite: Serve = async (site) => {
  const { url, log } = await serveSite(site, { options: { quietPeriod: QUIET, retryDelay: 5 } })
  return {
    said: () => log.join('\n'),
    poke: async () => {
      for (const path of ['/src/main.js', '/src/hero.prompt.md?gemini-image']) {
        await (await fetch(url + path)).text()
      }
    },
  }
}

const webpackServer: Serve = async (site) => {
  const base = configurationOf(site, [geminiImage({ quietPeriod: QUIET, retryDelay: 5 })])
  const output = { ...base.output, module: false }
  const configuration = { ...base, output, mode: 'development', devtool: false } as const
  const compiler = webpack({ ...configuration, experiments: {} })
  const said: string[] = []
  compiler.hooks.infrastructureLog.tap('test', (name, _, args) => {
    if (name === 'gemini-image') said.push(String(args?.[0]))
    return undefined
  })
  const server = new DevServer({ host: '127.0.0.1', port: 'auto', open: false }, compiler)
  await server.start()
  onTestFinished(() => server.stop())
  const address = server.server?.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    said: () => said.join('\n'),
    // A plain GET makes it build again.
    poke: async () => {
      await (await fetch(`http://127.0.0.1:${port}/webpack-dev-server/invalidate`)).text()
    },
  }
}

const SERVERS: readonly [name: string, serve: Serve][] = [
  ['Vite', vite],
  ['webpack', webpackServer],
]

test.for(SERVERS)(
  'the dev server of %s asks for what was refused no second time, and says so once',
  async ([, serve]) => {
    const gemini = await startGemini()
    gemini.fault({ kind: 'blocked', match: /harbour/, times: Infinity })
    const main = "import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }\n"
    const site = await createSite({
      'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
      'src/main.js': main,
      'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
    })
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
    const { said, poke } = await serve(site)
    await vi.waitFor(() => expect(said()).toContain('BLOCKED at src/hero.prompt.md'), 30_000)
    for (let save = 0; save < 3; save += 1) {
      await site.save('src/main.js', `${main}// ${save}`)
      await sleep(4 * QUIET)
      await poke(site)
      await sleep(4 * QUIET)
    }
    expect(askedPrompts(gemini)).toEqual(['A harbour'])
    expect(said().split('BLOCKED at')).toHaveLength(2)

    // A server that starts again says it once more, and asks no more than the first.
    const again = await serve(site)
    await vi.waitFor(() => expect(again.said()).toMatch(/It was refused on .*--retry/s), 30_000)
    expect(askedPrompts(gemini)).toEqual(['A harbour'])

    await site.save('src/hero.prompt.md', promptFile('A lighthouse', { alt: 'Boats' }))
    await vi.waitFor(() => expect(askedPrompts(gemini)).toContain('A lighthouse'), 30_000)
    await vi.waitFor(async () => expect(await site.list('.gemini-image')).toHaveLength(1), 30_000)
    expect(askedPrompts(gemini)).toEqual(['A harbour', 'A lighthouse'])
  },
)
