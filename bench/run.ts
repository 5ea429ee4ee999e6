import { parseArgs } from 'node:util'
import { benchBlog } from './blog.ts'
import { benchCutOuts } from './cut-outs.ts'
import { benchPlan } from './plan.ts'
import { benchRenditions, type Wanted } from './renditions.ts'
import { benchStudio } from './studio.ts'
import { benchVite } from './vite.ts'
import { benchStates, STATES, type State } from './vite-states.ts'
import { benchWebpack, type Bundler } from './webpack.ts'

// Ratios within one run; the machine may be slow or busy, and so is the baseline then.
const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    declarations: { type: 'string', default: '10000' },
    pictures: { type: 'string' },
    posts: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string' },
  },
})

function line(milliseconds: number, baseline: number, name: string): string {
  const ratio = (milliseconds / baseline).toFixed(2).padStart(6)
  return `  ${milliseconds.toFixed(0).padStart(6)} ms  ${ratio} ×  ${name}`
}

async function vite(): Promise<void> {
  const { count, measured, warmRatio, coldLimit } = await benchVite(
    Number(values.count ?? 200),
    Number(values.rounds),
  )
  const plain = measured[0]?.median ?? Number.NaN
  const cold = measured[2]?.median ?? Number.NaN
  console.log(
    `A Vite site of ${count} imports, median of ${values.rounds} builds (cold: 3), in turn:\n`,
  )
  for (const { name, median } of measured) console.log(line(median, plain, name))
  console.log(`
  warm ÷ plain       ${warmRatio.toFixed(3)}   target ≤ 1.10
  cold ÷ its limit   ${(cold / coldLimit).toFixed(3)}   target ≤ 1.00   (limit: plain + 1.10 × waves × latency = ${coldLimit.toFixed(0)} ms)
`)
}

const TARGETS: Readonly<Record<State, number>> = { unchanged: 1.05, touched: 1.1, cloned: 1.1 }

async function states(): Promise<void> {
  const rounds = Number(values.rounds)
  const counts = values.count === undefined ? [200, 1000, 4000] : [Number(values.count)]
  for (const count of counts) {
    const costs = await benchStates(count, rounds)
    console.log(`A Vite site of ${count} imports, median of ${rounds} processes, in turn:\n`)
    for (const state of STATES) {
      const { plain, ours } = costs[state]
      const memory = ({ memory: most }: typeof plain): string =>
        `${most.toFixed(0).padStart(5)} MiB`
      console.log(line(plain.time, plain.time, `${memory(plain)}  plain, ${state}`))
      console.log(line(ours.time, plain.time, `${memory(ours)}  ours, ${state}`))
    }
    console.log()
    for (const state of STATES) {
      const ratio = costs[state].ratio.toFixed(3)
      console.log(
        `  ${state.padEnd(10)} ÷ plain   ${ratio}   target ≤ ${TARGETS[state].toFixed(2)}`,
      )
    }
    console.log()
  }
}

async function plan(): Promise<void> {
  const rounds = Number(values.rounds)
  const report = await benchPlan(Number(values.declarations), rounds)
  const { count, reading, missing, readingPinned, pinned } = report
  console.log(`A plan of ${count} declarations, median of ${rounds} rounds, in turn:\n`)
  console.log(line(reading, reading, 'fast-glob, and reading the files alone'))
  console.log(line(missing, reading, 'planning, nothing pinned'))
  console.log(
    line(readingPinned, reading, 'reading, and the lockfile as JSON and the store’s names'),
  )
  console.log(line(pinned, reading, 'planning, everything pinned'))
  console.log(`
  planning ÷ reading                       ${(missing / reading).toFixed(3)}   target ≤ 3.00
  planning ÷ reading, everything pinned    ${(pinned / readingPinned).toFixed(3)}   target ≤ 3.00
`)
}

async function blog(): Promise<void> {
  // Each is a process that builds hundreds of pages.
  const rounds = Math.min(5, Number(values.rounds))
  const { plain, ours } = await benchBlog(Number(values.posts), rounds)
  const ratio = (name: keyof typeof ours): string => (ours[name] / plain[name]).toFixed(3)
  console.log(
    `An Astro blog of ${values.posts} posts with covers, median of ${rounds} processes (cold: 1), in turn:\n`,
  )
  const names = {
    cold: 'astro build, nothing remembered (ours: nothing pinned)',
    warm: 'astro build, everything remembered',
    changed: 'astro build, one cover changed',
    dev: 'astro dev, until the index is answered',
  }
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    console.log(line(plain[key], plain[key], `plain: ${name}`))
    console.log(line(ours[key], plain[key], `ours:  ${name}`))
  }
  console.log(`
  warm ÷ plain           ${ratio('warm')}   target ≤ 1.10
  dev ÷ plain            ${ratio('dev')}   target ≤ 1.10
  one cover changed      one picture drawn, one derivative encoded (anything else is an error)
`)
}

