import { onTestFinished } from 'vitest'
import type { OutputOptions, RollupOptions } from 'rollup'
import type { Options } from 'unplugin-gemini-image/rollup'
import type { Site } from '../support/site.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built, Host, Run, Watching } from './host.ts'
import { Builds } from './builds.ts'

/** What Rollup and Rolldown export, as far as the matrix uses it. */
interface Rollup {
  build(options: Configuration): Promise<{
    write(options: OutputOptions): Promise<unknown>
    close(): Promise<void>
  }>
  watch(options: Configuration): {
    close(): Promise<void>
    on(event: 'event', listener: (event: WatcherEvent) => void): unknown
  }
}

interface WatcherEvent {
  readonly code: string
  readonly error?: unknown
  readonly result?: { close(): Promise<void> } | null
}

type Configuration = RollupOptions & { readonly output: OutputOptions }

/** Rollup, or Rolldown, as a host of the matrix. */
export function rollupHost(
  name: string,
  rollup: Rollup,
  plugin: (options: Options) => unknown,
): Host {
  return {
    name,
    abilities: new Set(['import', 'new-url', 'source-maps', 'watch']),
    build: (site, run) =>
      withEnv(run.env ?? {}, () => buildOnce(rollup, (warn) => configure(site, run, plugin, warn))),
    watch: (site, run) =>
      withEnv(run.env ?? {}, async () =>
        watching(rollup, (warn) => configure(site, run, plugin, warn)),
      ),
  }
}

type Configure = (warn: (message: string) => void) => Configuration

async function buildOnce(rollup: Rollup, configure: Configure): Promise<Built> {
  const warnings: string[] = []
  const configuration = configure((message) => warnings.push(message))
  try {
    const bundle = await rollup.build(configuration)
    await bundle.write(configuration.output).finally(() => bundle.close())
    return { errors: [], warnings }
  } catch (error) {
    return { errors: [messageOf(error)], warnings }
  }
}

function watching(rollup: Rollup, configure: Configure): Watching {
  const builds = new Builds()
  let warnings: string[] = []
  const end = (errors: readonly string[]): void => {
    builds.add({ errors, warnings })
    warnings = []
  }
  const watcher = rollup.watch(configure((message) => warnings.push(message)))
  onTestFinished(() => watcher.close())
  watcher.on('event', async ({ code, error, result }) => {
    if (code === 'START') builds.begin()
    await result?.close()
    if (code === 'ERROR') end([messageOf(error)])
    if (code === 'BUNDLE_END') end([])
  })
  return builds
}

/** A configuration as a site would have it. */
function configure(
  site: Site,
  { options }: Run,
  plugin: (options: Options) => unknown,
  warn: (message: string) => void,
): Configuration {
  const ours = options === false ? [] : [plugin({ root: site.root, retryDelay: 5, ...options })]
  return {
    input: site.path('src/main.js'),
    plugins: ours as RollupOptions['plugins'] & unknown[],
    output: { dir: site.path('dist'), entryFileNames: 'main.js', format: 'es', sourcemap: true },
    watch: { buildDelay: 20 },
    onLog(level, { code, message }) {
      // On a busy machine, Rolldown finds plugins slow.
      if (level === 'warn' && code !== 'PLUGIN_TIMINGS') warn(message)
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
