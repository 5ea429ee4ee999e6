import type { Options } from 'unplugin-gemini-image/webpack'
import type { Compiler as RspackCompiler } from '@rspack/core'
import HtmlPlugin from 'html-webpack-plugin'
import { onTestFinished } from 'vitest'
import type { Compiler, Configuration, MultiCompiler, MultiStats, Stats } from 'webpack'
import { existsSync } from 'node:fs'
import type { Site } from '../support/site.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built, Host, Run, Watching } from './host.ts'
import { Builds } from './builds.ts'

/** What webpack and Rspack are made with. */
type Webpack = (configuration: Configuration) => Compiler | RspackCompiler

/** A configuration as a site would have it. */
export function configurationOf(site: Site, plugins: readonly unknown[]): Configuration {
  const pages = existsSync(site.path('index.html'))
    ? [new HtmlPlugin({ template: site.path('index.html'), minify: false })]
    : []
  return {
    mode: 'production',
    context: site.root,
    entry: './src/main.js',
    devtool: 'source-map',
    // The fake server's swatches are small enough to be inlined.
    module: {
      parser: { asset: { dataUrlCondition: { maxSize: 0 } } },
      rules: [
        {
          test: /\.css$/,
          use: ['style-loader', { loader: 'css-loader', options: { sourceMap: false } }],
        },
        { test: /\.html$/, use: ['html-loader'] },
      ],
    },
    experiments: { outputModule: true },
    output: { path: site.path('dist'), filename: 'main.js', publicPath: '/', module: true },
    infrastructureLogging: { level: 'none' },
    performance: false,
    plugins: [...(plugins as never[]), ...pages],
  }
}

/** webpack, or Rspack, as a host of the matrix. */
export function webpackHost(
  name: string,
  webpack: Webpack,
  plugin: (options: Options) => unknown,
): Host {
  const compilerOf = (site: Site, { options }: Run): Compiler => {
    const plugins = options === false ? [] : [plugin({ retryDelay: 5, ...options })]
    return webpack(configurationOf(site, plugins)) as Compiler
  }
  return {
    name,
    abilities: new Set(['import', 'new-url', 'css', 'html', 'source-maps', 'watch']),
    build: (site, run) => withEnv(run.env ?? {}, () => buildOnce(compilerOf(site, run))),
    watch: (site, run) => withEnv(run.env ?? {}, async () => watching(compilerOf(site, run))),
  }
}

/** Runs a compiler to its end. */
export function buildOnce(compiler: Compiler | MultiCompiler): Promise<Built> {
  const { promise, resolve, reject } = Promise.withResolvers<Built>()
  compiler.run((error, stats) => {
    compiler.close(() => {
      if (error) reject(error)
      else resolve(toBuilt(stats))
    })
  })
  return promise
}

/** Runs a compiler whenever a file changes; it is closed when the test ends. */
export function watching(compiler: Compiler): Watching {
  const builds = new Builds()
  for (const hook of [compiler.hooks.invalid, compiler.hooks.watchRun]) {
    hook.tap('builds', () => builds.begin())
  }
  const watch = compiler.watch({ aggregateTimeout: 20 }, (error, stats) => {
    builds.add(error ? { errors: [error.message], warnings: [] } : toBuilt(stats))
  })
  onTestFinished(() => new Promise<void>((resolve) => watch?.close(() => resolve())))
  return builds
}

/** What stats say of a compilation. */
export function toBuilt(stats: Stats | MultiStats | undefined): Built {
  const { errors = [], warnings = [] } =
    stats?.toJson({ all: false, errors: true, warnings: true }) ?? {}
  const told = (one: { message: string; file?: string; loc?: string }): string =>
    [one.file, one.loc, one.message].filter(Boolean).join(' ')
  return { errors: errors.map(told), warnings: warnings.map(told) }
}
