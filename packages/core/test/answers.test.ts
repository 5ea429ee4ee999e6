import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'
import { lockEntrySchema } from '../src/pin/lock-entry.ts'
import { bookAnswer } from '../src/providers/models/booking.ts'
import { findModel } from '../src/providers/models/line-up.ts'
import { DEFAULT_PROVIDER } from '../src/providers/built-in.ts'
import type { ModelRow } from '../src/providers/models/model.ts'
import { readAnswer } from '../src/providers/google/generate-content/answer.ts'
import { imagen } from '../src/providers/google/imagen.ts'
import { readInteraction } from '../src/providers/google/interactions/answer.ts'
import type { ProviderJob, ProviderResult, ResultPart } from '../src/providers/provider.ts'
import { BLOCK_REASONS, FINISH_REASONS } from '../src/providers/google/reasons.ts'
import { PictureRefusal } from '../src/providers/refusal.ts'
import { entry } from './support/entry.ts'

/** What is counted where an answer counts what cannot be. */
const IMPOSSIBLE = { input: Number.NaN, image: Number.NaN, text: Number.NaN }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Text as it is, pictures as `<their bytes>`. */
function shown(parts: readonly ResultPart[] = []): string[] {
  return parts.map((one) => ('text' in one ? one.text : `<${Buffer.from(one.bytes).toString()}>`))
}

function refusalOf(read: () => unknown): PictureRefusal {
  try {
    read()
  } catch (error) {
    if (error instanceof PictureRefusal) return error
    throw error
  }
  throw new Error('Expected a refusal')
}

/** Whether what was read can be pinned, and read again from a lockfile. */
function assertPinnable(result: ProviderResult): void {
  const { model, grounding, replay } = result
  const nano = findModel('gemini-nano-banana-2.1', DEFAULT_PROVIDER.catalogue) as ModelRow
  const { cost, tokens } = bookAnswer(result, { price: nano.price, most: 0.04 }, 'image')
  const pinned = { ...entry(1), model, cost, tokens, grounding, replay }
  const written = JSON.stringify(pinned)
  expect(JSON.stringify(lockEntrySchema.parse(JSON.parse(written)))).toBe(written)
}

type Path = readonly string[]

/** The paths of all parts of a value, that of the whole first. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))
  return [path, ...inner]
}

/** A copy in which one part is another. */
function put(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  const record = copy as Record<string, unknown>
  record[key] = put(record[key], rest, by)
  return copy
}

/** Reads an answer once for each part that is not on the way to its picture, with that part spoilt; gives what was lost by it. */
function lostBeside(
  good: unknown,
  picture: Path,
  read: (json: unknown) => ProviderResult,
): readonly string[] {
  const others = pathsOf(good).filter((path) => path.some((key, index) => picture[index] !== key))
  return others.flatMap((path) => {
    // A type that is another text is another type.
    const text = path.at(-1) === 'type' ? [] : ['odd']
    return [null, 3, ...text, [], [null], {}, true].flatMap((odd) => {
      try {
        return shown(read(put(good, path, odd)).parts).includes('<A>') ? [] : path.join('.')
      } catch (error) {
        return `${path.join('.')}: ${String(error)}`
      }
    })
  })
}

/** JSON in which one part of `good` is replaced by anything. */
function mutated(good: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(good)
  const wild = fc.oneof(fc.jsonValue(), fc.constantFrom('', '!', 'AAAA', -1, 1.5, [], {}, null))
  return fc
    .tuple(fc.constantFrom(...paths), wild)
    .map(([path, by]) => JSON.parse(JSON.stringify(put(good, path, by) ?? null)))
}

/** Reads mutations of a good answer; nothing but an error of ours may be thrown. */
function assertOfAny(
  good: unknown,
  read: (json: unknown) => ProviderResult,
  assertGood: (result: ProviderResult) => void,
): void {
  fc.assert(
    fc.property(fc.oneof(mutated(good), fc.jsonValue()), (json) => {
      let result: ProviderResult
      try {
        result = read(json)
      } catch (error) {
        if (!isGeminiImageError(error)) throw error
        return
      }
      assertGood(result)
    }),
    { numRuns: 1000 },
  )
}

