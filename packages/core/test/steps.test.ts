import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { validate } from '../src/declare/spec.ts'
import type { LockEntry } from '../src/pin/lock-entry.ts'
import type { RequestReference } from '../src/providers/request.ts'
import { chainOf, toDeclared, type Declared } from '../src/plan/declared.ts'
import { standingOf, type PinnedState, type Standing } from '../src/plan/pinned-state.ts'
import { toSteps, type Step, type Steps } from '../src/plan/step.ts'
import { entry } from './support/entry.ts'

function declared(frontmatter: string, body = 'A fox'): Declared {
  const source = `---\n${frontmatter}\n---\n${body}`
  const declaration = parsePromptFile(source, '/site/a.prompt.md', '/site')
  const { file, name, place } = declaration
  return toDeclared(
    { ...validate(declaration, { model: 'nano-banana' }), id: file, file, name, place },
    [],
  )
}

function steps(frontmatter: string, references: readonly RequestReference[] = []): Steps {
  return toSteps(declared(frontmatter), references)
}

const chain = ({ result }: Steps): readonly Step[] => chainOf(result)
const prints = (all: readonly Step[]): string[] => all.map(({ fingerprint }) => fingerprint)
const labels = (all: readonly Step[]): string[] => all.map(({ label }) => label)

describe('the steps', () => {
  test('of a plain declaration are one', () => {
    const { variants, result } = steps('alt: A')
    expect(variants).toEqual([result])
    expect(result).toMatchObject({ label: '', variant: 1, after: undefined })
    expect(result.request).toEqual({
      prompt: 'A fox',
      model: 'nano-banana',
      aspectRatio: '1:1',
      size: '1K',
    })
  })

  test('of variants are one each; the first stands for the declaration until one is picked', () => {
    const { variants, result } = steps('variants: 3')
    expect(labels(variants)).toEqual(['variant 1 of 3', 'variant 2 of 3', 'variant 3 of 3'])
    expect(variants.map(({ variant }) => variant)).toEqual([1, 2, 3])
    expect(new Set(prints(variants)).size).toBe(3)
    expect(result).toBe(variants[0])
  })

  test('of a picked variant are that one alone, the same one as before', () => {
    const all = steps('variants: 3').variants
    const { variants, result } = steps('variants: 3\npick: 2')
    expect(labels(variants)).toEqual(['variant 2 of 3'])
    expect(variants).toEqual([result])
    expect(result.fingerprint).toBe(all[1]?.fingerprint)
  })

  test('of more variants keep the fingerprints of those there were', () => {
    const one = steps('alt: A').result.fingerprint
    const three = prints(steps('variants: 3').variants)
    expect(three[0]).toBe(one)
    expect(prints(steps('variants: 5').variants).slice(0, 3)).toEqual(three)
    expect(steps('variants: 5\npick: 3').result.fingerprint).toBe(three[2])
    expect(steps('variants: 2\npick: 1').result.fingerprint).toBe(one)
  })

  test('of turns are a chain, each after the one before', () => {
    const all = chain(steps('turns: [B, C, D]'))
    expect(labels(all)).toEqual(['', 'turn 1 of 3', 'turn 2 of 3', 'turn 3 of 3'])
    for (const [index, step] of all.entries()) {
      expect(step.after).toBe(all[index - 1])
      expect((step.request.turns ?? []).map(({ prompt }) => prompt)).toEqual(
        ['B', 'C', 'D'].slice(0, index),
      )
    }
  })

  test('of a further turn keep the fingerprints of those before', () => {
    const two = prints(chain(steps('turns: [B, C]')))
    expect(prints(chain(steps('alt: A')))).toEqual(two.slice(0, 1))
    expect(prints(chain(steps('turns: [B, C, D]'))).slice(0, 3)).toEqual(two)
    const changed = prints(chain(steps('turns: [B, X]')))
    expect(changed.slice(0, 2)).toEqual(two.slice(0, 2))
    expect(changed[2]).not.toBe(two[2])
    const early = prints(chain(steps('turns: [X, C]')))
    expect(early[0]).toBe(two[0])
    expect(early.slice(1)).not.toContain(two[1])
    expect(early.slice(1)).not.toContain(two[2])
  })

  test('of turns go on from the variant that was picked, or from the first', () => {
    const unpicked = steps('variants: 3\nturns: [B]')
    const second = steps('variants: 3\npick: 2\nturns: [B]')
    expect(labels(unpicked.variants)).toHaveLength(3)
    expect(unpicked.result.after).toBe(unpicked.variants[0])
    expect(labels(chain(second))).toEqual(['variant 2 of 3', 'turn 1 of 1'])
    expect(second.result.after?.fingerprint).toBe(unpicked.variants[1]?.fingerprint)
    expect(second.result.fingerprint).not.toBe(unpicked.result.fingerprint)
    expect(second.result).toMatchObject({ variant: 2, request: { variant: 2 } })
    expect(steps('turns: [B]').result.fingerprint).toBe(unpicked.result.fingerprint)
  })

  test('have the pixels and the price of their own shape', () => {
    const all = chain(
      steps('aspectRatio: 16:9\nturns: [B, { prompt: C, aspectRatio: 1:1, size: 4K }]'),
    )
    expect(all.map(({ pixels }) => pixels)).toEqual([
      { width: 1376, height: 768 },
      { width: 1376, height: 768 },
      { width: 4096, height: 4096 },
    ])
    const most = all.map(({ estimate }) => estimate.most)
    expect(most).toEqual(most.toSorted((a, b) => a - b))
    expect(all.map(({ size }) => size.images)).toEqual([0, 1, 2])
    expect(new Set(most).size).toBe(3)
  })

  test('count all that is sent', () => {
    const references = [{ sha256: 'a' }, { sha256: 'b' }]
    const { result } = steps('references: [a, b]\nsystem: Be calm.\nturns: [BB]', references)
    expect(result.size).toMatchObject({ characters: 'A foxBe calm.BB'.length, images: 3 })
    expect(result.request.references).toEqual(references)
  })

  test('ask for what each turn shows, and count it once it is shown', () => {
    const one = steps(
      'references: [a]\nturns:\n  - One\n  - { prompt: Two, references: [b, c] }\n  - Three',
      [{ sha256: 'a' }, { sha256: 'b' }, { sha256: 'c' }],
    )
    const sent = chain(one).map(({ size: { images }, request: { references, turns } }) => [
      images,
      references?.length,
      turns?.map((turn) => turn.references?.length ?? 0),
    ])
    expect(sent).toEqual([
      [1, 1, undefined],
      [2, 1, [0]],
      [5, 1, [0, 2]],
      [6, 1, [0, 2, 0]],
    ])
  })

  const setting = fc.constantFrom(
    'size: 2K',
    'aspectRatio: 16:9',
    'seed: 1',
    'temperature: 1',
    'system: A',
    'thinking: high',
    'safety: { harassment: off }',
    'grounding: { web: true }',
    'output: text-and-image',
    'output: images',
    'transparent: true',
    'format: png',
  )
  const quiet = ['alt: A', 'keepThoughts: true', 'transport: interactions', 'vars: { a: b }']

  test('have a fingerprint that each setting of the picture changes, and no other does', () => {
    const plain = steps('').result.fingerprint
    fc.assert(
      fc.property(setting, fc.subarray(quiet), (loud, rest) => {
        expect(steps([loud, ...rest].join('\n')).result.fingerprint).not.toBe(plain)
        expect(steps(rest.join('\n')).result.fingerprint).toBe(plain)
      }),
      { numRuns: 50 },
    )
    expect(
      new Set(['a', 'b'].map((sha256) => steps('references: [a]', [{ sha256 }]).result.fingerprint))
        .size,
    ).toBe(2)
  })
})

