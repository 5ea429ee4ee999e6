import { existsSync } from 'node:fs'
import geminiImage from 'unplugin-gemini-image/vite'
import { onTestFinished } from 'vitest'
import type { InlineConfig, Rolldown } from 'vite'
import type { Site } from '../support/site.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built, Host, Run } from './host.ts'
import { Builds } from './builds.ts'

/** What a major of Vite exports, as far as the matrix uses it. */
interface Vite {
  readonly version: string
  build(config: InlineConfig): Promise<unknown>
}

/** Vite as a host of the matrix. */
export function viteHost(vite: Vite): Host {
  return {
    name: `Vite ${vite.version.split('.', 1)[0]}`,
    abilities: new Set(['import', 'new-url', 'css', 'html', 'source-maps', 'watch']),
    build: (site, run) =>
      withEnv(run.env ?? {}, () => vite.build(configOf(site, run)).then(() => DONE, failed)),
    watch: (site, run) => withEnv(run.env ?? {}, () => watch(vite, site, run)),
  }
}

const DONE: Built = { errors: [], warnings: [] }

function failed(error: unknown): Built {
  return { errors: [error instanceof Error ? error.message : String(error)], warnings: [] }
}

async function watch(vite: Vite, site: Site, run: Run): ReturnType<Host['watch']> {
  const builds = new Builds()
  const config = configOf(site, run)
  const watcher = (await vite.build({
    ...config,
    build: { ...config.build, watch: {} },
  })) as Rolldown.RolldownWatcher
  onTestFinished(() => watcher.close())
  watcher.on('event', async (event) => {
    if (event.code === 'START') builds.begin()
    if (event.code === 'BUNDLE_END') await event.result.close()
    if (event.code === 'ERROR') builds.add(failed(event.error))
    if (event.code === 'END') builds.add(DONE)
  })
  return builds
}

function configOf({ root, path }: Site, { options }: Run): InlineConfig {
  const input = existsSync(path('index.html')) ? 'index.html' : 'src/main.js'
  return {
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: options === false ? [] : [geminiImage({ retryDelay: 5, ...options })],
    build: {
      sourcemap: true,
      // The fake server's swatches are small enough to be inlined.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      rollupOptions: { input: path(input), output: { entryFileNames: 'main.js' } },
    },
  }
}
