import { readFile } from 'node:fs/promises'
import type { GeminiImageError } from '@gemini-image/core'
import { TEXT_MODELS, draftAlts, planDrafts } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { prompt, setBatchStage } from '../batch/stage.ts'
import type { Answered, Fault } from '../fake-gemini/server.ts'
import { KEY } from '../support/vite.ts'
import { withAlt } from '../support/with-alt.ts'
import { importing, mostFor, setStage, type Stage } from './stage.ts'

/** How an answer comes: by one of the APIs, or as a line of a batch, which costs half. */
const WAYS = ['generate-content', 'interactions', 'batch'] as const
type Way = (typeof WAYS)[number]

const PROMPT = 'A lighthouse on a cliff'
const most = mostFor(PROMPT.length)
/** What the fake counts: the prompt, a picture, and its thoughts. */
const USUAL = (Math.ceil(PROMPT.length / 4) * 1.5 + 1120 * 30 + 240 * 7.5) / 1e6

/** What came of one picture. */
interface Outcome {
  readonly stage: Stage
  readonly error: GeminiImageError | undefined
  /** What is pinned, or `undefined`. */
  readonly entry: Answered
  /** What the run says that it has spent, in US dollars. */
  readonly spent: number
}

async function outcomeOf(way: Way, fault: Fault): Promise<Outcome> {
  return way === 'batch' ? collected(fault) : settled(way, fault)
}

async function settled(
  transport: 'generate-content' | 'interactions',
  fault: Fault,
): Promise<Outcome> {
  const stage = await setStage({ 'main.js': importing('hero'), 'hero.prompt.md': withAlt(PROMPT) })
  stage.gemini.fault(fault)
  const driver = stage.driver({ options: { transport, attempts: 3 } })
  const error = await driver.prepare().then(
    () => undefined,
    (reason: GeminiImageError) => reason,
  )
  const said = /calls? cost \$([\d.]+)/.exec(stage.log.join('\n'))?.[1]
  return { stage, error, entry: await entryIn(stage), spent: Number(said) }
}

async function collected(fault: Fault): Promise<Outcome> {
  const stage = await setBatchStage({ hero: prompt(PROMPT) })
  await stage.batches().submit(stage.files('hero'))
  stage.gemini.fault({ ...fault, on: 'batchLine' })
  const { failures, spent } = await stage.batches().collect({ wait: true, firstPause: 1 })
  return { stage, error: failures[0], entry: await entryIn(stage), spent }
}

async function entryIn({ site }: Stage): Promise<Answered> {
  const lock = await site.read('gemini-image.lock').catch(() => '')
  const [, json] = /^ {2}[0-9a-f]{64}: (\{.*\})$/m.exec(lock) ?? []
  return json === undefined ? undefined : JSON.parse(json)
}

/** Paths of what was kept because nobody could read it. */
async function unreadIn({ site }: Stage): Promise<string[]> {
  const names = await site.list('node_modules/.cache/gemini-image/unreadable')
  return names.map((name) => site.path('node_modules/.cache/gemini-image/unreadable', name))
}

const priceOf = (way: Way, dollars: number): number => (way === 'batch' ? dollars / 2 : dollars)

/** The usage of an answer, whichever API gave it. */
const usage = (value: unknown) => (answer: Answered) => {
  answer['usageMetadata' in answer ? 'usageMetadata' : 'usage'] = value
}

/** The fields of a usage, whichever API gave it: those of all output, and those of the pictures alone. */
const counts = (number: unknown) => (answer: Answered) => {
  const { usageMetadata: content, usage: interaction } = answer
  if (content) content.candidatesTokenCount = number
  else interaction.total_output_tokens = number
  for (const one of content?.candidatesTokensDetails ?? []) one.tokenCount = number
  for (const one of interaction?.output_tokens_by_modality ?? []) one.tokens = number
}

/** The part of an answer that holds its picture, and all parts beside it. */
function partsIn(answer: Answered): { picture: Answered; beside: Answered[] } {
  const { candidates, steps } = answer
  const beside: Answered[] = candidates ? candidates[0].content.parts : steps.at(-1).content
  const picture = beside.find((part) => part.inlineData ?? part.data)
  return { picture: picture.inlineData ?? picture, beside }
}

