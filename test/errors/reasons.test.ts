import type { GeminiImageError, Options } from '@gemini-image/core'
import {
  BLOCK_REASONS,
  FINISH_REASONS,
  formatDollars,
  priceCall,
  type Reason,
} from '@gemini-image/core/internal'
import { expect, test } from 'vitest'
import type { Fault } from '../fake-gemini/server.ts'
import { withAlt } from '../support/with-alt.ts'
import { importing, leftIn, MODEL, mostFor, setStage, thrownBy, type Stage } from './stage.ts'

const TRANSPORTS = ['generate-content', 'interactions'] as const
type Transport = (typeof TRANSPORTS)[number]

const PROMPT = 'A lighthouse on a cliff, in the evening, seen from the sea by a tired sailor.'

/** What Google counts: four characters a token, and its thinking before it stopped. */
const [INPUT, THOUGHTS] = [Math.ceil(PROMPT.length / 4), 240]

function settingFor(fault: Fault): Promise<Stage> {
  return setStage({ 'main.js': importing('hero'), 'hero.prompt.md': withAlt(PROMPT) }).then(
    (stage) => {
      stage.gemini.fault(fault)
      return stage
    },
  )
}

const ROUTES: Readonly<Record<Transport, string>> = {
  'generate-content': 'generateContent',
  interactions: 'interactions',
}

/** What a build said of an answer without a picture, and what came of it. */
async function refusalAfter(fault: Fault, transport: Transport): Promise<object> {
  const stage = await settingFor(fault)
  const error = (await stage.fail({ options: { transport } })) as GeminiImageError
  const { code, what, fix, message } = error
  return {
    head: message.split('\n')[0],
    code,
    what,
    fix,
    routes: stage.gemini.requests.map(({ route }) => route),
    left: await leftIn(stage.site),
    log: stage.log,
  }
}

/** That in our own words, booked for what it cost, and not tried again: it would be the same. */
function refusal(fault: Fault, name: string, reason: Reason, transport: Transport): object {
  const { code, what, fix } = reason
  const text = fault.kind === 'prompt-blocked' ? 0 : THOUGHTS
  const words = fault.kind === 'text-only' ? WORDS : 0
  const cost = formatDollars(priceCall(MODEL, { input: INPUT, image: 0, text: text + words }))
  return {
    head: `${code} at hero.prompt.md:4:1`,
    code,
    what: `${what} (${name}).`,
    fix,
    routes: [ROUTES[transport]],
    left: [],
    log: [
      expect.stringMatching(/^generating 1 picture, estimated at /),
      expect.stringMatching(`^1 call cost \\${cost} \\(estimated: `),
      `one of them was answered without what was asked for and cost ${cost} all the same`,
    ],
  }
}

/** Tokens of what the fake model says in place of a picture. */
const WORDS = 16

const pairs = <Names extends object>(table: Names): [name: string, transport: Transport][] =>
  Object.keys(table).flatMap((name) =>
    TRANSPORTS.map((transport): [string, Transport] => [name, transport]),
  )

test.for(pairs(FINISH_REASONS))('finish reason %s by %s', async ([name, transport]) => {
  const reason = FINISH_REASONS[name] as Reason
  const fault: Fault =
    name === 'STOP' ? { kind: 'text-only' } : { kind: 'blocked', finishReason: name }
  expect(await refusalAfter(fault, transport)).toEqual(refusal(fault, name, reason, transport))
})

test.for(pairs(BLOCK_REASONS))('block reason %s by %s', async ([name, transport]) => {
  // An interaction names a reason, and not whether it is the prompt's or the picture's.
  const table =
    transport === 'interactions' ? { ...BLOCK_REASONS, ...FINISH_REASONS } : BLOCK_REASONS
  const fault: Fault = { kind: 'prompt-blocked', blockReason: name }
  const reason = table[name] as Reason
  expect(await refusalAfter(fault, transport)).toEqual(refusal(fault, name, reason, transport))
})

