import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut } from '../src/pixels/renditions/layout.ts'
import type { RenditionSettings } from '../src/pixels/renditions/settings.ts'

const HERO = { width: 1376, height: 768 }

/** `800x447 800w`, for each size. */
function sizes(settings: RenditionSettings, source = HERO): string[] {
  const { boxes } = layOut(source, settings)
  return boxes.map(({ width, height, descriptor }) => `${width}x${height} ${descriptor}`)
}

test('by default there are widths up to the picture’s own', () => {
  expect(sizes({})).toEqual(['400x223 400w', '800x447 800w', '1200x670 1200w', '1376x768 1376w'])
  expect(sizes({}, { width: 300, height: 300 })).toEqual(['300x300 300w'])
  expect(sizes({}, { width: 5504, height: 3072 }).at(-1)).toBe('2400x1340 2400w')
})

test('what goes beyond the picture becomes its own width, once', () => {
  expect(sizes({ widths: [2000, 700, 9000] })).toEqual(['700x391 700w', '1376x768 1376w'])
  expect(sizes({ widths: [2000], upscale: true })).toEqual(['2000x1116 2000w'])
})

test('a width is served at several densities, as far as the picture has them', () => {
  expect(sizes({ width: 400 })).toEqual(['400x223 1x', '800x447 2x'])
  expect(sizes({ width: 600, density: [1, 2, 3] })).toEqual([
    '600x335 1x',
    '1200x670 2x',
    '1376x768 2.29x',
  ])
  expect(sizes({ width: 1200, height: 630, density: [1] })).toEqual(['1200x630 1x'])
  expect(sizes({ height: 100, density: [1] })).toEqual(['179x100 1x'])
})

test('a cut picture is as large as what is left of it', () => {
  expect(sizes({ ratio: '1:1' }).at(-1)).toBe('768x768 768w')
  expect(sizes({ ratio: '9:16', widths: [9000] })).toEqual(['432x768 432w'])
  expect(sizes({ ratio: '1:1', fit: 'contain', widths: [9000] })).toEqual(['1376x1376 1376w'])
})

test('a ratio that rounding alone sets apart cuts nothing', () => {
  expect(layOut(HERO, { ratio: '43:24' }).boxes.at(-1)).toMatchObject(HERO)
})

const pixels = fc.integer({ min: 1, max: 16_383 })
const settings: fc.Arbitrary<RenditionSettings> = fc.record(
  {
    widths: fc.array(pixels, { minLength: 1, maxLength: 8 }),
    width: pixels,
    height: pixels,
    density: fc.array(fc.double({ min: 0.5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 }),
    ratio: fc
      .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
      .map((pair) => pair.join(':')),
    fit: fc.constantFrom('cover' as const, 'contain' as const),
    upscale: fc.boolean(),
  },
  { requiredKeys: [] },
)

test('whatever is asked for, sizes are whole, ascending, and within the picture', () => {
  fc.assert(
    fc.property(pixels, pixels, settings, (width, height, asked) => {
      const source = { width, height }
      const { boxes, shown } = layOut(source, asked)
      expect(boxes.length).toBeGreaterThan(0)
      const widths = boxes.map((box) => box.width)
      expect(widths).toEqual([...new Set(widths)].toSorted((a, b) => a - b))
      for (const box of [...boxes, shown]) {
        expect(box.width).toBeGreaterThanOrEqual(1)
        expect(box.height).toBeGreaterThanOrEqual(1)
        expect(Number.isInteger(box.width) && Number.isInteger(box.height)).toBe(true)
      }
      if (asked.upscale || asked.fit === 'contain') return
      for (const box of boxes) {
        expect(box.width).toBeLessThanOrEqual(width)
        // No side is below one pixel, and what rounding sets apart is not cut.
        if (box.width >= 64) expect(box.height).toBeLessThanOrEqual(height * 1.01 + 1)
      }
    }),
    { numRuns: 3000 },
  )
})
