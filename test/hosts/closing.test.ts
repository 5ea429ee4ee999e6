import * as rollup from 'rollup'
import forRollup from 'unplugin-gemini-image/rollup'
import forVite from 'unplugin-gemini-image/vite'
import forWebpack from 'unplugin-gemini-image/webpack'
import { expect, onTestFinished, test, vi } from 'vitest'
import * as vite from 'vite'
import * as vite7 from 'vite-7'
import webpack from 'webpack'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { configurationOf } from './webpack.ts'

const NAMES = ['one', 'two']

/** Something that a host keeps running. */
interface Open {
  close(): Promise<unknown>
  /** Begins again with the same settings. */
  restart?(): Promise<unknown>
}

type Opening = (site: Site) => Promise<Open>

function viteServer({ createServer }: Pick<typeof vite, 'createServer'>): Opening {
  return async ({ root }) => {
    const server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      server: { host: '127.0.0.1', port: 0 },
      plugins: [forVite()],
    })
    await server.listen()
    return server
  }
}

const HOSTS: readonly { readonly name: string; readonly open: Opening }[] = [
  { name: 'a dev server of Vite 8', open: viteServer(vite) },
  { name: 'a dev server of Vite 7', open: viteServer(vite7 as never) },
  {
    name: 'a build of Vite that watches',
    open: async ({ root }) => {
      const watched = await vite.build({
        root,
        configFile: false,
        logLevel: 'silent',
        build: { watch: {} },
        plugins: [forVite()],
      })
      return watched as vite.Rolldown.RolldownWatcher
    },
  },
  {
    name: 'webpack',
    open: async (site) => {
      const compiler = webpack({ ...configurationOf(site, [forWebpack()]), mode: 'development' })
      compiler.watch({}, () => undefined)
      return { close: () => new Promise((resolve) => compiler.close(resolve)) }
    },
  },
  {
    name: 'Rollup',
    open: async (site) =>
      rollup.watch({
        input: site.path('src/main.js'),
        output: { dir: site.path('dist') },
        plugins: [forRollup({ root: site.root })],
      }),
  },
]

async function pinned(site: Site): Promise<number> {
  const text = await site.read('gemini-image.lock').catch(() => '')
  return text.split('\n').filter((line) => line.startsWith('  ')).length
}

async function stage(): Promise<{ site: Site; calls(count: number): Promise<unknown> }> {
  const gemini = await startGemini({ latency: 1500 })
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  const site = await createSite({ ...pageOf(NAMES), ...Object.fromEntries(prompts) })
  onTestFinished(() => void vi.unstubAllEnvs())
  for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
  const calls = (count: number): Promise<unknown> =>
    vi.waitUntil(() => gemini.requests.length === count, { timeout: 20_000, interval: 5 })
  return { site, calls }
}

test.for(HOSTS)('$name closes once calls under way have landed', async ({ open }) => {
  const { site, calls } = await stage()
  const opened = await open(site)
  await calls(NAMES.length)
  await opened.close()
  expect(await pinned(site)).toBe(NAMES.length)
})

test.for(HOSTS.slice(0, 2))('$name that starts again waits for none of them', async ({ open }) => {
  const { site, calls } = await stage()
  const server = await open(site)
  await calls(NAMES.length)
  await server.restart?.()
  expect(await pinned(site)).toBe(0)
  await server.close()
  await vi.waitUntil(async () => (await pinned(site)) === NAMES.length, { timeout: 20_000 })
  await calls(NAMES.length)
})