async function bundled(bundler: Bundler): Promise<void> {
  const rounds = Number(values.rounds)
  const counts = values.count === undefined ? [200, 1000] : [Number(values.count)]
  for (const count of counts) {
    const { plain, warm } = await benchWebpack(bundler, count, rounds)
    console.log(
      `A site of ${count} imports with ${bundler}, median of ${rounds} processes, in turn:\n`,
    )
    console.log(line(plain.build, plain.build, 'the build: plain imports of the same files'))
    console.log(line(warm.build, plain.build, 'the build: ours, all pinned'))
    console.log(line(plain.process, plain.process, 'the whole process: plain'))
    console.log(line(warm.process, plain.process, 'the whole process: ours'))
    const ratio = (part: 'build' | 'process'): string => (warm[part] / plain[part]).toFixed(3)
    console.log(`
  warm ÷ plain, the whole process   ${ratio('process')}   target ≤ 1.10
  warm ÷ plain, the build           ${ratio('build')}   (the bundler is loaded, and the plugin is not)
`)
  }
}

/** Twice 512 pixels: what a model draws at 1K. */
const CUT_OUT_SCALE = 2

async function cutouts(): Promise<void> {
  console.log('Cut-outs of pictures with known alpha; mean absolute errors, in percent:\n')
  console.log('    edges  inside  outside  colour       ms')
  for (const { name, side, error, milliseconds } of await benchCutOuts(CUT_OUT_SCALE)) {
    const { edges, inside, outside, colour } = error
    const [a, b, c, d] = [edges, inside, outside, colour].map((one) => one.toFixed(2))
    console.log(
      `  ${a?.padStart(7)} ${b?.padStart(7)} ${c?.padStart(8)} ${d?.padStart(7)}  ${milliseconds.toFixed(0).padStart(7)}  ${name}, ${side} px`,
    )
  }
  console.log(`
  peak memory   ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB
`)
}

/** A page's worth of pictures in all that browsers like, and many large ones in one small size. */
const RENDITIONS: readonly (Wanted & { readonly count: number })[] = [
  { count: 24, size: '1K', widths: [400, 800, 1200], formats: ['avif', 'webp', 'jpeg'] },
  // Without AVIF, of which effort is set lower than by default.
  { count: 60, size: '1K', widths: [400, 800, 1200], formats: ['webp', 'jpeg'] },
  { count: 200, size: '4K', widths: [800], formats: ['webp'] },
]
/** MiB; whatever the number of pictures. */
const MEMORY_CEILING = 1024

async function renditions(): Promise<void> {
  const rounds = Math.min(3, Number(values.rounds))
  for (const wanted of RENDITIONS) {
    const count = Number(values.pictures ?? wanted.count)
    const { size, widths, formats } = wanted
    const { ours, imagetools } = await benchRenditions(count, wanted, rounds)
    console.log(
      `${count} pictures of ${size} as ${formats.join(', ')} at ${widths.join(', ')} px, median of ${rounds} processes, in turn:\n`,
    )
    for (const kind of ['cold', 'warm'] as const) {
      for (const [name, { [kind]: cost }] of Object.entries({
        'vite-imagetools': imagetools,
        ours,
      })) {
        const memory = `${cost.memory.toFixed(0).padStart(5)} MiB`
        console.log(`${line(cost.build, imagetools[kind].build, `${memory}  ${name}, ${kind}`)}`)
      }
    }
    console.log(`
  cold ÷ vite-imagetools   ${(ours.cold.build / imagetools.cold.build).toFixed(3)}   target ≤ 1.00
  warm ÷ vite-imagetools   ${(ours.warm.build / imagetools.warm.build).toFixed(3)}   target ≤ 1.00
  peak memory ÷ ceiling    ${(ours.cold.memory / MEMORY_CEILING).toFixed(3)}   target ≤ 1.00   (ceiling: ${MEMORY_CEILING} MiB)
`)
  }
}

async function studio(): Promise<void> {
  const rounds = Math.min(5, Number(values.rounds))
  const count = Number(values.pictures ?? 500)
  const { plain, studio: ours, first, built } = await benchStudio(count, rounds)
  console.log(`${count} pictures in Chromium, median of ${rounds} visits, in turn:\n`)
  console.log(line(plain.open, plain.open, 'a plain page of the same files: open'))
  console.log(line(ours.open, plain.open, 'the studio: open'))
  console.log(line(first, plain.open, 'the studio: open, where no thumbnail was made yet'))
  console.log(line(plain.frame, plain.frame, 'a plain page: the longest frame while it scrolls'))
  console.log(line(ours.frame, plain.frame, 'the studio: the longest frame while it scrolls'))
  console.log(
    line(built.first, built.again, 'studio --build --all, where no thumbnail was made yet'),
  )
  console.log(line(built.again, built.again, 'studio --build --all, again'))
  console.log(`
  open, in seconds                ${(ours.open / 1000).toFixed(3)}   target ≤ 1.00
  longest frame ÷ plain           ${(ours.frame / plain.frame).toFixed(3)}   target ≤ 1.00
`)
}

const webpack = (): Promise<void> => bundled('webpack')
const rspack = (): Promise<void> => bundled('rspack')

const benches = { vite, states, webpack, rspack, plan, blog, renditions, cutouts, studio }
for (const [name, bench] of Object.entries(benches)) {
  if (values.only === undefined || values.only === name) await bench()
}
