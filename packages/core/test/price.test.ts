import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MODELS } from '../src/providers/google/catalogue.ts'
import type { ModelRow } from '../src/providers/models/model.ts'
import { formatDollars } from '../src/kernel/dollars.ts'
import {
  estimateCost,
  formatEstimate,
  priceCall,
  sumEstimates,
  type CallSize,
  type Estimate,
} from '../src/providers/models/price.ts'

const plain: CallSize = {
  size: '1K',
  characters: 400,
  images: 0,
  withText: false,
  grounded: false,
}

function row(id: string): ModelRow {
  const found = MODELS.find((model) => model.id === id)
  if (!found) throw new Error(`No ${id}`)
  return found
}

const nano = row('gemini-nano-banana-2.1')
const gemini = MODELS.filter(({ family }) => family === 'gemini')

const anyModel = fc.constantFrom(...MODELS)
const anyCall = anyModel.chain((model) =>
  fc.tuple(
    fc.constant(model),
    fc.record({
      size: fc.constantFrom(...Object.keys(model.sizes)),
      characters: fc.nat(100_000),
      images: fc.nat(20),
      thinking: fc.constantFrom(undefined, 'minimal', 'low', 'medium', 'high'),
      withText: fc.boolean(),
      grounded: fc.boolean(),
    }),
  ),
)

test('the least is never above the most, and neither is negative', () => {
  fc.assert(
    fc.property(anyCall, ([model, call]) => {
      const { least, most } = estimateCost(model, call)
      expect(least).toBeGreaterThan(0)
      expect(most).toBeGreaterThanOrEqual(least)
    }),
  )
})

test('what is asked on top never makes a call cheaper', () => {
  fc.assert(
    fc.property(anyCall, fc.nat(5), fc.nat(1000), ([model, call], images, characters) => {
      const more = {
        ...call,
        images: call.images + images,
        characters: call.characters + characters,
        withText: true,
        grounded: true,
      }
      const [before, after] = [estimateCost(model, call), estimateCost(model, more)]
      expect(after.least).toBeGreaterThanOrEqual(before.least)
      expect(after.most).toBeGreaterThanOrEqual(before.most)
    }),
  )
})

/** What a change adds to both bounds, in dollars. */
function added(model: ModelRow, change: Partial<CallSize>): Estimate {
  const [before, after] = [estimateCost(model, plain), estimateCost(model, { ...plain, ...change })]
  return { least: after.least - before.least, most: after.most - before.most }
}

describe.for(gemini.map((model) => [model.id, model] as const))('%s', ([, model]) => {
  test('costs more with each image that is sent, at the price of its prompt tokens', () => {
    const each = (model.references.tokens * model.price.textIn) / 1e6
    const { least, most } = added(model, { images: 3 })
    expect(least).toBeCloseTo(3 * each, 5)
    expect(most).toBeCloseTo(3 * each, 5)
    expect(each).toBeGreaterThan(0)
  })

  test('costs more at most, not at least, with each level of thinking and with text', () => {
    const levels = (['minimal', 'low', 'medium', 'high'] as const).map((thinking) =>
      estimateCost(model, { ...plain, thinking }),
    )
    const most = levels.map((level) => level.most)
    expect(most).toEqual(most.toSorted((a, b) => a - b))
    expect(new Set(most).size).toBe(4)
    expect(new Set(levels.map(({ least }) => least)).size).toBe(1)
    expect(added(model, { withText: true })).toEqual({ least: 0, most: expect.any(Number) })
    expect(added(model, { withText: true }).most).toBeGreaterThan(0)
  })

  test('costs at least one search more and at most four where it may search', () => {
    const { search = 0 } = model.price
    const { least, most } = added(model, { grounded: true })
    expect(least).toBeCloseTo(search, 6)
    expect(most).toBeCloseTo(4 * search, 6)
    expect(search > 0).toBe(model.grounding.length > 0)
  })

  test('never costs less in a larger size', () => {
    const prices = Object.keys(model.sizes).map((size) => estimateCost(model, { ...plain, size }))
    expect(prices.map(({ most }) => most)).toEqual(
      prices.map(({ most }) => most).toSorted((a, b) => a - b),
    )
  })
})

