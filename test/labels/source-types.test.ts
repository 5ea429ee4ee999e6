import { sourceTypes, type LockEntry } from '@gemini-image/core/internal'
import { expect, test } from 'vitest'

const hash = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, '0')

interface Reference {
  readonly of: string
  readonly as?: string
}

/** An entry of one object, with what it was drawn from. */
function entry(name: string, references?: readonly Reference[], more = {}): LockEntry {
  const object = {
    file: `${name}.jpg`,
    object: hash(name),
    type: 'image/jpeg',
    width: 1,
    height: 1,
  } as const
  const asked = references?.map(({ of, ...rest }) => ({ sha256: hash(of), ...rest }))
  return {
    ...object,
    model: 'm',
    cost: 0,
    tokens: { input: 0, image: 0, text: 0 },
    created: '2026-01-01T00:00:00Z',
    request: { prompt: name, ...(asked && { references: asked }), ...more },
  }
}

/** Names of the pictures that are composites. */
function composites(...entries: LockEntry[]): string[] {
  const types = sourceTypes(entries)
  expect([...types.keys()].toSorted()).toEqual(entries.map(({ object }) => object).toSorted())
  return entries
    .filter(({ object }) => types.get(object) === 'compositeWithTrainedAlgorithmicMedia')
    .map(({ file }) => file.replace('.jpg', ''))
}

test('a picture of a prompt is no composite, neither are its turns', () => {
  expect(composites(entry('a'), entry('b', undefined, { turns: [{ prompt: 'More' }] }))).toEqual([])
})

test('an edit of a photo is one, unless the photo gave no more than its style', () => {
  expect(composites(entry('edit', [{ of: 'photo' }]))).toEqual(['edit'])
  expect(composites(entry('edit', [{ of: 'photo', as: 'object' }]))).toEqual(['edit'])
  expect(composites(entry('painted', [{ of: 'photo', as: 'style' }]))).toEqual([])
  expect(composites(entry('both', [{ of: 'photo', as: 'style' }, { of: 'other' }]))).toEqual([
    'both',
  ])
})

test('a picture of a picture is what that one is, over any distance, in any order', () => {
  const chain = [
    entry('third', [{ of: 'second' }]),
    entry('second', [{ of: 'first' }]),
    entry('first', [{ of: 'photo' }]),
    entry('child', [{ of: 'plain' }]),
    entry('plain'),
    entry('styled', [{ of: 'first', as: 'style' }]),
  ]
  expect(composites(...chain)).toEqual(['third', 'second', 'first'])
  expect(composites(...chain.toReversed())).toEqual(['first', 'second', 'third'])
})

test('a loop, and entries that say nothing of what was asked or nonsense, are no composites', () => {
  const silent = { ...entry('silent'), request: undefined }
  const odd = { ...entry('odd'), request: { references: [null, 3, { sha256: 4 }, 'x'] } }
  const loop = [entry('a', [{ of: 'b' }]), entry('b', [{ of: 'a' }])]
  expect(composites(silent, odd, ...loop)).toEqual([])
})

test('every picture of an answer has the type of its entry', () => {
  const one = entry('one', [{ of: 'photo' }])
  const other = { ...entry('other') }
  const types = sourceTypes([{ ...one, images: [other, one] }])
  expect([...types.values()]).toEqual(Array(2).fill('compositeWithTrainedAlgorithmicMedia'))
})
