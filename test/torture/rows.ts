import { clocks, disks, kills } from './deaths.ts'
import { fuzz } from './fuzz.ts'
import { faults } from './faults.ts'
import { load, names } from './load.ts'
import type { Row } from './lab.ts'

/** All that is tried, in the order of the table. */
export const ROWS: readonly Row[] = [faults, kills, disks, clocks, fuzz, names, load]
