import { parseArgs } from 'node:util'
import { benchVite } from './vite.ts'

// Ratios within one run; the machine may be slow or busy, and so is the baseline then.
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '9' },
  },
})

const { count, measured, warmRatio, coldLimit } = await benchVite(
  Number(values.count),
  Number(values.rounds),
)
const plain = measured[0]?.median ?? Number.NaN

console.log(
  `A Vite site of ${count} imports, median of ${values.rounds} builds (cold: 3), in turn:\n`,
)
for (const { name, median } of measured) {
  console.log(
    `  ${median.toFixed(0).padStart(6)} ms  ${(median / plain).toFixed(2).padStart(6)} ×  ${name}`,
  )
}
const cold = measured[2]?.median ?? Number.NaN
console.log(`
  warm ÷ plain       ${warmRatio.toFixed(3)}   target ≤ 1.10
  cold ÷ its limit   ${(cold / coldLimit).toFixed(3)}   target ≤ 1.00   (limit: plain + 1.10 × waves × latency = ${coldLimit.toFixed(0)} ms)`)
