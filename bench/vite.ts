import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import geminiImage from 'unplugin-gemini-image/vite'
import { build, type PluginOption } from 'vite'
import { startServer } from './fake-server.ts'
import { median } from './median.ts'
import { rest, writePlain, writeSite } from './site.ts'

const CONCURRENCY = 8
const LATENCY = 200

/** One line of the table. */
export interface Measured {
  readonly name: string
  /** Milliseconds: the median of the runs. */
  readonly median: number
  readonly runs: readonly number[]
}

/** What the Vite benchmark found. */
export interface ViteReport {
  readonly count: number
  readonly measured: readonly Measured[]
  /** Warm ÷ plain. */
  readonly warmRatio: number
  /** What cold may take at most, in milliseconds. */
  readonly coldLimit: number
}

/**
 * Builds one site of `count` imports three ways, in turn, in one process: plain imports of the very
 * files; ours, all pinned; ours, nothing pinned, against a server with 200 ms of latency.
 */
export async function benchVite(count: number, rounds: number): Promise<ViteReport> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-'))
  const server = await startServer(LATENCY)
  process.env['GEMINI_API_KEY'] = 'bench'
  process.env['GOOGLE_GEMINI_BASE_URL'] = server.url
  delete process.env['CI']
  try {
    await writeSite(root, count)
    const cold: number[] = []
    const plain: number[] = []
    const warm: number[] = []
    await timeBuild(root, ours(count), 'src/ours.js')
    await writePlain(root)
    await timeBuild(root, [], 'src/plain.js')
    await rest()
    await timeBuild(root, ours(count), 'src/ours.js')
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await timeBuild(root, [], 'src/plain.js'))
      warm.push(await timeBuild(root, ours(count), 'src/ours.js'))
    }
    for (let round = 0; round < Math.min(3, rounds); round += 1) {
      for (const name of ['gemini-image.lock', '.gemini-image']) {
        await rm(path.join(root, name), { recursive: true })
      }
      cold.push(await timeBuild(root, ours(count), 'src/ours.js'))
    }
    return report(count, plain, warm, cold)
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

function report(count: number, plain: number[], warm: number[], cold: number[]): ViteReport {
  const measured = [
    measure('plain imports of the same files', plain),
    measure('ours, all pinned', warm),
    measure(`ours, nothing pinned (${LATENCY} ms latency, concurrency ${CONCURRENCY})`, cold),
  ]
  const waves = Math.ceil(count / CONCURRENCY)
  return {
    count,
    measured,
    warmRatio: median(warm) / median(plain),
    coldLimit: median(plain) + 1.1 * waves * LATENCY,
  }
}

function ours(count: number): PluginOption[] {
  return [geminiImage({ concurrency: CONCURRENCY, budget: count, mode: 'auto' })]
}

async function timeBuild(root: string, plugins: PluginOption[], input: string): Promise<number> {
  const started = performance.now()
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins,
    build: { rolldownOptions: { input: path.join(root, input) }, assetsInlineLimit: 0 },
  })
  return performance.now() - started
}

function measure(name: string, runs: readonly number[]): Measured {
  return { name, median: median(runs), runs }
}
