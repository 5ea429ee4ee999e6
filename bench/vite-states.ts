import { execFile } from 'node:child_process'
import { appendFile, cp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { median } from './median.ts'
import { withPinnedSite, type BuildSite } from './pinned-site.ts'
import { rest } from './site.ts'
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
  const costs = {} as Record<State, Medians>
  const measured: BuildSite<Cost> = (input, root, env) => costOf({ root, input }, env)
  await withPinnedSite(count, measured, async ({ root, build }) => {
    for (const state of STATES) {
      const pairs: Pair[] = []
      for (let round = 0; round < rounds; round += 1) {
        await CHANGES[state](root)
        // Whoever reads the files first finds them in no cache: each is it as often.
        const first = round % 2 === 0 ? await build('plain') : undefined
        const ours = await build('ours')
        pairs.push({ plain: first ?? (await build('plain')), ours })
      }
      costs[state] = medianOf(pairs)
    }
  })
  return costs
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