function assertHasPicture({ parts }: ProviderResult): void {
  expect(parts.some((part) => 'bytes' in part)).toBe(true)
}

describe('an answer of generate-content', () => {
  const image = (bytes: string, more: object = {}): object => ({
    inlineData: { mimeType: 'image/png', data: base64(bytes) },
    ...more,
  })
  const signed = (bytes: string): object => image(bytes, { thoughtSignature: `s-${bytes}` })
  const candidate = { content: { parts: [image('A')] }, finishReason: 'STOP' }
  const SNAKE = { inline_data: { mime_type: 'image/png', data: base64('A') } }
  const withParts = (parts: readonly object[], more: object = {}): object => ({
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...more }],
  })
  const read = (json: unknown, isOfSeveral = false): ProviderResult =>
    readAnswer(json, { askedModel: 'asked', isOfSeveral })

  test('with one picture', () => {
    const json = { ...withParts([image('A')]), modelVersion: 'answered', responseId: 'x' }
    const result = read(json)
    expect(shown(result.parts)).toEqual(['<A>'])
    expect(result).toMatchObject({
      parts: [{ claimedType: 'image/png' }],
      model: 'answered',
      tokens: undefined,
      searches: 0,
    })
    expect(result).not.toHaveProperty('thoughts')
    expect(result).not.toHaveProperty('grounding')
    expect(read(withParts([image('A')])).model).toBe('asked')
  })

  test('with thoughts keeps them apart: none is a result, text or picture', () => {
    const parts = [
      { text: 'Let me think', thought: true },
      image('draft', { thought: true }),
      image('A'),
      { text: 'Hm', thought: true },
      { text: '', thought: true },
    ]
    for (const isOfSeveral of [true, false]) {
      const result = read(withParts(parts), isOfSeveral)
      expect(shown(result.parts)).toEqual(['<A>'])
      expect(shown(result.thoughts)).toEqual(['Let me think', '<draft>', 'Hm'])
    }
    const onlyThought = withParts([image('draft', { thought: true }), { text: 'Sorry' }])
    expect(refusalOf(() => read(onlyThought)).why).toContain('Sorry')
  })

  test('with text and pictures keeps both in order where they were asked for', () => {
    const parts = [{ text: 'One' }, image('A'), { text: '' }, { text: 'Two' }, image('B'), {}]
    expect(shown(read(withParts(parts), true).parts)).toEqual(['One', '<A>', 'Two', '<B>'])
  })

  test('keeps the last picture only where one was asked for', () => {
    const parts = [signed('A'), { text: 'better:' }, signed('B'), { text: 'done' }]
    const result = read(withParts(parts))
    expect(shown(result.parts)).toEqual(['better:', '<B>', 'done'])
    expect(result.replay?.items).toEqual([
      { text: 'better:' },
      { $image: 0, thoughtSignature: 's-B' },
      { text: 'done' },
    ])
  })

  test('keeps signatures for the next turn, and no bytes', () => {
    const parts = [
      { text: 'One', thoughtSignature: 's-1' },
      { text: 'thought', thought: true, thoughtSignature: 's-2' },
      signed('A'),
      signed('B'),
    ]
    const { replay } = read(withParts(parts), true)
    expect(replay).toEqual({
      api: 'generate-content',
      items: [
        { text: 'One', thoughtSignature: 's-1' },
        { $image: 0, thoughtSignature: 's-A' },
        { $image: 1, thoughtSignature: 's-B' },
      ],
    })
  })

  test.for([
    ['camel case', 'inlineData', 'mimeType', 'thoughtSignature'],
    ['snake case, as the guide prints it', 'inline_data', 'mime_type', 'thought_signature'],
  ] as const)('of several pictures keeps all signatures, in %s', ([, inline, type, signature]) => {
    const picture = (name: string, more: object): object => ({
      [inline]: { data: base64(name), [type]: 'image/png' },
      ...more,
    })
    // 002:302 and 003:650: three thoughts, then a signed text, and texts without between signed pictures.
    const parts = [
      ...['0', '1', '2'].map((name) => picture(name, { thought: true })),
      { text: 'Step 1', [signature]: 'A' },
      picture('3', { [signature]: 'B' }),
      { text: 'Step 2' },
      picture('4', { [signature]: 'C' }),
      { text: 'Step 3' },
      picture('5', { [signature]: 'D' }),
    ]
    const { parts: kept, thoughts, replay } = read(withParts(parts), true)
    expect(shown(kept)).toEqual(['Step 1', '<3>', 'Step 2', '<4>', 'Step 3', '<5>'])
    expect(shown(thoughts)).toEqual(['<0>', '<1>', '<2>'])
    expect(replay?.items).toEqual([
      { text: 'Step 1', thoughtSignature: 'A' },
      { $image: 0, thoughtSignature: 'B' },
      { text: 'Step 2' },
      { $image: 1, thoughtSignature: 'C' },
      { text: 'Step 3' },
      { $image: 2, thoughtSignature: 'D' },
    ])
  })

  test('keeps nothing for the next turn where a picture has no signature', () => {
    expect(read(withParts([image('A')]))).not.toHaveProperty('replay')
    expect(read(withParts([signed('A'), image('B')]), true)).not.toHaveProperty('replay')
    // Of the pictures that are kept, all have one.
    expect(read(withParts([image('A'), signed('B')])).replay?.items).toHaveLength(1)
  })

  const groundingMetadata = {
    searchEntryPoint: { renderedContent: '<b>Search</b>', sdkBlob: 'x' },
    webSearchQueries: ['weather'],
    imageSearchQueries: ['sun', 'rain'],
    groundingChunks: [
      { web: { uri: 'https://a.test', title: 'A', domain: 'a.test' } },
      { image: { sourceUri: 'https://b.test', imageUri: 'https://b.test/i.png', title: 'B' } },
      { web: { uri: 'https://c.test' } },
      { web: { title: 'nowhere' } },
      { maps: { uri: 'https://d.test' } },
    ],
    groundingSupports: [{}],
  }

  test('that was grounded says what to show, and counts its searches', () => {
    const { grounding, searches } = read(withParts([image('A')], { groundingMetadata }))
    expect(grounding).toEqual({
      searchSuggestions: '<b>Search</b>',
      sources: [
        { url: 'https://a.test', title: 'A' },
        { url: 'https://b.test', title: 'B', imageUrl: 'https://b.test/i.png' },
        { url: 'https://c.test' },
      ],
      queries: ['weather', 'sun', 'rain'],
    })
    expect(searches).toBe(3)
    const bare = read(withParts([image('A')], { groundingMetadata: {} }))
    expect(bare.grounding).toEqual({ sources: [], queries: [] })
    expect(bare.searches).toBe(1)
  })

  test.for([
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    [
      'numbers as text, and null',
      { promptTokenCount: '7', candidatesTokenCount: '1120', thoughtsTokenCount: null },
      { input: 7, image: 1120, text: 0 },
    ],
    ['what is no number', { candidatesTokenCount: 'many' }, IMPOSSIBLE],
    [
      'less than nothing',
      { promptTokenCount: 7, candidatesTokenCount: 1120, thoughtsTokenCount: -100 },
      IMPOSSIBLE,
    ],
    [
      'no details: all of it counts as picture, which is dearer',
      { promptTokenCount: 7, candidatesTokenCount: 1200, thoughtsTokenCount: 30 },
      { input: 7, image: 1200, text: 30 },
    ],
    [
      'details',
      {
        promptTokenCount: 7,
        toolUsePromptTokenCount: 3,
        candidatesTokenCount: 1300,
        candidatesTokensDetails: [
          { modality: 'IMAGE', tokenCount: 1120 },
          { modality: 'TEXT', tokenCount: 180 },
          { modality: 'IMAGE' },
        ],
        thoughtsTokenCount: 20,
        trafficType: 'ON_DEMAND',
      },
      { input: 10, image: 1120, text: 200 },
    ],
    [
      'details of more than there is',
      {
        candidatesTokenCount: 100,
        candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }],
      },
      { input: 0, image: 1120, text: 0 },
    ],
  ] as const)('whose usage says %s is counted', ([, usageMetadata, tokens]) => {
    expect(read({ ...withParts([image('A')]), usageMetadata }).tokens).toEqual(tokens)
  })

  test('without a picture says what it cost all the same', () => {
    const { usage } = refusalOf(() =>
      read({
        ...withParts([{ text: 'No.' }], { groundingMetadata }),
        usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 9 },
      }),
    )
    expect(usage).toEqual({ tokens: { input: 5, image: 9, text: 0 }, searches: 3 })
  })

  test('has a message of its own for every finish reason and every block reason', () => {
    const finishes = Object.keys(FINISH_REASONS).map((finishReason) =>
      refusalOf(() => read({ candidates: [{ finishReason, finishMessage: 'Google’s words' }] })),
    )
    const blocks = Object.keys(BLOCK_REASONS).map((blockReason) =>
      refusalOf(() =>
        read({ promptFeedback: { blockReason, blockReasonMessage: 'Google’s words' } }),
      ),
    )
    const all = [...finishes, ...blocks]
    expect(new Set(all.map(({ what }) => what.replace(/ \([A-Z_]+\)\.$/, ''))).size).toBe(
      all.length,
    )
    for (const { why, fix } of all) {
      expect(why).toBe('Google said: Google’s words')
      expect(fix).not.toBe('')
    }
    expect(blocks.every(({ code }) => code === 'BLOCKED')).toBe(true)
    for (const [index, name] of Object.keys(FINISH_REASONS).entries()) {
      const blocked = /SAFETY|RECITATION|BLOCKLIST|PROHIBITED|SPII/.test(name)
      expect(finishes[index]?.what).toContain(`(${name})`)
      expect(finishes[index]?.code).toBe(blocked ? 'BLOCKED' : 'NO_IMAGE')
    }
  })

  test.for([
    [
      'a reason of the future that sounds blocked',
      { candidates: [{ finishReason: 'VIDEO_SAFETY' }] },
      'BLOCKED',
    ],
    ['another reason of the future', { candidates: [{ finishReason: 'TIRED' }] }, 'NO_IMAGE'],
    [
      'a reason that is a name of JavaScript’s',
      { candidates: [{ finishReason: 'constructor' }] },
      'NO_IMAGE',
    ],
    ['a block of the future', { promptFeedback: { blockReason: 'TIRED' } }, 'BLOCKED'],
    ['no candidate', { candidates: [] }, 'NO_IMAGE'],
    ['nothing', {}, 'NO_IMAGE'],
  ] as const)('with %s is a refusal', ([, json, code]) => {
    expect(refusalOf(() => read(json)).code).toBe(code)
  })

  test.for([
    [null],
    ['text'],
    [[]],
    [{ candidates: {} }],
    [{ candidates: [{ content: 3 }] }],
  ] as const)('%j is none at all', ([json]) => {
    expect(() => read(json)).toThrow('BAD_ANSWER')
  })

  describe('may be anything', () => {
    const usageMetadata = {
      promptTokenCount: 7,
      toolUsePromptTokenCount: 3,
      candidatesTokenCount: 1300,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }],
      thoughtsTokenCount: 20,
    }
    const parts = [{ text: 'A', thought: true }, { text: 'One' }, signed('A'), signed('B')]
    const good = { ...withParts(parts, { groundingMetadata }), usageMetadata, modelVersion: 'm' }
    test.for([true, false])('with text: %s', (isOfSeveral) => {
      assertOfAny(good, (json) => read(json, isOfSeveral), assertHasPicture)
    })
    test('and what is read can be pinned', () => {
      assertOfAny(good, (json) => read(json, true), assertPinnable)
    })

    test('beside its picture, which is not lost by it', () => {
      const path = ['candidates', '0', 'content', 'parts', '2', 'inlineData', 'data']
      const one = { ...good, ...withParts(parts.slice(0, 3), { groundingMetadata }) }
      const rich = { ...one, promptFeedback: { blockReason: 'OTHER' } }
      expect(lostBeside(rich, path, read)).toEqual([])
    })
  })

  test.for([
    ['in snake case', { candidates: [{ content: { parts: [SNAKE] }, finish_reason: 'STOP' }] }],
    ['in the second candidate', { candidates: [{ content: { parts: [] } }, candidate] }],
    ['stopped at its length', { candidates: [{ ...candidate, finishReason: 'MAX_TOKENS' }] }],
    [
      'as a data URL',
      withParts([{ inlineData: { data: `data:image/png;base64,${base64('A')}` } }]),
    ],
  ] as const)('with a picture %s is read', ([, json]) => {
    expect(shown(read(json).parts)).toEqual(['<A>'])
  })

  test.for([
    ['no words', withParts([]), 'without a picture, and without a word (STOP)', undefined],
    ['an empty picture', withParts([{ inlineData: { data: '' } }]), 'without a word', undefined],
    [
      'a link',
      withParts([{ fileData: { fileUri: 'https://google.test/files/a' } }]),
      'links to a file',
      'https://google.test/files/a',
    ],
  ] as const)('that ends well and holds %s is not told as words', ([, json, what, why]) => {
    const error = refusalOf(() => read(json))
    expect(error).toMatchObject({ code: 'NO_IMAGE', what: expect.stringContaining(what), why })
  })
})

