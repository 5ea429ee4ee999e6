import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { MODELS } from '../src/providers/google/catalogue.ts'
import type { ModelRow } from '../src/providers/models/model.ts'
import { GUIDE_FIGURES, GUIDE_TABLES } from './support/guide-figures.ts'

/** What no version of the guide has right, and the catalogue has. */
const MISPRINTS: Readonly<Record<string, readonly [number, number]>> = { '792x168': [792, 336] }

/** Tokens of a picture that other pages of Google put higher than every version of the guide. */
const DEARER_ELSEWHERE: Readonly<Record<string, number>> = {
  'gemini-3.1-flash-image 2K': 1680,
  'gemini-3.1-flash-image 4K': 2520,
}

function rowOf(id: string): ModelRow {
  const row = MODELS.find((model) => model.id === id)
  if (!row) throw new Error(`The catalogue has no ${id}`)
  return row
}

/** One cell of a table: the pixels and tokens of a ratio at a size. */
interface Cell {
  readonly ratio: string
  readonly size: string
  readonly pixels: string
  readonly tokens: number
}

function cellsOf({ sizes, rows }: (typeof GUIDE_TABLES)[number]): Cell[] {
  return rows.flatMap((row) => {
    const [ratio = '', ...cells] = row.split(' ')
    return sizes.map((size, index) => ({
      ratio,
      size,
      pixels: cells[2 * index] ?? '',
      tokens: Number(cells[2 * index + 1]),
    }))
  })
}

describe.for(GUIDE_TABLES.map((table) => [`${table.version}:${table.line}`, table] as const))(
  'the table at %s',
  ([, table]) => {
    test('has the ratios, sizes and pixels of the catalogue', () => {
      const { sizes } = rowOf(table.model)
      expect(Object.keys(sizes)).toEqual(table.sizes)
      for (const size of table.sizes) {
        const printed = cellsOf(table).filter((cell) => cell.size === size)
        const pixels = printed.map(({ ratio, pixels: text }) => [
          ratio,
          MISPRINTS[text] ?? text.split('x').map(Number),
        ])
        expect(sizes[size]?.pixels).toEqual(Object.fromEntries(pixels))
      }
    })
  },
)

const printedModels = [...new Set(GUIDE_TABLES.map(({ model }) => model))]

test.for(printedModels)(
  '%s counts the most tokens that a version prints, or another page, and knows the fewest',
  (id) => {
    const cells = GUIDE_TABLES.filter(({ model }) => model === id).flatMap(cellsOf)
    const figures = GUIDE_FIGURES.filter(({ model }) => model === id)
    for (const [size, { tokens, fewestTokens = tokens }] of Object.entries(rowOf(id).sizes)) {
      const printed = cells.filter((cell) => cell.size === size).map((cell) => cell.tokens)
      const said = figures.flatMap(({ says }) => says.tokens ?? [])
      expect(printed.length).toBeGreaterThan(0)
      expect(`${size} ${tokens}`).toBe(
        `${size} ${Math.max(...printed, ...said, DEARER_ELSEWHERE[`${id} ${size}`] ?? 0)}`,
      )
      expect(`${size} ${fewestTokens}`).toBe(`${size} ${Math.min(...printed, ...said)}`)
    }
  },
)

test('Imagen costs from the least to the most that the guide says', () => {
  const prices = MODELS.flatMap(({ family, price }) =>
    family === 'imagen' ? (price.picture ?? []) : [],
  )
  const said = GUIDE_FIGURES.filter(({ model }) => model === 'imagen').map(({ says }) => says)
  expect(said).toHaveLength(2)
  for (const { cheapest, dearest } of said) {
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([cheapest, dearest])
  }
})

test('limits and prices in the text of the guide are those of the catalogue', () => {
  for (const { model, says } of GUIDE_FIGURES.filter((figure) => figure.model !== 'imagen')) {
    const { references, price } = rowOf(model)
    const { tokens: _, ...rest } = says
    const row = {
      references: references.total,
      objects: references.objects,
      characters: references.characters,
      imageOut: price.imageOut,
    }
    expect(row).toMatchObject(rest)
  }
})

test('every line that the catalogue names is one whose figures are here', () => {
  const file = path.resolve(import.meta.dirname, '../src/providers/google/catalogue.ts')
  const named = readFileSync(file, 'utf8').match(/\b00\d:\d+/g) ?? []
  const known = new Set([
    ...GUIDE_TABLES.flatMap(({ version, line, rows }) =>
      rows.map((_, index) => `${version}:${line + index}`),
    ),
    ...GUIDE_FIGURES.map(({ version, line }) => `${version}:${line}`),
    // What stands there has no figure: how far thinking can be steered, and what can be searched.
    '000:748',
    '000:782',
    '000:371',
  ])
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((line) => !known.has(line))).toEqual([])
})
