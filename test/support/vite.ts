import { onTestFinished, vi } from 'vitest'
import geminiImage, { type Options } from 'unplugin-gemini-image/vite'
import {
  build,
  createLogger,
  createServer,
  mergeConfig,
  type InlineConfig,
  type Logger,
  type Rolldown,
  type ViteDevServer,
} from 'vite'
import type { FakeGemini } from '../fake-gemini/server.ts'
import type { Site } from './site.ts'
import { withEnv } from './with-env.ts'

/** How one run of Vite differs from the plainest. */
export interface Run {
  readonly env?: Readonly<Record<string, string>>
  readonly options?: Options
  readonly config?: InlineConfig
}

/** A key that must appear nowhere but in a request's header. */
export const KEY = 'sk-this-is-the-secret-key-0123456789'

/** The environment of a machine with a key, on which Google is the fake server. */
export function keyed(gemini: FakeGemini): Record<string, string> {
  return { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: gemini.url }
}

/** Builds a site in this process, and gives what Vite logged. */
export async function buildSite(site: Site, run: Run = {}): Promise<string> {
  const log: string[] = []
  await withEnv(run.env ?? {}, () => build(configOf(site, run, log)))
  return log.join('\n')
}

/** Builds a site that is expected to fail, and gives the error's text and what was logged. */
export async function failingBuild(site: Site, run: Run = {}): Promise<string> {
  const log: string[] = []
  try {
    await withEnv(run.env ?? {}, () => build(configOf(site, run, log)))
  } catch (error) {
    return [...log, String((error as Error).stack ?? error)].join('\n')
  }
  throw new Error(`The build was to fail, but it passed:\n${log.join('\n')}`)
}

/** A build that watches. */
export interface Watching {
  /** Resolves when so many builds have ended. */
  built(count: number): Promise<void>
}

/** Starts `vite build --watch`; it is closed when the test ends. */
export async function watchSite(site: Site, run: Run = {}): Promise<Watching> {
  let ended = 0
  const config = mergeConfig(configOf(site, run, []), { build: { watch: {} } })
  const watcher = (await withEnv(run.env ?? {}, () => build(config))) as Rolldown.RolldownWatcher
  onTestFinished(() => watcher.close())
  watcher.on('event', async (event) => {
    if (event.code === 'BUNDLE_END') await event.result.close()
    if (event.code === 'ERROR') throw event.error
    if (event.code === 'END') ended += 1
  })
  return {
    built: (count) => vi.waitUntil(() => ended >= count, { timeout: 20_000 }).then(() => undefined),
  }
}

/** A running dev server. */
export interface DevSite {
  readonly server: ViteDevServer
  readonly url: string
  readonly log: readonly string[]
}

/** Starts a dev server on a free port; it is closed when the test ends. */
export async function serveSite(site: Site, run: Run = {}): Promise<DevSite> {
  const log: string[] = []
  const server = await withEnv(run.env ?? {}, async () => {
    const created = await createServer(
      mergeConfig(configOf(site, run, log), { server: { host: '127.0.0.1', port: 0 } }),
    )
    return created.listen()
  })
  onTestFinished(() => server.close())
  const [url = ''] = server.resolvedUrls?.local ?? []
  return { server, url: url.replace(/\/$/, ''), log }
}

function configOf(site: Site, { options, config }: Run, log: string[]): InlineConfig {
  return mergeConfig(
    {
      root: site.root,
      configFile: false,
      customLogger: recordingLogger(log),
      // The fake server's swatches are small enough to be inlined.
      build: { assetsInlineLimit: 0, reportCompressedSize: false },
      plugins: [geminiImage({ retryDelay: 5, ...options })],
    } satisfies InlineConfig,
    config ?? {},
  )
}

function recordingLogger(log: string[]): Logger {
  const record = (message: string): void => void log.push(message)
  const logger = createLogger('info', { allowClearScreen: false })
  return { ...logger, info: record, warn: record, warnOnce: record, error: record }
}
