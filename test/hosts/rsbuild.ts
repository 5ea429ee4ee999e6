import { createRsbuild, type RsbuildConfig } from '@rsbuild/core'
import geminiImage from 'unplugin-gemini-image/rspack'
import { onTestFinished } from 'vitest'
import type { Site } from '../support/site.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built, Host, Run, Watching } from './host.ts'
import { Builds } from './builds.ts'
import { toBuilt } from './webpack.ts'

/** Rsbuild, which builds with Rspack, as a host of the matrix. */
export const rsbuildHost: Host = {
  name: 'Rsbuild 2',
  abilities: new Set(['import', 'new-url', 'css', 'source-maps', 'watch']),
  build: (site, run) => withEnv(run.env ?? {}, () => build(site, run)),
  watch: (site, run) => withEnv(run.env ?? {}, () => watch(site, run)),
}

function configOf({ options }: Run): RsbuildConfig {
  const plugins = options === false ? [] : [geminiImage({ retryDelay: 5, ...options })]
  return {
    mode: 'production',
    logLevel: 'silent',
    source: { entry: { main: './src/main.js' } },
    output: {
      dataUriLimit: 0,
      filenameHash: false,
      distPath: { js: '' },
      module: true,
      sourceMap: true,
      minify: false,
    },
    tools: {
      htmlPlugin: false,
      rspack: {
        plugins,
        output: { publicPath: '/' },
      },
    },
  }
}

async function build(site: Site, run: Run): Promise<Built> {
  const rsbuild = await createRsbuild({ cwd: site.root, config: configOf(run) })
  let built: Built = { errors: [], warnings: [] }
  rsbuild.onAfterBuild(({ stats }) => {
    built = toBuilt(stats as never)
  })
  try {
    const { close } = await rsbuild.build()
    await close()
  } catch (error) {
    if (built.errors.length === 0) return { errors: [String(error)], warnings: [] }
  }
  return built
}

async function watch(site: Site, run: Run): Promise<Watching> {
  const builds = new Builds()
  const rsbuild = await createRsbuild({ cwd: site.root, config: configOf(run) })
  rsbuild.onBeforeBuild(() => builds.begin())
  rsbuild.onAfterBuild(({ stats }) => builds.add(toBuilt(stats as never)))
  const { close } = await rsbuild.build({ watch: true })
  onTestFinished(close)
  return builds
}
