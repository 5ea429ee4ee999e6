import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { benchBlog } from './blog.ts'
import { benchCutOuts } from './cut-outs.ts'
import { HEAD, isMet, lineOf, type Figure } from './figure.ts'
import { benchGenerate } from './generate.ts'
import { benchHost, BUNDLERS } from './hosts.ts'
import { benchPlan } from './plan.ts'
import { benchRenditions } from './renditions.ts'
import { benchStudio } from './studio.ts'

// Ratios within one run; the machine may be slow or busy, and so is the baseline then.
const { values } = parseArgs({
  options: {
    /** Such as `vite,blog`. */
    only: { type: 'string' },
    /** Sizes, such as `200,1000`. */
    count: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    /** A little of everything: whether it runs, not how fast. */
    short: { type: 'boolean', default: false },
    /** Writes the table to bench/results.json, of which docs/benchmarks.md is made. */
    record: { type: 'boolean', default: false },
  },
})

const rounds = values.short ? 1 : Number(values.rounds)

/** The sizes that are asked for, or the usual ones. */
function sizes(...usual: readonly number[]): readonly number[] {
  if (values.count !== undefined) return values.count.split(',').map(Number)
  return values.short ? [Math.min(20, ...usual)] : usual
}

/** Each is a process that builds hundreds of pages, or encodes hundreds of pictures. */
const few = Math.min(5, rounds)

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  ...Object.fromEntries(
    BUNDLERS.map((host) => [host, () => benchHost(host, sizes(200, 1000, 4000), rounds)]),
  ),
  blog: async () => {
    const figures: Figure[] = []
    for (const posts of sizes(500)) figures.push(...(await benchBlog(posts, few)))
    return figures
  },
  generate: () => benchGenerate(sizes(10, 100, 1000)),
  plan: () => benchPlan(sizes(1000, 10_000, 100_000), few),
  renditions: () => benchRenditions(Math.min(3, rounds), values.short ? 2 : undefined),
  studio: async () => benchStudio(sizes(500)[0] ?? 500, few),
}

/** Twice 512 pixels: what a model draws at 1K. */
const CUT_OUT_SCALE = 2

async function cutOuts(): Promise<void> {
  console.log('\nCut-outs of pictures with known alpha; mean absolute errors, in percent:\n')
  console.log('    edges  inside  outside  colour       ms')
  for (const { name, side, error, milliseconds } of await benchCutOuts(CUT_OUT_SCALE)) {
    const { edges, inside, outside, colour } = error
    const [a, b, c, d] = [edges, inside, outside, colour].map((one) => one.toFixed(2))
    console.log(
      `  ${a?.padStart(7)} ${b?.padStart(7)} ${c?.padStart(8)} ${d?.padStart(7)}  ${milliseconds.toFixed(0).padStart(7)}  ${name}, ${side} px`,
    )
  }
}

const only = values.only?.split(',')
const isAsked = (name: string): boolean => only?.includes(name) ?? true

const unknown = only?.filter((name) => !(name in BENCHES) && name !== 'cutouts') ?? []
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown.join(', ')}: ${Object.keys(BENCHES).join(', ')}, cutouts.`)
}

const figures: Figure[] = []
console.log(HEAD)
for (const [name, bench] of Object.entries(BENCHES)) {
  if (!isAsked(name)) continue
  for (const figure of await bench()) {
    figures.push(figure)
    console.log(lineOf(figure, !values.short))
  }
}
const missed = figures.filter((figure) => !isMet(figure)).length
const verdict = values.short
  ? 'Each was measured once and small: that they can be measured is all they say'
  : `${missed} of them beyond their target`
console.log(`\n${figures.length} figures. ${verdict}.`)
if (isAsked('cutouts') && !values.short) await cutOuts()
if (values.record) {
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`
  const file = path.join(import.meta.dirname, 'results.json')
  await writeFile(file, `${JSON.stringify({ machine, rounds, figures }, undefined, 2)}\n`)
}
