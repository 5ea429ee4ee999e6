import path from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Compiler, Configuration } from 'webpack'

// Builds once, and prints how many milliseconds that took: `node webpack-build.ts '{ … }'`.

export type Bundler = 'webpack' | 'rspack'

/** What is to be built. */
export interface Build {
  readonly bundler: Bundler
  readonly root: string
  readonly input: 'ours' | 'plain'
}

/** What the plugin adds for its own pictures, as a site without it would have it. */
const PICTURES = { test: /\.jpe?g$/, type: 'asset' }

async function pluginOf(bundler: Bundler): Promise<NonNullable<Configuration['plugins']>> {
  const { default: geminiImage } =
    bundler === 'webpack'
      ? await import('unplugin-gemini-image/webpack')
      : await import('unplugin-gemini-image/rspack')
  return [geminiImage({ mode: 'auto', concurrency: 8, budget: 100 })] as NonNullable<
    Configuration['plugins']
  >
}

async function configurationOf({ bundler, root, input }: Build): Promise<Configuration> {
  return {
    mode: 'production',
    context: root,
    entry: `./src/${input}.js`,
    output: { path: path.join(root, `dist-${input}`) },
    module: { rules: input === 'plain' ? [PICTURES] : [] },
    plugins: input === 'plain' ? [] : await pluginOf(bundler),
    infrastructureLogging: { level: 'none' },
    performance: false,
  }
}

function runOnce(compiler: Compiler): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  compiler.run((error, stats) => {
    const wrong = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : null)
    compiler.close(() => (wrong ? reject(wrong) : resolve()))
  })
  return promise
}

async function bundlerOf(name: Bundler): Promise<(configuration: Configuration) => unknown> {
  if (name === 'webpack') return (await import('webpack')).default
  return (await import('@rspack/core')).rspack as (configuration: Configuration) => unknown
}

const build = JSON.parse(process.argv[2] ?? '{}') as Build
const bundler = await bundlerOf(build.bundler)
const started = performance.now()
const compiler = bundler(await configurationOf(build)) as Compiler
await runOnce(compiler)
console.log(performance.now() - started)
