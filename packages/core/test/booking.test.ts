import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookAnswer, bookText, type Tariff } from '../src/providers/models/booking.ts'
import { findModel } from '../src/providers/models/line-up.ts'
import { DEFAULT_PROVIDER } from '../src/providers/built-in.ts'
import type { ModelRow } from '../src/providers/models/model.ts'
import { TEXT_MODELS } from '../src/providers/google/text-models.ts'

const { price } = findModel('gemini-nano-banana-2.1', DEFAULT_PROVIDER.catalogue) as ModelRow
const MOST = 0.04
const tariff: Tariff = { price, most: MOST }
const picture = { input: 20, image: 1120, text: 240 }

test('an answer that says what it cost is booked at that', () => {
  expect(bookAnswer({ tokens: picture }, tariff, 'image')).toEqual({
    cost: 0.03543,
    tokens: picture,
  })
  const searched = bookAnswer({ tokens: picture, searches: 3 }, tariff, 'image')
  expect(searched.cost).toBeCloseTo(0.03543 + 3 * (price.search ?? 0), 6)
  // Three times what was estimated is dear, and can be.
  const dear = { ...picture, image: 4000 }
  expect(bookAnswer({ tokens: dear }, tariff, 'image')).toMatchObject({ tokens: dear })
  const halved = bookAnswer({ tokens: picture }, { ...tariff, share: 0.5 }, 'image')
  expect(halved.cost).toBeCloseTo(0.03543 / 2, 6)
})

describe('a model that is billed by the second', () => {
  const bySecond = { price: { textIn: 0, textOut: 0, imageOut: 0, ceiling: MOST, second: 0.002 } }
  const book = (seconds: number | undefined, share?: number): ReturnType<typeof bookAnswer> =>
    bookAnswer({ seconds }, { ...bySecond, most: MOST, share }, 'image')

  test('is booked at the seconds that its answer tells, also above the ceiling', () => {
    expect(book(4.5)).toEqual({ cost: 0.009, tokens: { input: 0, image: 0, text: 0 } })
    expect(book(4.5, 0.5).cost).toBeCloseTo(0.0045, 6)
    expect(book(40).cost).toBe(0.08)
  })

  test.for([undefined, 0, -1, Number.NaN, Infinity, 1e6])(
    'is booked at the ceiling for %s',
    (seconds) => {
      const { cost, doubt } = book(seconds)
      expect(cost).toBe(MOST)
      expect(doubt).toMatch(/^The answer /)
    },
  )
})

describe('an answer is booked at the most that was estimated', () => {
  test.for([
    ['nothing', undefined],
    ['no tokens at all', { input: 0, image: 0, text: 0 }],
    ['no tokens for its picture', { ...picture, image: 0 }],
    ['a negative number', { ...picture, text: -1 }],
    ['half a token', { ...picture, text: 1.5 }],
    ['what is no number', { ...picture, input: Number.NaN }],
    ['no end', { ...picture, image: Infinity }],
    ['what nobody can count', { ...picture, image: 1e300 }],
    ['a thousand times as much', { ...picture, image: 1_120_000 }],
    ['text', { ...picture, image: '1120' as unknown as number }],
  ] as const)('where it says %s', ([, tokens]) => {
    const { cost, doubt, tokens: pinned } = bookAnswer({ tokens }, tariff, 'image')
    expect({ cost, pinned }).toEqual({ cost: MOST, pinned: { input: 0, image: 0, text: 0 } })
    expect(doubt).toMatch(/^The answer /)
  })

  test('where its searches cannot be', () => {
    for (const searches of [-1, 0.5, Number.NaN, 1e12]) {
      expect(bookAnswer({ tokens: picture, searches }, tariff, 'image').cost).toBe(MOST)
    }
  })

  test('whatever it says, no answer costs nothing, or more than can be', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, 1120, Number.NaN))
    const tokens = fc.record({ input: number, image: number, text: number })
    const holding = fc.constantFrom('image', 'text', undefined)
    fc.assert(
      fc.property(fc.option(tokens, { nil: undefined }), number, holding, (said, n, holds) => {
        const { cost } = bookAnswer({ tokens: said, searches: n }, tariff, holds)
        expect(cost).toBeGreaterThanOrEqual(0)
        expect(cost).toBeLessThanOrEqual(30 * MOST)
        if (holds) expect(cost).toBeGreaterThan(0)
      }),
    )
  })
})

test('an answer without a picture needs no tokens of one', () => {
  const tokens = { input: 20, image: 0, text: 0 }
  expect(bookAnswer({ tokens }, tariff, undefined)).toEqual({ cost: 0.00003, tokens })
  expect(bookAnswer({}, tariff, undefined).cost).toBe(MOST)
})

test('pictures that are sold by the piece have no tokens to count', () => {
  const imagen = findModel('imagen-4.0-generate-001', DEFAULT_PROVIDER.catalogue) as ModelRow
  for (const tokens of [undefined, { input: 0, image: 0, text: 0 }]) {
    const { cost, doubt } = bookAnswer({ tokens }, { price: imagen.price, most: 0.04 }, 'image')
    expect({ cost, doubt }).toEqual({ cost: 0.04, doubt: undefined })
  }
})

test('a model that is free costs nothing, whatever it says', () => {
  const free = { textIn: 0, textOut: 0, imageOut: 0 }
  expect(bookAnswer({}, { price: free, most: 0 }, 'image').cost).toBe(0)
})

test.for([
  [{ input: 1300, output: 40 }, 0.00049],
  [undefined, 0.002],
  [{ input: 0, output: 0 }, 0.002],
  [{ input: -5, output: 40 }, 0.002],
  [{ input: 1300, output: Number.NaN }, 0.002],
  [{ input: 1300, output: 1e9 }, 0.002],
] as const)('a draft that says %j costs $%d', ([tokens, cost]) => {
  expect(bookText(tokens, TEXT_MODELS[0], 0.002).cost).toBe(cost)
})
