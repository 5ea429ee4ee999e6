import { describe, expect, test } from 'vitest'
import {
  ALIASES,
  DEFAULT_MODEL,
  MODELS,
  type ModelAlias,
  type ModelId,
} from '../src/providers/google/catalogue.ts'
import { findModel, pixelsOf } from '../src/providers/models/line-up.ts'
import { DEFAULT_PROVIDER } from '../src/providers/built-in.ts'
import { estimateCost, priceCall } from '../src/providers/models/price.ts'

describe.for(MODELS.map((model) => [model.id, model] as const))('%s', ([, model]) => {
  test('has pixels that fit the name of each ratio', () => {
    // Imagen rounds its sides to a coarser grid.
    const slack = model.family === 'imagen' ? 0.08 : 0.04
    for (const { pixels } of Object.values(model.sizes)) {
      for (const [ratio, [width, height]] of Object.entries(pixels)) {
        const [across = 1, down = 1] = ratio.split(':').map(Number)
        expect(width / height / (across / down)).toBeGreaterThan(1 - slack)
        expect(width / height / (across / down)).toBeLessThan(1 + slack)
        expect([width, height].every(Number.isInteger)).toBe(true)
      }
    }
  })

  test('says where its facts are from, and who follows when it ends', () => {
    expect(model.source).toMatch(/^https:\/\/ai\.google\.dev\//)
    expect(model.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
    if (model.shutdown)
      expect(findModel(model.successor ?? '', DEFAULT_PROVIDER.catalogue)).toBeDefined()
  })

  test('is never estimated below the price of the picture itself', () => {
    for (const [size, { tokens, fewestTokens = tokens }] of Object.entries(model.sizes)) {
      expect(fewestTokens).toBeLessThanOrEqual(tokens)
      const picture = priceCall(model, { input: 0, image: fewestTokens, text: 0 })
      const call = { size, characters: 5, images: 0, withText: false, grounded: false }
      const { least, most } = estimateCost(model, call)
      expect(least).toBeGreaterThanOrEqual(picture)
      expect(most).toBeGreaterThanOrEqual(least)
    }
  })
})

test('every alias stands for models that exist', () => {
  for (const { candidates } of ALIASES)
    for (const id of candidates) expect(findModel(id, DEFAULT_PROVIDER.catalogue)?.id).toBe(id)
  expect(findModel(DEFAULT_MODEL, DEFAULT_PROVIDER.catalogue)).toBeDefined()
})

test('Google’s odd sizes stand as Google states them', () => {
  const flash = findModel('gemini-3.1-flash-image', DEFAULT_PROVIDER.catalogue)
  expect(flash && pixelsOf(flash, '21:9', '512')).toEqual({ width: 792, height: 336 })
  expect(flash && pixelsOf(flash, '8:1', '4K')).toEqual({ width: 12_288, height: 1536 })
})

test('the names in the types are those in the data', () => {
  const ids: Record<ModelId, true> = {
    'gemini-nano-banana-2.1': true,
    'gemini-3-pro-image': true,
    'gemini-3.1-flash-lite-image': true,
    'gemini-3.1-flash-image': true,
    'gemini-2.5-flash-image': true,
    'gemini-3-pro-image-preview': true,
    'gemini-3.1-flash-image-preview': true,
    'gemini-2.5-flash-image-preview': true,
    'imagen-4.0-fast-generate-001': true,
    'imagen-4.0-generate-001': true,
    'imagen-4.0-ultra-generate-001': true,
  }
  expect(MODELS.map(({ id }) => id)).toEqual(Object.keys(ids))
  const aliases: Record<ModelAlias, true> = {
    'nano-banana': true,
    'nano-banana-2': true,
    'nano-banana-pro': true,
    'nano-banana-lite': true,
  }
  expect(ALIASES.map(({ alias }) => alias)).toEqual(Object.keys(aliases))
})
