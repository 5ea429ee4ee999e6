import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { astroConfig, createAstroSite } from '../astro/support/site.ts'
import { astroCommand } from '../astro/support/packages.ts'
import { BUN, BUN_BUILD, BUN_EXECUTABLE } from '../hosts/bun.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import {
  CLI,
  runCli,
  start,
  startCli,
  startVite,
  viteConfig,
  type Running,
} from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const NAMES = ['p0', 'p1', 'p2']

/** Longer than a host takes to end, where it waits for nobody. */
const LATENCY = 1000

type Env = Record<string, string>

/** How a host works on a site with three pictures. */
interface SignalHost {
  readonly name: string
  /** What the site is made of, besides its page and its prompts. */
  readonly files?: Record<string, string>
  readonly site?: (files: Record<string, string>) => Promise<Site>
  readonly begin: (site: Site, env: Env) => Running | Promise<Running>
  readonly signals: readonly NodeJS.Signals[]
}

const resolve = createRequire(import.meta.url).resolve
const ROLLUP = path.join(path.dirname(resolve('rollup/package.json')), 'dist/bin/rollup')

/** A host without a command, or whose command is not here: a script that does what the command does. */
function scripted(name: string, script: string, ...signals: NodeJS.Signals[]): SignalHost {
  return {
    name,
    files: { 'build.mjs': script },
    begin: (site, env) => start(['build.mjs'], site.root, env),
    signals,
  }
}

function rollup(name: string, args: readonly string[], ...signals: NodeJS.Signals[]): SignalHost {
  const config = `
    import geminiImage from 'unplugin-gemini-image/rollup'
    export default { input: 'src/main.js', output: { dir: 'dist' }, plugins: [geminiImage()] }\n`
  return {
    name,
    files: { 'rollup.config.mjs': config },
    begin: (site, env) => start([ROLLUP, '-c', ...args], site.root, env),
    signals,
  }
}

const COMPILER = `
  const config = { mode: 'MODE', context: import.meta.dirname, entry: './src/main.js', plugins: [geminiImage()] }
  const compiler = webpack(config)`

const WEBPACK = `
  import webpack from 'webpack'
  import geminiImage from 'unplugin-gemini-image/webpack'
  ${COMPILER}`

const RSPACK = `
  import { rspack as webpack } from '@rspack/core'
  import geminiImage from 'unplugin-gemini-image/rspack'
  ${COMPILER}`

const RUN = '\n  compiler.run(() => compiler.close(() => undefined))'

/** As webpack-cli does. */
const WATCH = `
  compiler.watch({}, () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => compiler.close(() => process.exit(0)))`

const HOSTS: readonly SignalHost[] = [
  {
    name: 'gemini-image generate',
    begin: (site, env) => startCli(site.root, ['generate', '--yes'], env),
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
  },
  {
    name: 'gemini-image watch',
    begin: (site, env) => startCli(site.root, ['watch'], env),
    signals: ['SIGHUP'],
  },
  {
    name: 'vite build',
    begin: (site, env) => startVite(site.root, ['build'], env),
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
  },
  {
    name: 'vite build --watch',
    begin: (site, env) => startVite(site.root, ['build', '--watch'], env),
    signals: ['SIGINT'],
  },
  {
    name: 'vite',
    begin: (site, env) => startVite(site.root, ['--port', '0', '--host', '127.0.0.1'], env),
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
  },
  scripted('webpack', WEBPACK.replace('MODE', 'production') + RUN, 'SIGINT'),
  scripted('webpack --watch', WEBPACK.replace('MODE', 'development') + WATCH, 'SIGTERM'),
  scripted(
    'webpack-dev-server',
    `import Server from 'webpack-dev-server'
     ${WEBPACK.replace('MODE', 'development')}
     await new Server({ port: 'auto', host: '127.0.0.1' }, compiler).start()`,
    'SIGINT',
  ),
  scripted('Rspack', RSPACK.replace('MODE', 'production') + RUN, 'SIGTERM'),
  scripted('Rspack --watch', RSPACK.replace('MODE', 'development') + WATCH, 'SIGINT'),
  rollup('rollup', [], 'SIGINT'),
  rollup('rollup --watch', ['--watch'], 'SIGTERM'),
  scripted(
    'esbuild',
    `import * as esbuild from 'esbuild'
     import geminiImage from 'unplugin-gemini-image/esbuild'
     await esbuild.build({ entryPoints: ['src/main.js'], bundle: true, outdir: 'dist', plugins: [geminiImage()] })`,
    'SIGHUP',
  ),
  ...(BUN.isAbsent
    ? []
    : [
        {
          name: 'Bun',
          begin: (site: Site, env: Env) => start([BUN_BUILD], site.root, env, BUN_EXECUTABLE),
          signals: ['SIGINT', 'SIGTERM'] as const,
        },
      ]),
  {
    name: 'astro build',
    site: (files) =>
      createAstroSite(7, {
        ...astroConfig(),
        ...files,
        'src/pages/index.astro': '---\nimport "../main.js"\n---\n',
      }),
    begin: async (site, env) =>
      start([await astroCommand(7), 'build'], site.root, { ...env, ASTRO_TELEMETRY_DISABLED: '1' }),
    signals: ['SIGINT'],
  },
  {
    name: 'next build',
    files: {
      'next.config.mjs': `
        import withGeminiImage from 'unplugin-gemini-image/next'
        export default withGeminiImage({ experimental: { cpus: 1 } })`,
      'app/layout.js':
        'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
      'app/page.js': 'export default () => <p>Here</p>',
    },
    begin: (site, env) =>
      start([resolve('next/dist/bin/next'), 'build'], site.root, {
        ...env,
        NEXT_TELEMETRY_DISABLED: '1',
      }),
    signals: ['SIGINT'],
  },
]

