import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { Plugin as RollupPlugin } from 'rollup'
import type { Compiler, Configuration } from 'webpack'

// Builds once, and prints the most memory that the process had, in MiB: `node build.ts '{ … }'`.

/** What is to be built. */
export interface Build {
  readonly host: Host
  readonly root: string
  readonly input: 'ours' | 'plain'
}

const OPTIONS = { mode: 'auto', concurrency: 8, budget: 1000 } as const
const PICTURE = /\.jpe?g$/

/** How each bundler builds the site: with our plugin, or with what a site has for pictures of its own. */
const HOSTS = {
  async vite({ root, input }: Build): Promise<void> {
    const { build } = await import('vite')
    const plugins =
      input === 'plain' ? [] : [(await import('unplugin-gemini-image/vite')).default(OPTIONS)]
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins,
      build: {
        rolldownOptions: { input: entryOf(root, input) },
        assetsInlineLimit: 0,
        outDir: `dist/${input}`,
      },
    })
  },

  async webpack(site: Build): Promise<void> {
    const { default: webpack } = await import('webpack')
    const plugins =
      site.input === 'plain'
        ? []
        : [(await import('unplugin-gemini-image/webpack')).default(OPTIONS)]
    await compile(webpack({ ...configurationOf(site), plugins } as Configuration) as Compiler)
  },

  async rspack(site: Build): Promise<void> {
    const { rspack } = await import('@rspack/core')
    const plugins =
      site.input === 'plain'
        ? []
        : [(await import('unplugin-gemini-image/rspack')).default(OPTIONS)]
    const configuration = { ...configurationOf(site), plugins } as never
    await compile(rspack(configuration) as unknown as Compiler)
  },

  async rollup({ root, input }: Build): Promise<void> {
    const { rollup } = await import('rollup')
    const plugin =
      input === 'plain'
        ? pictures()
        : (await import('unplugin-gemini-image/rollup')).default({ root, ...OPTIONS })
    const bundle = await rollup({ input: entryOf(root, input), plugins: [plugin] })
    await bundle.write({ dir: path.join(root, 'dist', input) })
    await bundle.close()
  },

  async esbuild({ root, input }: Build): Promise<void> {
    const { build } = await import('esbuild')
    const plugins =
      input === 'plain' ? [] : [(await import('unplugin-gemini-image/esbuild')).default(OPTIONS)]
    await build({
      absWorkingDir: root,
      entryPoints: [entryOf(root, input)],
      bundle: true,
      outdir: path.join(root, 'dist', input),
      loader: { '.jpg': 'file' },
      logLevel: 'error',
      plugins,
    })
  },
}

/** A bundler whose builds are measured. */
export type Host = keyof typeof HOSTS

function entryOf(root: string, input: Build['input']): string {
  return path.join(root, `src/${input}.js`)
}

function configurationOf({ root, input }: Build): Configuration {
  return {
    mode: 'production',
    context: root,
    entry: entryOf(root, input),
    output: { path: path.join(root, 'dist', input) },
    // The plugin adds such a rule for its own pictures.
    module: { rules: input === 'plain' ? [{ test: PICTURE, type: 'asset' }] : [] },
    infrastructureLogging: { level: 'none' },
    performance: false,
  }
}

function compile(compiler: Compiler): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  compiler.run((error, stats) => {
    const wrong = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : null)
    compiler.close(() => (wrong ? reject(wrong) : resolve()))
  })
  return promise
}

/** What a Rollup site has for pictures: each becomes an asset, and its import the address of it. */
function pictures(): RollupPlugin {
  return {
    name: 'pictures',
    async load(id) {
      if (!PICTURE.test(id)) return null
      const source = await readFile(id)
      const hash = createHash('sha256').update(source).digest('hex').slice(0, 8)
      const { name, ext } = path.parse(id)
      const asset = this.emitFile({ type: 'asset', source, fileName: `${name}-${hash}${ext}` })
      return `export default import.meta.ROLLUP_FILE_URL_${asset}`
    },
  }
}

const site = JSON.parse(process.argv[2] ?? '{}') as Build
await HOSTS[site.host](site)
// Kibibytes. https://nodejs.org/api/process.html#processresourceusage
console.log(process.resourceUsage().maxRSS / 1024)
