import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import process from 'node:process'
import { promisify } from 'node:util'
import { rspack } from '@rspack/core'
import * as esbuild from 'esbuild'
import * as rolldown from 'rolldown'
import * as rollup from 'rollup'
import geminiImage from 'unplugin-gemini-image'
import { expect, test } from 'vitest'
import * as vite from 'vite'
import webpack from 'webpack'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'
import { farmHost } from './farm.ts'
import type { Host } from './host.ts'
import { rollupHost } from './rollup.ts'
import { webpackHost } from './webpack.ts'

const REPORT = `
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  await import(process.argv[1])
  console.log(urls.join('\\n'))`

/** The URLs of all that an entry loads, a line each. */
async function loadedBy(entry: string): Promise<string> {
  const specifier = import.meta.resolve(`unplugin-gemini-image/${entry}`)
  const args = ['--input-type=module', '-e', REPORT, specifier]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(stdout).toContain(`${entry}.js`)
  return stdout
}

test.each(['rollup', 'rolldown', 'esbuild', 'farm'])(
  'the entry for %s loads no bundler',
  async (entry) => {
    expect(await loadedBy(entry)).not.toMatch(
      /node_modules\/(?:vite|webpack|rollup|rolldown|esbuild|@rspack|@farmfe)\//,
    )
  },
)

// As a module, it takes 2 ms of every build; as a global, none.
test.each(['webpack', 'rspack', 'vite'])(
  'the entry for %s takes process for a global',
  async (entry) => {
    expect(await loadedBy(entry)).not.toContain('node:process')
  },
)

/** Builds a site with the plugin of a host, as the one unplugin has it. */
type BuildSite = (site: Site, env: Record<string, string>) => Promise<unknown>

const byHost =
  (host: Host): BuildSite =>
  async (site, env) => {
    const { errors } = await host.build(site, { env })
    expect(errors).toEqual([])
  }

/** Bun's is made in Bun alone. */
const BUILDS: Readonly<Record<Exclude<keyof typeof geminiImage, 'bun'>, BuildSite>> = {
  esbuild: (site) =>
    esbuild.build({
      absWorkingDir: site.root,
      bundle: true,
      entryPoints: ['src/main.js'],
      outdir: 'dist',
      plugins: [geminiImage.esbuild()],
    }),
  farm: byHost(farmHost({ isWhole: true })),
  rolldown: byHost(
    rollupHost(
      '',
      { build: rolldown.rolldown, watch: rolldown.watch } as never,
      geminiImage.rolldown,
    ),
  ),
  rollup: byHost(rollupHost('', { build: rollup.rollup, watch: rollup.watch }, geminiImage.rollup)),
  rspack: byHost(webpackHost('Rspack 2', rspack as never, geminiImage.rspack)),
  vite: (site) =>
    vite.build({
      root: site.root,
      configFile: false,
      logLevel: 'silent',
      plugins: [geminiImage.vite()],
      build: { rolldownOptions: { input: 'src/main.js' }, assetsInlineLimit: 0 },
    }),
  webpack: byHost(webpackHost('webpack 5', webpack, geminiImage.webpack)),
}

test.for(Object.entries(BUILDS))('the unplugin builds a site with %s', async ([, buildSite]) => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/hero.prompt.md': promptFile('A fox'),
    'src/main.js': "import hero from './hero.prompt.md?gemini-image'\nconsole.log(hero)\n",
  })
  const env = keyed(gemini)
  await withEnv(env, () => buildSite(site, env))
  expect(gemini.requests).toHaveLength(1)
  const files = await readdir(site.path('dist'), { recursive: true })
  expect(files.filter((name) => /\.(?:jpg|png|webp)$/.test(name))).toHaveLength(1)
})