test.for(TRANSPORTS)(
  'a reason that Google has added since is passed on, by %s',
  async (transport) => {
    const options: Options = { transport }
    const blocked = await settingFor({ kind: 'blocked', finishReason: 'IMAGE_NEW_SAFETY' })
    expect(await blocked.fail({ options })).toMatchObject({
      code: 'BLOCKED',
      what: 'Google blocked this picture (IMAGE_NEW_SAFETY).',
    })
    const odd = await settingFor({ kind: 'blocked', finishReason: 'TOO_TIRED' })
    expect(await odd.fail({ options })).toMatchObject({
      code: 'NO_IMAGE',
      what: 'The model answered without a picture (TOO_TIRED).',
    })
  },
)

test.for(TRANSPORTS)('what Google or the model says is passed on, by %s', async (transport) => {
  const options: Options = { transport }
  const blocked = await settingFor({ kind: 'blocked' })
  expect(await blocked.fail({ options })).toMatchObject({
    why: expect.stringMatching(/^Google said: ./),
  })
  const wordy = await settingFor({ kind: 'text-only' })
  expect(await wordy.fail({ options })).toMatchObject({
    why: 'The model wrote: I can describe that picture for you: it would be a lovely one.',
  })
})

test.for(TRANSPORTS)(
  'what an unanswered call cost counts against the budget, by %s',
  async (transport) => {
    const stage = await settingFor({ kind: 'blocked' })
    const most = mostFor(PROMPT.length)
    const driver = stage.driver({ options: { transport, budget: most } })
    expect(await thrownBy(() => driver.prepare())).toMatchObject({ code: 'BLOCKED' })
    // Nothing but that call stands between this run and its budget.
    const hero = stage.site.path('hero.prompt.md')
    const retry = (): Promise<unknown> => driver.generate([hero], { retry: true })
    expect(await thrownBy(retry)).toMatchObject({ code: 'BUDGET_EXCEEDED' })
    expect(stage.gemini.requests).toHaveLength(1)
    const another = stage.driver({ options: { transport, budget: most } })
    expect(await another.generate([hero], { retry: true })).toMatchObject({ generated: 1 })
  },
)

test('one blocked picture stops none of the others', async () => {
  const stage = await setStage({
    'main.js': importing('a', 'b', 'c'),
    'a.prompt.md': withAlt('A fox'),
    'b.prompt.md': withAlt('A badger'),
    'c.prompt.md': withAlt('A hare'),
  })
  stage.gemini.fault({ kind: 'blocked', match: /badger/ })
  expect(await stage.fail()).toMatchObject({ code: 'BLOCKED', place: { path: 'b.prompt.md' } })
  expect(stage.gemini.requests).toHaveLength(3)
  expect(stage.log.join('\n')).toMatch(/^3 calls cost \$[\d.]+ .*\none of them was answered/m)
  // It is told again, with when that was, what it cost, and how to ask for it all the same.
  const again = await stage.fail()
  expect(again).toMatchObject({
    code: 'BLOCKED',
    place: { path: 'b.prompt.md' },
    why: expect.stringMatching(/It was refused on \d{4}-\d\d-\d\d at \d\d:\d\d UTC \(\$[\d.]+\)/),
    fix: expect.stringMatching(/npx gemini-image generate "b\.prompt\.md" --retry$/),
  })
  expect(stage.gemini.requests).toHaveLength(3)
  await stage.driver().generate([stage.site.path('b.prompt.md')], { retry: true })
  const { generated, ids } = await stage.prepare()
  expect({ generated, ids: ids.length }).toEqual({ generated: 0, ids: 3 })
})

test('Imagen gives words and no name for what it filters', async () => {
  const stage = await settingFor({ kind: 'blocked' })
  expect(await stage.fail({ options: { model: 'imagen-4.0-generate-001' } })).toMatchObject({
    code: 'BLOCKED',
    why: expect.stringContaining('Responsible AI practices'),
  })
  expect(await leftIn(stage.site)).toEqual([])
})