const NOW = Date.parse('2026-11-21T12:00:00Z')

interface Held {
  readonly change?: Partial<LockEntry>
  /** Whether its objects are in the store. @default true */
  readonly isStored?: boolean
}

/** A pinnedState with an entry for each of these fingerprints. */
function pinnedState(held: Readonly<Record<string, Held>>): PinnedState {
  const entries = new Map<string, LockEntry>()
  const lost = new Set<string>()
  for (const [index, [print, { change, isStored = true }]] of Object.entries(held).entries()) {
    const made = entry(index + 1, change)
    entries.set(print, made)
    if (!isStored) lost.add(made.file)
  }
  return {
    lock: { entries, texts: new Map(), remotes: new Map(), hasConflicts: false },
    isStored: (file) => !lost.has(file),
    now: NOW,
    acceptsStale: false,
  }
}

/** How a declaration stands where the steps with these numbers, from 0, are held as said. */
function standing(
  one: Declared,
  all: readonly Step[],
  held: Readonly<Record<number, Held>>,
): { state: Standing['state']; missing: number[]; hasEntry: boolean } {
  const named = Object.entries(held).map(([index, how]) => [
    all[Number(index)]?.fingerprint ?? '',
    how,
  ])
  const { state, missing, entry } = standingOf(one, pinnedState(Object.fromEntries(named)))
  const numbers = missing.map((step) => prints(all).indexOf(step.fingerprint))
  return { state, missing: numbers, hasEntry: entry !== undefined }
}

const old = { change: { created: '2026-11-20T11:59:59Z' } }
const young = { change: { created: '2026-11-20T12:00:01Z' } }

describe('a plain declaration', () => {
  const one = declared('alt: A')
  test.for([
    ['is missing where nothing is pinned', {}, 'missing', [0], false],
    ['is cached where it is pinned', { 0: {} }, 'pinned', [], true],
    ['is missing where its object is lost', { 0: { isStored: false } }, 'missing', [0], true],
    ['is never stale by itself', { 0: old }, 'pinned', [], true],
  ] as const)('%s', ([, held, state, missing, hasEntry]) => {
    expect(standing(one, chain(one), held)).toEqual({ state, missing, hasEntry })
  })
})

