import { parseArgs } from 'node:util'
import { ROWS } from './rows.ts'
import { tormentAll } from './torment.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string' },
    case: { type: 'string' },
    minutes: { type: 'string', default: '15' },
    list: { type: 'boolean', default: false },
  },
})

/** The day, as 20261130: another seed each day, and the same one all day. */
const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
const rows = ROWS.filter(
  ({ name }) => values.only === undefined || values.only.split(',').includes(name),
)
if (rows.length === 0)
  throw new Error(`There is no row "${values.only}": ${ROWS.map(({ name }) => name).join(', ')}`)
const isSound = await tormentAll(rows, {
  seed: Number(values.seed ?? today),
  milliseconds: Number(values.minutes) * 60_000,
  only: values.case,
})
process.exit(isSound ? 0 : 1)