type Change = (answer: Answered) => unknown

const byEveryWay = (rows: Readonly<Record<string, Change>>): [Way, string, Change][] =>
  WAYS.flatMap((way) =>
    Object.entries(rows).map(([name, change]): [Way, string, Change] => [way, name, change]),
  )

describe('one odd field beside a good picture loses nothing:', () => {
  const odd: Record<string, Change> = {
    'null for each of the rest': (answer) => {
      for (const key of Object.keys(answer)) {
        if (!['candidates', 'steps', 'usage', 'usageMetadata'].includes(key)) answer[key] = null
      }
      Object.assign(answer.candidates?.[0] ?? {}, { finishReason: null, groundingMetadata: null })
    },
    'null beside the picture': (answer) => {
      partsIn(answer).beside.unshift(null, { text: null })
    },
    'an unknown part': (answer) => {
      partsIn(answer).beside.unshift({ hologram: {} })
    },
    'a number as text': counts('1120'),
    'lists in lists': (answer) => {
      answer.nested = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))
    },
    'an end before the end': (answer) => {
      if (answer.candidates) answer.candidates[0].finishReason = 'MAX_TOKENS'
      else answer.status = 'incomplete'
    },
    'a picture as a data URL': (answer) => {
      const { picture } = partsIn(answer)
      picture.data = `data:image/jpeg;base64,${picture.data}`
    },
    'another type': (answer) => {
      const { picture } = partsIn(answer)
      for (const key of ['mimeType', 'mime_type']) if (key in picture) picture[key] = 7
    },
  }
  test.for(byEveryWay(odd))('%s: %s', async ([way, , change]) => {
    const { error, entry, spent } = await outcomeOf(way, { kind: 'odd', change })
    expect(error).toBeUndefined()
    expect(entry.cost).toBeCloseTo(priceOf(way, USUAL), 5)
    expect(spent).toBeCloseTo(entry.cost, 4)
  })
})

describe('an answer is booked once, at the most that was estimated where its cost is', () => {
  const unknown: Record<string, Change> = {
    missing: usage(undefined),
    null: usage(null),
    empty: usage({}),
    zero: counts(0),
    negative: counts(-1120),
    text: counts('a lot'),
    'a fraction': counts(0.5),
    absurd: counts(9_000_000_000),
  }
  test.for(byEveryWay(unknown))('%s: %s', async ([way, , change]) => {
    const { stage, error, entry, spent } = await outcomeOf(way, { kind: 'odd', change })
    expect(error).toBeUndefined()
    expect(entry.cost).toBeCloseTo(priceOf(way, most), 5)
    expect(spent).toBeCloseTo(entry.cost, 4)
    expect(stage.log.join('\n')).toMatch(
      /hero\.prompt\.md:4:1: .*; \$0\.0\d+, the most that was estimated, is booked for it\./,
    )
  })
})

test('a count that is absurd ends no run: its neighbours are drawn', async () => {
  const names = ['a', 'b', 'c']
  const stage = await setStage({
    'main.js': importing(...names),
    ...Object.fromEntries(names.map((name) => [`${name}.prompt.md`, withAlt(`Picture ${name}`)])),
  })
  stage.gemini.fault({ kind: 'odd', change: counts(9e15) })
  const { generated, spent } = await stage.prepare({ options: { concurrency: 1, budget: 0.12 } })
  expect(generated).toBe(3)
  expect(spent).toBeLessThan(0.12)
})