function siteFor({ files, site = createSite }: Pick<SignalHost, 'files' | 'site'>): Promise<Site> {
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return site({ ...pageOf(NAMES), ...viteConfig(), ...Object.fromEntries(prompts), ...files })
}

async function pinned(site: Site): Promise<number> {
  const text = await site.read('gemini-image.lock').catch(() => '')
  return text.split('\n').filter((line) => line.startsWith('  ')).length
}

async function calls(gemini: FakeGemini, count: number): Promise<void> {
  await vi.waitUntil(() => gemini.requests.length >= count, { timeout: 30_000, interval: 5 })
}

const TABLE = HOSTS.flatMap((host) =>
  host.signals.map((signal) => ({ ...host, signal, title: `${signal} in ${host.name}` })),
)

test.for(TABLE)('$title: calls under way land, and then the process ends', async (row) => {
  const gemini = await startGemini({ latency: LATENCY })
  const site = await siteFor(row)
  const { child, ended } = await row.begin(site, keyed(gemini))
  await calls(gemini, NAMES.length)
  child.kill(row.signal)
  const { output } = await ended
  expect(gemini.requests).toHaveLength(NAMES.length)
  expect({ pinned: await pinned(site), output }).toMatchObject({ pinned: NAMES.length })
})

test('no call is begun after the first signal, in a host that leaves at once', async () => {
  const gemini = await startGemini({ latency: LATENCY })
  const site = await siteFor({ files: viteConfig('concurrency: 1') })
  const { child, ended } = startVite(site.root, ['build'], keyed(gemini))
  await calls(gemini, 1)
  child.kill('SIGINT')
  expect((await ended).signal).toBe('SIGINT')
  expect(gemini.requests).toHaveLength(1)
  expect(await pinned(site)).toBe(1)
})

test('a second signal cuts off what is under way, and says what that may have cost', async () => {
  const gemini = await startGemini()
  gemini.fault({ kind: 'hang', times: Infinity })
  const site = await siteFor({})
  const { child, ended } = startVite(site.root, ['build'], keyed(gemini))
  let said = ''
  child.stderr?.on('data', (text: string) => (said += text))
  await calls(gemini, NAMES.length)
  child.kill('SIGINT')
  await vi.waitUntil(() => said.includes('Press Ctrl-C again'), { timeout: 30_000 })
  child.kill('SIGINT')
  const { signal, output } = await ended
  expect(signal).toBe('SIGINT')
  expect(output).toContain('Stopping after 3 calls (up to $0.1143) under way')
  expect(output).toContain('Cut off: 3 calls (up to $0.1143) may have been paid for')
})

test.for([
  { name: 'the command', args: [CLI, 'generate', '--yes', '--concurrency', '1'] },
  {
    name: 'vite build',
    args: [path.join(path.dirname(resolve('vite/package.json')), 'bin/vite.js'), 'build'],
  },
])('$name, whose output nobody reads any more, pays for no picture twice', async ({ args }) => {
  const gemini = await startGemini({ latency: 300 })
  const site = await siteFor({ files: viteConfig('concurrency: 1') })
  const { child, ended } = start(args, site.root, keyed(gemini))
  await calls(gemini, 1)
  child.stdout?.destroy()
  child.stderr?.destroy()
  await ended
  expect(await pinned(site)).toBe(gemini.requests.length)
  expect(await runCli(site.root, ['generate', '--yes'], keyed(gemini))).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(NAMES.length)
})
