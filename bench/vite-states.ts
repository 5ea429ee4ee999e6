import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { startServer } from './fake-server.ts'
import { median } from './median.ts'
import { rest, writePlain, writeSite } from './site.ts'
import type { Build } from './vite-build.ts'

/** What has become of a site since it was built last. */
export const STATES = ['unchanged', 'touched', 'cloned'] as const
export type State = (typeof STATES)[number]

/** Medians of whole processes. */
export interface Cost {
  /** Milliseconds. */
  readonly time: number
  /** The most memory, in MiB. */
  readonly memory: number
}

/** Plain imports of the same files, and ours. */
export interface Pair {
  readonly plain: Cost
  readonly ours: Cost
}

/** The medians of several pairs. */
export interface Medians extends Pair {
  /** Time of ours ÷ plain: the median over the pairs, so that a machine may be faster at one time than at another. */
  readonly ratio: number
}

const PROGRAM = path.join(import.meta.dirname, 'vite-build.ts')
const run = promisify(execFile)

/**
 * Builds one site of `count` pinned imports with Vite, each time in a process of its own, plain and ours in turn:
 * where nothing has changed, where one source file was touched, and in a fresh clone with the cache folder
 * restored (every file is another to the file system).
 */
export async function benchStates(
  count: number,
  rounds: number,
): Promise<Readonly<Record<State, Medians>>> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-'))
  const server = await startServer(0)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GEMINI_API_KEY: 'bench',
    GOOGLE_GEMINI_BASE_URL: server.url,
  }
  delete env['CI']
  const build = (input: Build['input']): Promise<Cost> => costOf({ root, input }, env)
  try {
    await writeSite(root, count)
    await build('ours')
    const calls = server.calls()
    await writePlain(root)
    await build('plain')
    await rest()
    await build('ours')
    const costs = {} as Record<State, Medians>
    for (const state of STATES) {
      const pairs: Pair[] = []
      for (let round = 0; round < rounds; round += 1) {
        await CHANGES[state](root)
        pairs.push({ plain: await build('plain'), ours: await build('ours') })
      }
      costs[state] = medianOf(pairs)
    }
    if (server.calls() !== calls) throw new Error('A build of pinned pictures made a call.')
    return costs
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

const CHANGES: Readonly<Record<State, (root: string) => Promise<void>>> = {
  unchanged: async () => undefined,
  touched: async (root) => {
    for (const input of ['ours', 'plain']) {
      await appendFile(path.join(root, `src/${input}.js`), `// ${performance.now()}\n`)
    }
  },
  cloned: async (root) => {
    await cp(root, `${root}.clone`, { recursive: true })
    await rm(root, { recursive: true })
    await rename(`${root}.clone`, root)
    await rest()
  },
}

async function costOf(build: Build, env: NodeJS.ProcessEnv): Promise<Cost> {
  const started = performance.now()
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(build)], { env })
  const [, kilobytes] = stdout.split(' ').map(Number)
  return { time: performance.now() - started, memory: (kilobytes ?? Number.NaN) / 1024 }
}

function medianOf(pairs: readonly Pair[]): Medians {
  const of = (input: keyof Pair): Cost => ({
    time: median(pairs.map((pair) => pair[input].time)),
    memory: median(pairs.map((pair) => pair[input].memory)),
  })
  const ratio = median(pairs.map(({ plain, ours }) => ours.time / plain.time))
  return { plain: of('plain'), ours: of('ours'), ratio }
}