describe('what cannot be used is booked, told, and kept for a person to look at:', () => {
  test.for(WAYS)('half a picture, by %s', async (way) => {
    const { stage, error, entry, spent } = await outcomeOf(way, { kind: 'half-picture' })
    expect(entry).toBeUndefined()
    expect(error).toMatchObject({ code: 'BAD_ANSWER', place: { path: 'hero.prompt.md' } })
    expect(await stage.site.list('.gemini-image')).toEqual([])
    expect(spent).toBeCloseTo(priceOf(way, USUAL), 4)
    const [file = '', ...others] = await unreadIn(stage)
    expect(others).toEqual([])
    expect(error?.why).toContain(file)
    expect(file).toMatch(/\/[0-9a-f]{64}-\d{8}T\d{6}Z\.jpg$/)
    expect((await sharp(file).metadata()).format).toBe('jpeg')
  })

  test.for(WAYS)('an answer of another shape, by %s', async (way) => {
    const change = (): unknown => ({ candidates: { no: 'list' }, steps: 'none', echo: KEY })
    const { stage, error, entry, spent } = await outcomeOf(way, { kind: 'odd', change })
    expect(entry).toBeUndefined()
    expect(error).toMatchObject({ code: 'BAD_ANSWER', place: { path: 'hero.prompt.md' } })
    expect(spent).toBeCloseTo(priceOf(way, most), 4)
    const [file = ''] = await unreadIn(stage)
    expect(error?.why).toContain(file)
    const kept = await readFile(file, 'utf8')
    expect(kept).toContain('"echo":"[API key]"')
    expect(kept).not.toContain(KEY)
  })

  test.for(['html', 'invalid-json'] as const)('%s in place of an answer', async (kind) => {
    const { stage, error, spent } = await outcomeOf('interactions', { kind })
    expect(error?.code).toBe('BAD_ANSWER')
    expect(spent).toBeCloseTo(most, 4)
    expect(stage.gemini.requests).toHaveLength(1)
    expect(await unreadIn(stage)).toHaveLength(1)
  })
})

describe('an error inside a 200', () => {
  const message = 'The model is overloaded. Please try again later.'
  test.for(WAYS)('is told in Google’s words, by %s', async (way) => {
    const inside = { error: { code: 503, message, status: 'UNAVAILABLE' } }
    const fault: Fault = { kind: 'odd', change: () => inside, times: Infinity }
    const { error, entry, spent } = await outcomeOf(way, fault)
    expect(entry).toBeUndefined()
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', why: `It said: ${message}` })
    expect(error?.what).toContain('inside an answer with status 200')
    expect(spent).toBe(0)
  })

  test('passes as the same error with a status of its own does', async () => {
    const change = (): unknown => ({ error: { status: 'ABORTED', message: 'Again.' } })
    const { error, stage } = await outcomeOf('generate-content', { kind: 'odd', change })
    expect(error).toBeUndefined()
    expect(stage.gemini.requests).toHaveLength(2)
  })

  test('that nobody can name may have been paid for, and is not tried again', async () => {
    const change = (): unknown => ({ error: 'upstream said no' })
    const { error, stage, spent } = await outcomeOf('interactions', { kind: 'odd', change })
    expect(error?.why).toContain('upstream said no')
    expect(error?.why).toContain('may have been paid for')
    expect(spent).toBeCloseTo(most, 4)
    expect(stage.gemini.requests).toHaveLength(1)
  })
})

test.for([
  ['without usage', usage(undefined)],
  ['that cannot be read', () => ({ candidates: 'none' })],
] as const)('a draft %s is booked at the most that was estimated', async ([, change]) => {
  const stage = await setStage({ 'main.js': importing('hero'), 'hero.prompt.md': PROMPT })
  const ids = [stage.site.path('hero.prompt.md')]
  await stage.driver().generate(ids)
  const order = { model: TEXT_MODELS[0] }
  const { estimate } = await planDrafts(stage.driver().project, ids, order)
  stage.gemini.fault({ kind: 'odd', change })
  const { spent } = await draftAlts(stage.driver().project, ids, order)
  expect(spent).toBe(estimate.most)
  expect(stage.log.join('\n')).toContain('does not say what it cost')
})

test.for(WAYS)('a key that is echoed in a text reaches no lockfile, by %s', async (way) => {
  const echo = { type: 'text', text: `Drawn with ${KEY}.` }
  const change = (answer: Answered): void => {
    partsIn(answer).beside.unshift(echo)
    answer[answer.candidates ? 'modelVersion' : 'model'] = `model-${KEY}`
  }
  const { stage, entry } = await outcomeOf(way, { kind: 'odd', change })
  expect(entry.parts[0]).toEqual({ text: 'Drawn with [API key].' })
  expect(entry.model).toBe('model-[API key]')
  expect(await stage.site.read('gemini-image.lock')).not.toContain(KEY)
})