describe('an interaction', () => {
  const image = (bytes: string): object => ({
    type: 'image',
    mime_type: 'image/png',
    data: base64(bytes),
  })
  const said = (text: string): object => ({ type: 'text', text })
  const output = (...content: object[]): object => ({ type: 'model_output', content })
  const read = (
    json: unknown,
    asked: { isOfSeveral?: boolean; isStored?: boolean } = {},
  ): ProviderResult =>
    readInteraction(json, { askedModel: 'asked', isOfSeveral: false, isStored: false, ...asked })
  const completed = (...steps: object[]): object => ({ id: 'i-1', status: 'completed', steps })

  test('with one picture', () => {
    const result = read({ ...completed(output(image('A'))), model: 'answered', object: 'x' })
    expect(shown(result.parts)).toEqual(['<A>'])
    expect(result).toMatchObject({ parts: [{ claimedType: 'image/png' }], model: 'answered' })
    expect(result).not.toHaveProperty('thoughts')
    expect(result).not.toHaveProperty('grounding')
    expect(read({ steps: [output(image('A'))] }).model).toBe('asked')
  })

  test('with thoughts collects their summaries; none is a result', () => {
    const thought = { type: 'thought', signature: 's', summary: [said('Hm'), image('draft')] }
    const result = read(completed(thought, output(image('A'))), { isOfSeveral: true })
    expect(shown(result.parts)).toEqual(['<A>'])
    expect(shown(result.thoughts)).toEqual(['Hm', '<draft>'])
    expect(refusalOf(() => read(completed(thought))).code).toBe('NO_IMAGE')
  })

  test('over several steps keeps text and pictures in order, or the last picture only', () => {
    const json = completed(
      output(said('One'), image('A')),
      output(said(''), image('B'), said('Two')),
    )
    expect(shown(read(json, { isOfSeveral: true }).parts)).toEqual(['One', '<A>', '<B>', 'Two'])
    expect(shown(read(json).parts)).toEqual(['One', '<B>', 'Two'])
  })

  test('keeps its steps as they came for the next turn, without bytes and summaries', () => {
    const call = {
      type: 'google_search_call',
      id: 'c',
      signature: 's-2',
      arguments: { queries: ['sun'], locale: 'en' },
    }
    const found = {
      type: 'google_search_result',
      call_id: 'c',
      result: [{ search_suggestions: '<b/>', rank: 1 }],
    }
    const note = { type: 'url_citation', url: 'https://a.test', start_index: 0, end_index: 3 }
    const text = { type: 'text', text: 'One', annotations: [note] }
    const json = completed(
      { type: 'thought', signature: 's-1', summary: [said('Hm')] },
      call,
      found,
      output(text, image('A')),
    )
    expect(read(json, { isOfSeveral: true }).replay).toEqual({
      api: 'interactions',
      items: [
        { type: 'thought', signature: 's-1' },
        call,
        found,
        { type: 'model_output', content: [text, { $image: 0 }] },
      ],
    })
  })

  test('leaves the drafts out of what goes back, too', () => {
    const json = completed(output(image('A')), output(said('better'), image('B')))
    expect(read(json).replay?.items).toEqual([
      { type: 'model_output', content: [] },
      { type: 'model_output', content: [said('better'), { $image: 0 }] },
    ])
  })

  test('has an id only where Google keeps it', () => {
    const json = completed(output(image('A')))
    expect(read(json, { isStored: true }).replay?.id).toBe('i-1')
    expect(read(json).replay).not.toHaveProperty('id')
    expect(read({ steps: [output(image('A'))] }, { isStored: true }).replay).not.toHaveProperty(
      'id',
    )
  })

  const searched = [
    { type: 'google_search_call', arguments: { queries: ['sun', 'rain'] } },
    { type: 'google_search_result', result: [{ search_suggestions: '<i>1</i>' }, {}] },
    { type: 'google_search_call', arguments: { queries: ['wind'] } },
    { type: 'google_search_result', result: [{ search_suggestions: '<i>2</i>' }] },
  ]
  const cited = {
    ...said('Sunny'),
    annotations: [
      { url: 'https://a.test', title: 'A' },
      { url: 'https://b.test' },
      { url: 'https://a.test', title: 'A' },
      { title: 'nowhere' },
    ],
  }

  test('that was grounded says what to show, each source once', () => {
    const json = completed(...searched, output(cited, image('A')))
    const { grounding, searches } = read(json, { isOfSeveral: true })
    expect(grounding).toEqual({
      searchSuggestions: '<i>1</i>\n<i>2</i>',
      sources: [{ url: 'https://a.test', title: 'A' }, { url: 'https://b.test' }],
      queries: ['sun', 'rain', 'wind'],
    })
    expect(searches).toBe(3)
  })

  test.for([
    [{ grounding_tool_count: [{ type: 'google_search', count: 2 }, { count: 5 }] }, 7],
    [{ grounding_tool_count: [] }, 0],
    [{}, 3],
  ] as const)('with the usage %j has %i searches', ([usage, expected]) => {
    expect(read({ ...completed(...searched, output(image('A'))), usage }).searches).toBe(expected)
  })

  test.for([
    [
      'without details',
      { total_input_tokens: 7, total_output_tokens: 1200, total_thought_tokens: 30 },
      { input: 7, image: 1200, text: 30 },
    ],
    [
      'with details',
      {
        total_input_tokens: 7,
        total_tool_use_tokens: 3,
        total_output_tokens: 1300,
        output_tokens_by_modality: [
          { modality: 'image', tokens: 1120 },
          { modality: 'text', tokens: 180 },
        ],
        total_thought_tokens: 20,
      },
      { input: 10, image: 1120, text: 200 },
    ],
  ] as const)('is counted %s', ([, usage, tokens]) => {
    expect(read({ ...completed(output(image('A'))), usage }).tokens).toEqual(tokens)
  })

  test.for([
    ['words only', completed(output(said('Sorry'))), 'NO_IMAGE', 'words only (STOP)', 'Sorry'],
    [
      'a failure',
      { status: 'failed', errors: [{ code: 'image_safety', message: 'No.' }] },
      'BLOCKED',
      '(IMAGE_SAFETY)',
      'No.',
    ],
    [
      'a block',
      { status: 'failed', errors: [{ code: 'jailbreak', message: 'No.' }] },
      'BLOCKED',
      'get around the filters',
      'No.',
    ],
    [
      'a step’s error',
      {
        status: 'failed',
        steps: [{ type: 'model_output', error: { code: 'recitation', message: 'No.' } }],
      },
      'BLOCKED',
      '(RECITATION)',
      'No.',
    ],
    [
      'a number for a code',
      { status: 'failed', errors: [{ code: 13, message: 'No.' }] },
      'NO_IMAGE',
      '(failed)',
      'No.',
    ],
    [
      'nothing but words that are not finished',
      { status: 'incomplete', steps: [output(said('Half'))] },
      'NO_IMAGE',
      '(incomplete)',
      'Half',
    ],
  ] as const)('with %s is a refusal', ([, json, code, what, why]) => {
    const error = refusalOf(() => read(json))
    expect(error.code).toBe(code)
    expect(error.what).toContain(what)
    expect(error.why).toContain(why)
  })

  test('has a message of its own for every reason', () => {
    const names = [...new Set([...Object.keys(FINISH_REASONS), ...Object.keys(BLOCK_REASONS)])]
    const all = names.map((name) =>
      refusalOf(() => read({ status: 'failed', errors: [{ code: name.toLowerCase() }] })),
    )
    expect(new Set(all.map(({ what }) => what.replace(/ \([A-Z_]+\)\.$/, ''))).size).toBe(
      names.length,
    )
  })

  test.for([[null], ['text'], [{ steps: {} }], [{ steps: [{ content: 'x' }] }]] as const)(
    '%j is none at all',
    ([json]) => {
      expect(() => read(json)).toThrow('BAD_ANSWER')
    },
  )

  describe('may be anything', () => {
    const usage = {
      total_input_tokens: 7,
      total_tool_use_tokens: 3,
      total_output_tokens: 1300,
      output_tokens_by_modality: [{ modality: 'image', tokens: 1120 }],
      total_thought_tokens: 20,
      grounding_tool_count: [{ count: 2 }],
    }
    const thought = { type: 'thought', signature: 's', summary: [said('Hm')] }
    const steps = [thought, ...searched, output(cited, image('A')), output(image('B'))]
    const good = { ...completed(...steps), model: 'm', errors: [], usage }
    test.for([true, false])('with text: %s', (isOfSeveral) => {
      assertOfAny(good, (json) => read(json, { isOfSeveral, isStored: true }), assertHasPicture)
    })
    test('and what is read can be pinned', () => {
      assertOfAny(good, (json) => read(json, { isOfSeveral: true }), assertPinnable)
    })

    test('beside its picture, which is not lost by it', () => {
      const path = ['steps', String(steps.length - 2), 'content', '1', 'data']
      expect(lostBeside({ ...good, steps: steps.slice(0, -1) }, path, read)).toEqual([])
    })
  })

  test.for(['incomplete', 'failed', 'budget_exceeded', 'odd'])(
    'with a picture is read, though it is %s',
    (status) => {
      const json = { ...completed(output(said('Half'), image('A'))), status }
      expect(shown(read(json).parts)).toEqual(['Half', '<A>'])
    },
  )

  test('that links to a file in place of its picture says so', () => {
    const linked = { type: 'image', uri: 'https://google.test/files/a' }
    const error = refusalOf(() => read(completed(output(linked))))
    expect(error.what).toContain('links to a file')
    expect(error.why).toBe('https://google.test/files/a')
    expect(refusalOf(() => read(completed(output()))).what).toContain('without a word')
  })
})

