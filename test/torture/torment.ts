import { HARMS, tryCase, type Figure, type Found, type Harm, type Row } from './lab.ts'

const KINDS = Object.keys(HARMS) as Harm[]

interface How {
  readonly seed: number
  /** For all rows, as far as they have so much to try. */
  readonly milliseconds: number
  /** The name of the only case; a name that ends in `*` begins several. */
  readonly only?: string | undefined
}

/** What came of a row. */
export interface Tried {
  readonly row: Row
  readonly tries: number
  /** Whether there was time for all of its cases. */
  readonly isAll: boolean
  readonly seconds: number
  readonly found: readonly Found[]
  readonly figures: readonly Figure[]
}

/** Tries the cases of a row, for so long. */
export async function torment(row: Row, { seed, milliseconds, only }: How): Promise<Tried> {
  const figures: Figure[] = []
  const found: Found[] = []
  const started = performance.now()
  let tries = 0
  let isAll = true
  for await (const one of row.cases(seed, figures)) {
    if (only !== undefined && !isMeant(one.name, only)) continue
    if (performance.now() - started > milliseconds) {
      isAll = false
      break
    }
    found.push(...(await tryCase(row.name, one, seed)))
    tries += 1
    if (one.name === only) break
  }
  const seconds = (performance.now() - started) / 1000
  return { row, tries, isAll, seconds, found, figures }
}

function isMeant(name: string, only: string): boolean {
  return only.endsWith('*') ? name.startsWith(only.slice(0, -1)) : name === only
}

/** Tries rows, each for its share of the time, and prints a table. @returns whether every target is met. */
export async function tormentAll(rows: readonly Row[], how: How): Promise<boolean> {
  const shares = rows.reduce((sum, { share }) => sum + share, 0)
  const head = ['', 'tried', 'seconds', ...KINDS].map((cell, index) => pad(cell, index)).join('')
  console.log(`Torture with seed ${how.seed}; the target of every column is 0.\n\n${head}`)
  const all: Tried[] = []
  for (const row of rows) {
    const tried = await torment(row, {
      ...how,
      milliseconds: (how.milliseconds * row.share) / shares,
    })
    all.push(tried)
    console.log(lineOf(tried))
    for (const figure of tried.figures) console.log(figureLine(figure))
  }
  tell(all, how.seed)
  return all.every(({ found, figures }) => found.length === 0 && figures.every(isMet))
}

function pad(cell: string, index: number): string {
  return index === 0 ? cell.padEnd(50) : cell.padStart(index < 3 ? 9 : 12)
}

function lineOf({ row, tries, isAll, seconds, found }: Tried): string {
  const counts = KINDS.map((kind) => String(found.filter((one) => one.kind === kind).length))
  const cells = [
    `${row.name}: ${row.what}`,
    `${tries}${isAll ? '' : '+'}`,
    seconds.toFixed(0),
    ...counts,
  ]
  const [title = '', ...numbers] = cells
  const numbered = numbers.map((cell, index) => pad(cell, index + 1)).join('')
  return title.length < 50 ? title.padEnd(50) + numbered : `${title}\n${' '.repeat(50)}${numbered}`
}

function isMet({ found, target }: Figure): boolean {
  return found <= target
}

function figureLine(figure: Figure): string {
  const { name, found, target, unit } = figure
  const number = `${Number(found.toFixed(2))} ${unit}`
  return `  ${name}: ${number} (target ≤ ${target} ${unit})${isMet(figure) ? '' : '   MISSED'}`
}

const SHOWN = 40

function tell(all: readonly Tried[], seed: number): void {
  const found = all.flatMap((tried) => tried.found)
  for (const { row, name, kind, told } of found.slice(0, SHOWN)) {
    console.log(`\n${kind}: ${name}\n  ${told.slice(0, 1500).replaceAll('\n', '\n  ')}`)
    console.log(`  again: pnpm torture --seed ${seed} --only ${row} --case ${JSON.stringify(name)}`)
  }
  if (found.length > SHOWN) console.log(`\n… and ${found.length - SHOWN} more.`)
}
