import { expect, test } from 'vitest'
import { clocks, disks, kills } from './deaths.ts'
import { faults } from './faults.ts'
import { fuzz } from './fuzz.ts'
import type { Row } from './lab.ts'
import { torment } from './torment.ts'

/** The day, as 20261130, so that each day tries something else; `TORTURE_SEED` names another. */
const seed = Number(
  process.env['TORTURE_SEED'] ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''),
)

// A minute of what `pnpm torture` tries for longer.
test.for<{ readonly row: Row; readonly seconds: number }>([
  { row: faults, seconds: 18 },
  { row: kills, seconds: 10 },
  { row: disks, seconds: 12 },
  { row: clocks, seconds: 4 },
  { row: fuzz, seconds: 6 },
])('$row.name, for $seconds seconds', { timeout: 120_000 }, async ({ row, seconds }) => {
  const { found, tries } = await torment(row, { seed, milliseconds: seconds * 1000 })
  expect(found, `again: pnpm torture --seed ${seed} --only ${row.name}`).toEqual([])
  expect(tries).toBeGreaterThan(0)
})
