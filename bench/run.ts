import { parseArgs } from 'node:util'
import { benchPlan } from './plan.ts'
import { benchVite } from './vite.ts'

// Ratios within one run; the machine may be slow or busy, and so is the baseline then.
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    declarations: { type: 'string', default: '10000' },
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
    Number(values.count),
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

if (values.only !== 'plan') await vite()
if (values.only !== 'vite') await plan()