describe('an answer of Imagen', () => {
  const model = findModel('imagen-4.0-generate-001', DEFAULT_PROVIDER.catalogue)
  const read = (json: unknown): ProviderResult => imagen.read(json, { model } as ProviderJob)

  test('with a picture is free of tokens, for it is paid by the piece', () => {
    const json = { predictions: [{ mimeType: 'image/png', bytesBase64Encoded: base64('A') }] }
    const result = read(json)
    expect(shown(result.parts)).toEqual(['<A>'])
    expect(result).toMatchObject({
      parts: [{ claimedType: 'image/png' }],
      model: 'imagen-4.0-generate-001',
      tokens: { input: 0, image: 0, text: 0 },
    })
  })

  test('that was filtered is blocked, with Google’s words', () => {
    const error = refusalOf(() => read({ predictions: [{ raiFilteredReason: 'Unsafe.' }] }))
    expect(error.code).toBe('BLOCKED')
    expect(error.why).toContain('Unsafe.')
  })

  test('may hold nothing, be none at all, or be anything', () => {
    expect(refusalOf(() => read({})).code).toBe('NO_IMAGE')
    expect(refusalOf(() => read({ predictions: [] })).code).toBe('NO_IMAGE')
    expect(() => read([])).toThrow('BAD_ANSWER')
    expect(() => read({ predictions: [3] })).toThrow('BAD_ANSWER')
    const good = { predictions: [{ mimeType: 'image/png', bytesBase64Encoded: base64('A') }] }
    assertOfAny(good, read, assertHasPicture)
    assertOfAny(good, read, assertPinnable)
  })
})
