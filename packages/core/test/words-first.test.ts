import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { validate, type ValidatedSpec } from '../src/declare/spec.ts'
import { eachProblem, isGeminiImageError } from '../src/kernel/errors/error.ts'
import type { LockEntry } from '../src/pin/lock-entry.ts'
import { formatLockfile, parseLockfile, type ParsedLockfile } from '../src/pin/lockfile-text.ts'
import type { PinnedText } from '../src/pin/pinned-text.ts'
import { toDeclared, chainOf, stepsOf, type Declared } from '../src/plan/declared.ts'
import { standingOf } from '../src/plan/pinned-state.ts'
import { callSizeOf, type Step } from '../src/plan/step.ts'
import { bookAnswer } from '../src/providers/models/booking.ts'
import { MODELS } from '../src/providers/google/catalogue.ts'
import { estimateCost, priceCall } from '../src/providers/models/price.ts'
import { textOf } from '../src/providers/provider.ts'
import { readAnswer } from '../src/providers/google/generate-content/answer.ts'
import { readInteraction } from '../src/providers/google/interactions/answer.ts'
import { PictureRefusal } from '../src/providers/refusal.ts'
import { entry, print } from './support/entry.ts'

function validated(frontmatter: string): ValidatedSpec {
  const source = `---\n${frontmatter}\n---\nA headline`
  const declaration = parsePromptFile(source, '/site/a.prompt.md', '/site')
  return validate(declaration, { model: 'nano-banana' })
}

function declared(frontmatter: string): Declared {
  const file = '/site/a.prompt.md'
  const place = { file, path: 'a.prompt.md', line: 1, column: 1 }
  return toDeclared({ ...validated(frontmatter), id: file, file, name: 'a', place }, [])
}

function told(frontmatter: string): readonly string[] {
  try {
    validated(frontmatter)
    return []
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return eachProblem([error]).map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)
  }
}

const requests = (steps: readonly Step[]) => steps.map(({ request }) => request)
const shape = { aspectRatio: '16:9', size: '2K' }
const none = { aspectRatio: '1:1', size: '1K' }