describe('a declaration that is to be fresh', () => {
  const one = declared('grounding: { web: true }\nfresh: 1d')
  const turned = declared('grounding: { web: true }\nfresh: 1d\nturns: [B]')
  test.for([
    ['is stale once it is older', one, { 0: old }, 'stale', [0], true],
    ['is cached until then', one, { 0: young }, 'pinned', [], true],
    ['is missing where it is lost', one, { 0: { ...old, isStored: false } }, 'missing', [0], true],
    ['is missing where it is not pinned', one, {}, 'missing', [0], false],
    ['is stale with all of its turns', turned, { 0: old, 1: old }, 'stale', [0, 1], true],
    ['is missing where a turn is not there', turned, { 0: old }, 'missing', [0, 1], false],
    ['draws from the turn on that is stale', turned, { 0: young, 1: old }, 'stale', [1], true],
  ] as const)('%s', ([, which, held, state, missing, hasEntry]) => {
    expect(standing(which, chain(which), held)).toEqual({ state, missing, hasEntry })
  })
})

describe('a declaration with turns', () => {
  const one = declared('turns: [B, C, D]')
  const lost = { isStored: false }
  test.for([
    ['nothing is there: all of it', {}, 'missing', [0, 1, 2, 3]],
    ['all is there: nothing', { 0: {}, 1: {}, 2: {}, 3: {} }, 'pinned', []],
    ['the end is not: the end', { 0: {}, 1: {}, 2: {} }, 'missing', [3]],
    ['the tail is not: the tail', { 0: {}, 1: {} }, 'missing', [2, 3]],
    ['only the result is: nothing', { 3: {} }, 'pinned', []],
    ['a gap before the result: nothing', { 0: {}, 3: {} }, 'pinned', []],
    ['a gap before a pinned turn: what follows that turn', { 2: {} }, 'missing', [3]],
    ['the result is lost: the result', { 0: {}, 1: {}, 2: {}, 3: lost }, 'missing', [3]],
    ['the tail is lost: the tail', { 0: {}, 1: {}, 2: lost, 3: lost }, 'missing', [2, 3]],
  ] as const)('of which %s is to be paid for', ([, held, state, missing]) => {
    expect(standing(one, chain(one), held)).toMatchObject({ state, missing })
  })

  test('needs, whatever is there, exactly what follows the last turn that is there', () => {
    const all = chain(one)
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3]), (there) => {
        const held = Object.fromEntries(there.map((index) => [index, {}]))
        const { state, missing } = standing(one, all, held)
        const first = there.length > 0 ? Math.max(...there) + 1 : 0
        expect(missing).toEqual([0, 1, 2, 3].slice(first))
        expect(state).toBe(first === 4 ? 'pinned' : 'missing')
      }),
    )
  })
})

describe('a declaration with variants', () => {
  const choosing = declared('variants: 3')
  const picked = declared('variants: 3\npick: 2')
  const { variants } = choosing
  test.for([
    ['of which none is there needs all', choosing, {}, 'missing', [0, 1, 2]],
    ['of which one is there needs the others', choosing, { 1: {} }, 'missing', [0, 2]],
    ['of which the first is there still needs the others', choosing, { 0: {} }, 'missing', [1, 2]],
    [
      'of which one is lost needs it',
      choosing,
      { 0: {}, 1: {}, 2: { isStored: false } },
      'missing',
      [2],
    ],
    ['of which all are there needs none', choosing, { 0: {}, 1: {}, 2: {} }, 'pinned', []],
    ['of which one is picked needs that one alone', picked, {}, 'missing', [1]],
    [
      'of which one is picked and others are there needs it',
      picked,
      { 0: {}, 2: {} },
      'missing',
      [1],
    ],
    ['of which the picked one is there needs none', picked, { 1: {} }, 'pinned', []],
  ] as const)('%s', ([, one, held, state, missing]) => {
    expect(standing(one, variants, held)).toMatchObject({ state, missing })
  })

  test('and turns needs the variants and the turns, each step once', () => {
    const one = declared('variants: 2\nturns: [B]')
    const all = [...one.variants, one.result]
    expect(standing(one, all, {})).toMatchObject({ state: 'missing', missing: [0, 1, 2] })
    expect(standing(one, all, { 0: {}, 2: {} })).toMatchObject({ state: 'missing', missing: [1] })
    expect(standing(one, all, { 0: {}, 1: {} })).toMatchObject({ state: 'missing', missing: [2] })
    expect(standing(one, all, { 0: {}, 1: {}, 2: {} })).toMatchObject({ state: 'pinned' })
  })
})

test('a picture that is not all there is missing', () => {
  const one = declared('output: text-and-image')
  const images = [1, 2].map((seed) => {
    const { file, object, type, width, height } = entry(seed + 100)
    return { file, object, type, width, height }
  })
  const [first, last] = images
  const held = pinnedState({ [one.fingerprint]: { change: { ...last, images } } })
  expect(standingOf(one, held).state).toBe('pinned')
  for (const lost of [first?.file, last?.file]) {
    const without = { ...held, isStored: (file: string) => file !== lost }
    expect(standingOf(one, without)).toMatchObject({ state: 'missing', missing: [one.result] })
  }
})
