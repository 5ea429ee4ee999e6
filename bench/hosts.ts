import { execFile } from 'node:child_process'
import { appendFile, cp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { promisify } from 'node:util'
import type { Build, Host } from './build.ts'
import { exponentOf, figureOf, type Figure } from './figure.ts'
import { median } from './median.ts'
import { withPinnedSite, type PinnedSite } from './pinned-site.ts'
import { rest } from './site.ts'

export const BUNDLERS: readonly Host[] = ['vite', 'webpack', 'rspack', 'rollup', 'esbuild']

/** What has become of a site since it was built last, and the most that a build may take then, of one with plain imports. */
const STATES = { unchanged: 1.05, touched: 1.1, cloned: 1.1 } as const
type State = keyof typeof STATES

/** Milliseconds that the server takes for a picture. */
const LATENCY = 500
const CONCURRENCY = 8
/** Builds with nothing pinned. */
const COLD = 3
/** MiB that ours may take more than plain imports. */
const MORE_MEMORY = 200
const PROGRAM = path.join(import.meta.dirname, 'build.ts')
const run = promisify(execFile)

/** Of a whole process. */
interface Cost {
  /** Milliseconds. */
  readonly time: number
  /** The most memory, in MiB. */
  readonly memory: number
}

interface Costs {
  readonly plain: Cost
  readonly ours: Cost
}

/**
 * Builds sites of so many pinned imports, each time in a process of its own, with ours and with plain imports of the very
 * files in turn: where nothing has changed, where one source file was touched, in a fresh clone with the cache folder
 * restored (every file is another to the file system), and with nothing pinned.
 */
export async function benchHost(
  host: Host,
  counts: readonly number[],
  rounds: number,
): Promise<Figure[]> {
  const figures: Figure[] = []
  const growth: Record<keyof Costs, (readonly [number, number])[]> = { plain: [], ours: [] }
  for (const count of counts) {
    const costs = await statesOf(host, count, rounds)
    const name = (state: string): string => `${host}, ${count} pictures: ${state}`
    for (const state of Object.keys(STATES) as State[]) {
      const times = costs[state].map(({ plain, ours }) => ({ plain: plain.time, ours: ours.time }))
      figures.push(figureOf(name(state), times, STATES[state]))
    }
    figures.push(memoryOf(name('memory'), costs.unchanged))
    if (count === counts[0]) {
      const plain = median(costs.unchanged.map((one) => one.plain.time))
      const limit = plain + Math.ceil(count / CONCURRENCY) * LATENCY
      const cold = (await coldOf(host, count, Math.min(COLD, rounds))).map((ours) => ({
        plain: limit,
        ours: ours.time,
      }))
      figures.push(figureOf(name('nothing pinned ÷ plain and the calls'), cold, 1.01))
    }
    for (const kind of ['plain', 'ours'] as const) {
      growth[kind].push([count, median(costs.unchanged.map((one) => one[kind].time))])
    }
  }
  if (counts.length > 1) {
    const exponent = exponentOf(growth.ours)
    const plain = exponentOf(growth.plain)
    const range = `${counts[0]} to ${counts.at(-1)} pictures`
    figures.push({
      name: `${host}, ${range}: exponent (plain: ${plain.toFixed(2)})`,
      ratio: exponent,
      target: Math.max(1.05, plain),
    })
  }
  return figures
}

function memoryOf(name: string, costs: readonly Costs[]): Figure {
  const plain = median(costs.map((one) => one.plain.memory))
  const pairs = costs.map((one) => ({ plain: one.plain.memory, ours: one.ours.memory }))
  return figureOf(name, pairs, (plain + MORE_MEMORY) / plain, 'MiB')
}

type BuildOf = (input: Build['input'], root: string, env: NodeJS.ProcessEnv) => Promise<Cost>

function buildOf(host: Host): BuildOf {
  return (input, root, env) => costOf({ host, root, input }, env)
}

async function statesOf(
  host: Host,
  count: number,
  rounds: number,
): Promise<Readonly<Record<State, readonly Costs[]>>> {
  const costs: Record<State, Costs[]> = { unchanged: [], touched: [], cloned: [] }
  await withPinnedSite(count, buildOf(host), async (site) => {
    for (const state of Object.keys(STATES) as State[]) {
      for (let round = 0; round < rounds; round += 1) {
        await CHANGES[state](site.root)
        costs[state].push(await inTurn(site, round))
      }
    }
  })
  return costs
}

/** Builds that draw all pictures. */
async function coldOf(host: Host, count: number, rounds: number): Promise<readonly Cost[]> {
  const costs: Cost[] = []
  const work = async ({ forget, build }: PinnedSite<Cost>): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      await forget()
      costs.push(await build('ours'))
    }
  }
  await withPinnedSite(count, buildOf(host), work, LATENCY)
  return costs
}

/** Whoever reads the files first finds them in no cache: each is it as often. */
async function inTurn({ build }: PinnedSite<Cost>, round: number): Promise<Costs> {
  const first = round % 2 === 0 ? await build('plain') : undefined
  const ours = await build('ours')
  return { plain: first ?? (await build('plain')), ours }
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
  // Some bundlers let plugins print.
  return { time: performance.now() - started, memory: Number(stdout.trim().split('\n').at(-1)) }
}