describe('the requests', () => {
  test('of words first say plainly what each question asks for, and no text has a shape', () => {
    const { result } = declared(
      'output: text\naspectRatio: 16:9\nsize: 2K\nturns: [Draw it, Bigger]',
    )
    const top = { prompt: 'A headline', model: 'nano-banana', ...none, output: 'text' }
    const draw = { prompt: 'Draw it', ...shape, output: 'image' }
    const bigger = { prompt: 'Bigger', ...shape, output: 'image' }
    expect(requests(chainOf(result))).toEqual([
      top,
      { ...top, turns: [draw] },
      { ...top, turns: [draw, bigger] },
    ])
  })

  test('of a text between pictures change nothing of those around it', () => {
    const { result } = declared('turns: [Night, { prompt: Name it, output: text }, Draw the name]')
    const plain = declared('turns: [Night]')
    const chain = chainOf(result)
    expect(chain[1]?.fingerprint).toBe(plain.result.fingerprint)
    expect(chain[3]?.request.turns).toEqual([
      { prompt: 'Night', ...none },
      { prompt: 'Name it', ...none, output: 'text' },
      { prompt: 'Draw the name', ...none },
    ])
  })

  test('look up for the words and for what is drawn from them', () => {
    const { result } = declared('output: text\ngrounding: { web: true }\nturns: [Draw it]')
    expect(result.request).toMatchObject({ output: 'text', turns: [{ output: 'text-and-image' }] })
  })

  test('tell of the background of a cut-out where it is drawn, and of none before', () => {
    const { result } = declared(
      'output: text\ntransparent: { key: "#00ff00" }\nturns: [{ prompt: Shorter, output: text }, Draw it, Bigger]',
    )
    const { prompt, turns = [] } = result.request
    const reminder = turns[2]?.prompt.replace('Bigger', '')
    expect([prompt, turns[0]?.prompt]).toEqual(['A headline', 'Shorter'])
    expect(turns[1]?.prompt).toMatch(/^Draw it\n\n.*#00ff00/is)
    expect(turns[2]?.prompt).toMatch(/^Bigger\n\n.*background/is)
    expect(turns[1]?.prompt.replace('Draw it', '')).not.toBe(reminder)
  })

  test('of variants are a text and a picture each', () => {
    const one = declared('output: text\nvariants: 2\nturns: [Draw it, Bigger]')
    expect(stepsOf(one).map(({ label }) => label)).toEqual([
      'text of variant 1 of 2',
      'variant 1 of 2',
      'text of variant 2 of 2',
      'variant 2 of 2',
      'turn 2 of 2',
    ])
    expect(one.variants.map(({ request }) => request.turns?.length)).toEqual([1, 1])
    const picked = declared('output: text\nvariants: 2\npick: 2\nturns: [Draw it, Bigger]')
    expect(picked.result.request).toMatchObject({ variant: 2 })
    expect(stepsOf(picked).slice(0, 2)).toMatchObject(
      stepsOf(one)
        .slice(2, 4)
        .map(({ fingerprint }) => ({ fingerprint })),
    )
  })
})

test.for([
  ['output: text', 'UNSUPPORTED_SETTING 2:9'],
  ['turns:\n  - prompt: Name it\n    output: text', 'UNSUPPORTED_SETTING 4:13'],
  ['output: text\nturns:\n  - prompt: Shorter\n    output: text', 'UNSUPPORTED_SETTING 5:13'],
  [
    'output: text\ntemplate: sticker\nslots: { subject: a fox }\nturns: [Draw it]',
    'UNSUPPORTED_SETTING 3:11',
  ],
  [
    'output: text\ngrounding: { web: true }\nturns:\n  - prompt: Draw it\n    output: image',
    'UNSUPPORTED_SETTING 6:13',
  ],
  ['model: imagen-4.0-generate-001\noutput: text\nturns: [Draw it]', 'UNSUPPORTED_SETTING'],
] as const)('%j is told where it stands', ([frontmatter, expected]) => {
  expect(told(frontmatter).join()).toContain(expected)
})

test('words first is a declaration like others', () => {
  expect(told('output: text\nturns: [Draw it]')).toEqual([])
  expect(told('output: text\ngrounding: { web: true }\nturns: [Draw it]')).toEqual([])
})

function text(seed: number, change: Partial<PinnedText> = {}): PinnedText {
  const { model, cost, tokens, created } = entry(seed)
  return { text: `Words ${seed}`, model, cost, tokens, created, ...change }
}

describe('a declaration of words first', () => {
  const one = declared('output: text\nturns: [Draw it]')
  const [first, second] = chainOf(one.result)
  const at = (texts: boolean, picture: boolean, redraw: readonly Step[] = []) =>
    standingOf(one, {
      lock: {
        entries: new Map(picture && second ? [[second.fingerprint, entry(1)]] : []),
        texts: new Map(texts && first ? [[first.fingerprint, text(1)]] : []),
        remotes: new Map(),
        hasConflicts: false,
      },
      isStored: () => true,
      now: 0,
      acceptsStale: false,
      redraw: new Set(redraw.map(({ fingerprint }) => fingerprint)),
    })

  test('misses both, the picture alone, or nothing', () => {
    expect(at(false, false)).toMatchObject({ state: 'missing', missing: [first, second] })
    expect(at(true, false)).toMatchObject({ state: 'missing', missing: [second] })
    expect(at(true, true)).toMatchObject({ state: 'pinned', missing: [] })
    expect(at(false, true)).toMatchObject({ state: 'pinned', missing: [] })
  })

  test('is written and drawn anew where a person wants that', () => {
    expect(at(true, true, stepsOf(one))).toMatchObject({ state: 'stale', missing: [first, second] })
  })
})

const place = { file: '/site/gemini-image.lock', path: 'gemini-image.lock', line: 1, column: 1 }
const parse = (lines: string): ParsedLockfile => parseLockfile(lines, place)
const line = (key: number, value: object): string => `  ${print(key)}: ${JSON.stringify(value)}`

describe('texts in a lockfile', () => {
  test('come back byte for byte, sorted, and none is there where there is none', () => {
    const words = fc.string({ unit: 'binary', minLength: 1 })
    const texts = fc.dictionary(fc.nat().map(print), words, { maxKeys: 5 })
    fc.assert(
      fc.property(texts, (all) => {
        const pinned = new Map(
          Object.entries(all).map(([key, said]) => [key, text(1, { text: said })]),
        )
        const pictures = new Map([[print(9), entry(9)]])
        const written = formatLockfile(pictures, new Map(), pinned)
        const read = parse(written)
        expect(read.texts).toEqual(pinned)
        expect(read.entries).toEqual(pictures)
        expect(formatLockfile(read.entries, read.remotes, read.texts)).toBe(written)
        const reversed = new Map([...pinned].toReversed())
        expect(formatLockfile(pictures, new Map(), reversed)).toBe(written)
        expect(written.includes('texts:')).toBe(pinned.size > 0)
      }),
    )
  })

  test('are known by what they hold, wherever a merge has put them', () => {
    const merged = [
      'version: 1',
      'pictures:',
      line(2, text(2)),
      line(1, entry(1)),
      'remotes:',
      line(3, text(3)),
      'texts:',
      line(4, entry(4)),
    ]
    const { entries, texts } = parse(merged.join('\n'))
    expect([...entries.keys()]).toEqual([print(1), print(4)])
    expect([...texts.keys()]).toEqual([print(2), print(3)])
  })

  test('of two branches are settled as pictures are: the first stays, and who asked anew wins', () => {
    const old = text(1, { text: 'Old', created: '2026-01-01T00:00:00Z' })
    const late = text(1, { text: 'Late', created: '2026-01-02T00:00:00Z' })
    const anew = { ...late, redrawn: 1, former: [old] }
    for (const [all, expected] of [
      [[old, late], old],
      [[late, old], old],
      [[old, anew], anew],
      [[anew, late, old], { ...late, redrawn: 1, former: [old] }],
    ] as const) {
      const { texts } = parse(all.map((one) => line(1, one)).join('\n'))
      expect(texts.get(print(1))).toEqual(expected)
    }
  })

  test('keep keys that are not known, and are strict about those that are', () => {
    const odd = { ...text(1), mood: 'calm' }
    expect(parse(line(1, odd)).texts.get(print(1))).toEqual(odd)
    for (const wrong of [
      { ...text(1), text: '' },
      { ...text(1), text: 7 },
      { ...text(1), cost: -1 },
      { ...text(1), text: 'x'.repeat(150_001) },
      { ...text(1), former: [{ text: 'x' }] },
      { text: 'alone' },
    ]) {
      expect(() => parse(line(1, wrong))).toThrow('CORRUPT_LOCKFILE')
    }
    const both = { ...entry(1), text: 'a key of later versions' } as LockEntry
    expect(parse(line(1, both)).entries.get(print(1))).toEqual(both)
  })
})

describe('what words cost', () => {
  const request = { prompt: 'A headline', model: 'm', ...none, output: 'text' } as const
  const turns = [{ prompt: 'Draw it', ...none, output: 'image' }] as const

  test.for(MODELS.filter(({ family }) => family === 'gemini'))(
    '$id: no tokens of pictures, and a range for those of text',
    (model) => {
      const size = callSizeOf(request)
      expect(size).toMatchObject({ ofText: true, texts: 0, images: 0 })
      const { least, most } = estimateCost(model, size)
      expect(least).toBe(priceCall(model, { input: 3, image: 0, text: 5 }))
      expect(most).toBe(priceCall(model, { input: 4, image: 0, text: 2600 }))
      expect(most).toBeLessThan(
        estimateCost(model, callSizeOf({ ...request, output: 'text-and-image' })).most,
      )
      const drawn = callSizeOf({ ...request, turns })
      expect(drawn).toMatchObject({ ofText: false, texts: 1, images: 0 })
      const plain = callSizeOf({ ...request, output: 'images', turns })
      expect(plain).toMatchObject({ texts: 0, images: 1 })
    },
  )

  test('is what the answer says; a text of no tokens is booked at the most that was estimated', () => {
    const [model] = MODELS
    const tariff = { price: model?.price ?? { textIn: 1, textOut: 1, imageOut: 1 }, most: 0.01 }
    const tokens = { input: 10, image: 0, text: 40 }
    expect(bookAnswer({ tokens }, tariff, 'text')).toEqual({
      cost: priceCall(tariff, tokens),
      tokens,
    })
    expect(bookAnswer({ tokens: { ...tokens, text: 0 } }, tariff, 'text')).toMatchObject({
      cost: 0.01,
    })
    expect(bookAnswer({ tokens }, tariff, 'image')).toMatchObject({ cost: 0.01 })
  })
})

describe('an answer in text', () => {
  const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } }
  const content = (parts: readonly object[], more: object = {}): object => ({
    candidates: [{ content: { parts }, finishReason: 'STOP', ...more }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 9, thoughtsTokenCount: 2 },
  })
  const readContent = (json: object) =>
    readAnswer(json, { askedModel: 'm', isOfSeveral: false, isOfText: true })

  test('of generateContent is all of its text, without thoughts, and all of its tokens are text', () => {
    const parts = [
      { text: 'Hm.', thought: true },
      { text: 'Fresh ', thoughtSignature: 'c2ln' },
      { text: 'bread' },
    ]
    const result = readContent(content(parts))
    expect(textOf(result)).toBe('Fresh bread')
    expect(result.tokens).toEqual({ input: 4, image: 0, text: 11 })
    expect(result.thoughts).toEqual([{ text: 'Hm.' }])
    expect(result.replay?.items).toEqual([
      { text: 'Fresh ', thoughtSignature: 'c2ln' },
      { text: 'bread' },
    ])
    expect(readContent(content([{ text: 'Plain' }])).replay).toBeUndefined()
  })

  test('may hold a picture beside it, whose tokens are the dearer ones', () => {
    const result = readContent(content([picture, { text: 'Bread' }]))
    expect(result.parts).toEqual([{ text: 'Bread' }])
    expect(result.others).toHaveLength(1)
    expect(result.tokens).toEqual({ input: 4, image: 9, text: 2 })
  })

  test.for([
    ['no words', content([]), 'NO_TEXT', /without a word/],
    ['blanks', content([{ text: ' \n' }]), 'NO_TEXT', /without a word/],
    ['a picture alone', content([picture]), 'NO_TEXT', /without a word/],
    [
      'half of it',
      content([{ text: 'Fre' }], { finishReason: 'MAX_TOKENS' }),
      'NO_TEXT',
      /broke off/,
    ],
    [
      'what was blocked',
      content([{ text: 'Fre' }], { finishReason: 'SAFETY' }),
      'BLOCKED',
      /safety filter/,
    ],
    ['a blocked prompt', { promptFeedback: { blockReason: 'OTHER' } }, 'BLOCKED', /blocked/],
  ] as const)('%s is none', ([, json, code, what]) => {
    const refused = refusalOf(() => readContent(json))
    expect(refused).toMatchObject({ code, what: expect.stringMatching(what) })
  })

  const interaction = (content: readonly object[], more: object = {}): object => ({
    id: 'i',
    status: 'completed',
    steps: [
      { type: 'thought', signature: 'c2ln' },
      { type: 'model_output', content },
    ],
    usage: { total_input_tokens: 4, total_output_tokens: 9, total_thought_tokens: 2 },
    ...more,
  })
  const readSteps = (json: object) =>
    readInteraction(json, { askedModel: 'm', isOfSeveral: false, isOfText: true, isStored: false })

  test('of Interactions goes back as it came', () => {
    const said = [{ type: 'text', text: 'Bread' }]
    const result = readSteps(interaction(said))
    expect(textOf(result)).toBe('Bread')
    expect(result.tokens).toEqual({ input: 4, image: 0, text: 11 })
    expect(result.replay?.items).toEqual([
      { type: 'thought', signature: 'c2ln' },
      { type: 'model_output', content: said },
    ])
  })

  test.for([
    ['no words', interaction([]), /without a word/],
    [
      'half of it',
      interaction([{ type: 'text', text: 'Fre' }], { status: 'incomplete' }),
      /broke off/,
    ],
  ] as const)('of Interactions with %s is none', ([, json, what]) => {
    const refused = refusalOf(() => readSteps(json))
    expect(refused).toMatchObject({ code: 'NO_TEXT', what: expect.stringMatching(what) })
    expect(refused.usage.tokens).toMatchObject({ input: 4 })
  })
})

function refusalOf(read: () => unknown): PictureRefusal {
  try {
    read()
  } catch (error) {
    if (error instanceof PictureRefusal) return error
    throw error
  }
  throw new Error('It was not refused')
}