test.for([
  ['imagen-4.0-fast-generate-001', 0.02],
  ['imagen-4.0-generate-001', 0.04],
  ['imagen-4.0-ultra-generate-001', 0.12],
] as const)('%s costs $%d by the piece, whatever the prompt and the size', ([id, price]) => {
  const model = row(id)
  const exactly = { least: price, most: price }
  for (const size of Object.keys(model.sizes)) {
    expect(estimateCost(model, { ...plain, size })).toEqual(exactly)
    expect(estimateCost(model, { ...plain, size, characters: 10_000 })).toEqual(exactly)
  }
  expect(priceCall(model, { input: 0, image: 0, text: 0 })).toBe(price)
  expect(formatEstimate(exactly)).toBe(`$${price.toFixed(4)}`)
})

test('a call costs what its tokens and searches cost', () => {
  expect(priceCall(nano, { input: 1_000_000, image: 0, text: 0 })).toBe(1.5)
  expect(priceCall(nano, { input: 0, image: 1_000_000, text: 0 })).toBe(30)
  expect(priceCall(nano, { input: 0, image: 0, text: 1_000_000 })).toBe(7.5)
  expect(priceCall(nano, { input: 0, image: 0, text: 0 }, 3)).toBe(0.042)
  expect(priceCall(nano, { input: 2, image: 1120, text: 0 })).toBe(0.033603)
})

test('a call as it usually comes lies within its estimate', () => {
  const tokens = { input: 100, image: 1120, text: 300 }
  const { least, most } = estimateCost(nano, plain)
  expect(priceCall(nano, tokens)).toBeGreaterThanOrEqual(least)
  expect(priceCall(nano, tokens)).toBeLessThanOrEqual(most)
})

test('the sum of estimates has the sums of both bounds, and none is nothing', () => {
  const estimates = fc.array(fc.record({ least: fc.double({ min: 0, max: 9, noNaN: true }) }))
  fc.assert(
    fc.property(estimates, fc.double({ min: 0, max: 2, noNaN: true }), (all, extra) => {
      const { least, most } = sumEstimates(all.map((one) => ({ ...one, most: one.least + extra })))
      const sum = all.reduce((total, one) => total + one.least, 0)
      expect(least).toBeCloseTo(sum, 5)
      expect(most).toBeCloseTo(sum + extra * all.length, 5)
    }),
  )
  expect(sumEstimates([])).toEqual({ least: 0, most: 0 })
})

test.for([
  [0, '$0.00'],
  [0.0336, '$0.0336'],
  [0.033_64, '$0.0336'],
  [0.5, '$0.5000'],
  [1, '$1.00'],
  [1.2, '$1.20'],
  [12.345, '$12.35'],
] as const)('%d dollars are %s', ([amount, text]) => {
  expect(formatDollars(amount)).toBe(text)
})

test.for([
  [0.0336, 0.0402, '$0.0336–$0.0402'],
  [0.04, 0.04, '$0.0400'],
  [0.9, 1.2, '$0.9000–$1.20'],
  [0.033_601, 0.033_602, '$0.0336'],
  [0, 0, '$0.00'],
] as const)('%d to %d is %s', ([least, most, text]) => {
  expect(formatEstimate({ least, most })).toBe(text)
})

test('an illustrated text is reckoned with several pictures, and with one at least', () => {
  const one = estimateCost(nano, { ...plain, withText: true })
  const four = estimateCost(nano, { ...plain, withText: true, pictures: 4 })
  expect(four.least).toBe(one.least)
  // Three more pictures of 1120 tokens at $30 a million.
  expect(four.most - one.most).toBeCloseTo(3 * 0.0336, 6)
})
