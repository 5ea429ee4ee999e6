import { expect, test } from 'vitest'
import { ALIASES, MODELS } from '../src/providers/google/catalogue.ts'
import type { AspectRatioOf, Offers, SizeOf } from '../src/providers/google/offers.ts'

/** Every key of a union, which compiles only where none is missing and none is too much. */
function all<Name extends string>(names: Readonly<Record<Name, true>>): string[] {
  return Object.keys(names).toSorted()
}

const TEN = {
  '1:1': true,
  '2:3': true,
  '3:2': true,
  '3:4': true,
  '4:3': true,
  '4:5': true,
  '5:4': true,
  '9:16': true,
  '16:9': true,
  '21:9': true,
} as const
const FOURTEEN = { ...TEN, '1:4': true, '1:8': true, '4:1': true, '8:1': true } as const
const FIVE = { '1:1': true, '3:4': true, '4:3': true, '9:16': true, '16:9': true } as const
const ONE = { '1K': true } as const
const TWO = { ...ONE, '2K': true } as const
const THREE = { ...TWO, '4K': true } as const
const FOUR = { ...THREE, '512': true } as const

type Tables = {
  readonly [Model in keyof Offers]: readonly [
    Readonly<Record<AspectRatioOf<Model>, true>>,
    Readonly<Record<Exclude<SizeOf<Model>, number>, true>>,
  ]
}

const TABLES: Tables = {
  'gemini-nano-banana-2.1': [FOURTEEN, THREE],
  'gemini-3-pro-image': [TEN, THREE],
  'gemini-3-pro-image-preview': [TEN, THREE],
  'gemini-3.1-flash-lite-image': [TEN, ONE],
  'gemini-3.1-flash-image': [FOURTEEN, FOUR],
  'gemini-3.1-flash-image-preview': [FOURTEEN, FOUR],
  'gemini-2.5-flash-image': [TEN, ONE],
  'gemini-2.5-flash-image-preview': [TEN, ONE],
  'imagen-4.0-fast-generate-001': [FIVE, ONE],
  'imagen-4.0-generate-001': [FIVE, TWO],
  'imagen-4.0-ultra-generate-001': [FIVE, TWO],
}

test.each(MODELS)('the types of $id allow what its row offers', ({ id, sizes }) => {
  const [ratios, named] = TABLES[id]
  expect(all(named)).toEqual(Object.keys(sizes).toSorted())
  for (const size of Object.values(sizes)) {
    expect(Object.keys(size.pixels).toSorted()).toEqual(all(ratios))
  }
})

test('the types of an alias allow what any of its candidates offers', () => {
  const tables: {
    readonly [Alias in (typeof ALIASES)[number]['alias']]: readonly [
      Readonly<Record<AspectRatioOf<Alias>, true>>,
      Readonly<Record<Exclude<SizeOf<Alias>, number>, true>>,
    ]
  } = {
    'nano-banana': [FOURTEEN, FOUR],
    'nano-banana-2': [FOURTEEN, FOUR],
    'nano-banana-pro': [TEN, THREE],
    'nano-banana-lite': [TEN, ONE],
  }
  for (const { alias, candidates } of ALIASES) {
    const rows = MODELS.filter(({ id }) => (candidates as readonly string[]).includes(id))
    const sizes = new Set(rows.flatMap((row) => Object.keys(row.sizes)))
    const ratios = new Set(
      rows.flatMap((row) => Object.values(row.sizes).flatMap(({ pixels }) => Object.keys(pixels))),
    )
    expect(all(tables[alias][1])).toEqual([...sizes].toSorted())
    expect(all(tables[alias][0])).toEqual([...ratios].toSorted())
  }
})
