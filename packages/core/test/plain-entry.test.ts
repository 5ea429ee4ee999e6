import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lockEntrySchema, isPlainEntry } from '../src/pin/lock-entry.ts'
import { entry } from './support/entry.ts'

const wild = fc.oneof(
  fc.constantFrom(
    '',
    'a.jpg',
    '../a.jpg',
    'image/png',
    'x',
    '2026-11-21T00:00:00Z',
    'f'.repeat(64),
  ),
  fc.constantFrom(0, 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60),
  fc.constantFrom(
    null,
    undefined,
    true,
    [],
    {},
    { input: 1, image: 1, text: 1 },
    { input: -1 },
    [],
  ),
  fc.constantFrom(
    { api: 'a', items: [] },
    { api: 'a', items: [], id: 1 },
    { api: 'a' },
    { items: [] },
  ),
)
const keys = [
  ...Object.keys(entry(10)),
  'provider',
  'redrawn',
  'from',
  'request',
  'images',
  'original',
  'parts',
  'replay',
  'former',
  'other',
]

test('it says yes only where the schema does, whatever is wrong with an entry', () => {
  expect.hasAssertions()
  const changes = fc.array(fc.tuple(fc.constantFrom(...keys), wild), { maxLength: 3 })
  const gone = fc.subarray(keys, { maxLength: 2 })
  fc.assert(
    fc.property(changes, gone, (changed, missing) => {
      const value: Record<string, unknown> = { ...entry(10), ...Object.fromEntries(changed) }
      for (const key of missing) if (changed.length > 0) delete value[key]
      if (isPlainEntry(value)) expect(lockEntrySchema.safeParse(value).success).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('it says yes to the entries that most are', () => {
  expect(isPlainEntry(entry(10))).toBe(true)
  expect(isPlainEntry({ ...entry(10), from: 'a.prompt.md', request: { prompt: 'A' } })).toBe(true)
  const replay = { api: 'generate-content', items: [{ $image: 0 }], id: 'b' }
  expect(isPlainEntry(entry(10, { replay }))).toBe(true)
})
