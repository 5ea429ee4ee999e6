import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  Replay,
  PastAnswer,
  Provider,
  ProviderContext,
  ProviderJob,
} from '../src/providers/provider.ts'
import { refuse } from '../src/providers/refusal.ts'
import { googleProvider, type GoogleOptions } from '../src/providers/google/google.ts'
import { job } from './support/job.ts'

const sleepers = vi.hoisted(() => new Set<NodeJS.Timeout>())

// Fake timers stand for the global ones only; and the tests ask how many calls wait.
vi.mock('node:timers/promises', async (original) => {
  const setTimeout = (ms: number, value: unknown, options?: { signal?: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const wake = (): void => {
        sleepers.delete(timer)
        resolve(value)
      }
      const timer = globalThis.setTimeout(wake, ms)
      sleepers.add(timer)
      const onAbort = (): void => {
        clearTimeout(timer)
        sleepers.delete(timer)
        reject(new DOMException('Aborted', 'AbortError'))
      }
      options?.signal?.addEventListener('abort', onAbort, { once: true })
    })
  return { ...(await original<object>()), setTimeout }
})

/** What a server was sent. */
interface Call {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

type Reply = (response: ServerResponse, number: number) => unknown

// The tests run side by side, so their servers are closed after all of them.
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

/** A server on loopback; `reply` gets the number of the call, from 1. */
async function serve(reply: Reply): Promise<{ readonly url: string; readonly calls: Call[] }> {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      calls.push({ path: request.url ?? '', body: JSON.parse(text) })
      void reply(response, calls.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

/** Resolves once something is so, whatever the clock says. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
}

/** Resolves once the server has the first call. */
function arrival(calls: readonly Call[]): Promise<void> {
  return until(() => calls.length > 0)
}

const PICTURE = Buffer.from('a picture').toString('base64')
const content = {
  candidates: [{ content: { parts: [{ inlineData: { data: PICTURE } }] }, finishReason: 'STOP' }],
}
const interaction = {
  id: 'i-2',
  status: 'completed',
  steps: [{ type: 'model_output', content: [{ type: 'image', data: PICTURE }] }],
}
const prediction = { predictions: [{ bytesBase64Encoded: PICTURE }] }

function answer(response: ServerResponse, json: object = content): void {
  response.end(JSON.stringify(json))
}

function tooMany(response: ServerResponse, retryDelay: string): void {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }]
  response.writeHead(429).end(JSON.stringify({ error: { message: 'slow down', details } }))
}

function provider(baseUrl: string, options: Partial<GoogleOptions> = {}): Provider {
  return googleProvider({
    transport: 'generate-content',
    serverState: false,
    totalTimeout: 20_000,
    timeout: 5000,
    attempts: 4,
    retryDelay: 1,
    apiVersion: 'v1beta',
    key: 'key',
    baseUrl,
    ...options,
  })
}

interface Surroundings {
  readonly context: ProviderContext
  readonly stop: AbortController
  readonly cut: AbortController
  /** How often a call was counted as possibly paid. */
  counted(): number
}

function surroundings(): Surroundings {
  const [stop, cut] = [new AbortController(), new AbortController()]
  let count = 0
  const countPossiblyPaid = (): void => void (count += 1)
  return {
    context: { signal: stop.signal, cutOff: cut.signal, countPossiblyPaid, refuse },
    stop,
    cut,
    counted: () => count,
  }
}

const calm = (): ProviderContext => surroundings().context

/** Longer than any test may take: what waits for it fails. */
const FOR_EVER = 3_600_000

/** Resolves with what was thrown. */
async function failing(work: Promise<unknown>): Promise<{ error: unknown }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) throw new Error('Expected a failure')
  return { error }
}

const turned = { prompt: 'At night', aspectRatio: '16:9', size: '2K' }

function afterTurn(replay: Replay | undefined): Partial<ProviderJob> {
  const bytes = async (): Promise<Uint8Array> => Buffer.from('first')
  const past: PastAnswer = { replay, images: [{ type: 'image/png', bytes }] }
  const { request } = job()
  return { request: { ...request, turns: [turned] }, history: [past] }
}

const FIRST = Buffer.from('first').toString('base64')

describe('the pace', () => {
  beforeEach(() => {
    sleepers.clear()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => vi.useRealTimers())

  /** Resolves once so many calls wait for the clock. */
  const waiting = (count: number): Promise<void> => until(() => sleepers.size === count)

  test('after a 429 nobody calls for as long as the server asks, and then one by one', async () => {
    // No answer speeds the calls up again before all of them were made.
    const held: ServerResponse[] = []
    const { url, calls } = await serve((response, number) => {
      if (number === 1) tooMany(response, '0.3s')
      else held.push(response)
    })
    const google = provider(url)
    const all = [google.generate(job(), calm())]
    await waiting(1)
    all.push(...[1, 2, 3].map(() => google.generate(job(), calm())))
    await waiting(4)
    await vi.advanceTimersByTimeAsync(299)
    expect(sleepers.size).toBe(4)
    await vi.advanceTimersByTimeAsync(2)
    for (const left of [3, 2, 1, 0]) {
      expect(sleepers.size).toBe(left)
      await until(() => held.length === 4 - left)
      await vi.advanceTimersByTimeAsync(245)
      expect(sleepers.size).toBe(left)
      await vi.advanceTimersByTimeAsync(6)
    }
    for (const response of held) answer(response)
    await Promise.all(all)
    expect(calls).toHaveLength(5)
  })

  test('calls that start together go out together', async () => {
    const held: ServerResponse[] = []
    const { url } = await serve((response) => {
      held.push(response)
      if (held.length === 6) for (const one of held) answer(one)
    })
    const google = provider(url)
    await Promise.all(Array.from({ length: 6 }, () => google.generate(job(), calm())))
    expect(held).toHaveLength(6)
  })

  test('a 500 slows down nobody else', async () => {
    const { url, calls } = await serve((response, number) => {
      if (number === 1) response.writeHead(503, { 'retry-after': '0.5' }).end()
      else answer(response)
    })
    const google = provider(url)
    const first = google.generate(job(), calm())
    await waiting(1)
    await google.generate(job(), calm())
    expect(calls).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(499)
    await waiting(1)
    await vi.advanceTimersByTimeAsync(2)
    await first
    expect(calls).toHaveLength(3)
  })

  test('is one provider’s own', async () => {
    const { url, calls } = await serve((response, number) => {
      if (number === 1) tooMany(response, '0.5s')
      else answer(response)
    })
    const first = provider(url).generate(job(), calm())
    await waiting(1)
    await provider(url).generate(job(), calm())
    expect(calls).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(501)
    await first
    expect(calls).toHaveLength(3)
  })
})

test('the time for one attempt bounds each, and the next may succeed', async () => {
  const granted = vi.spyOn(AbortSignal, 'timeout')
  const { url, calls } = await serve((response, number) => {
    if (number === 3) answer(response)
  })
  const around = surroundings()
  await provider(url, { timeout: 100 }).generate(job(), around.context)
  expect(calls).toHaveLength(3)
  expect(around.counted()).toBe(2)
  expect(granted.mock.calls).toEqual([[100], [100], [100]])
  granted.mockRestore()
})

describe.concurrent('the time', () => {
  test('for all attempts is up when it is up, whatever the server asks', async () => {
    const { url, calls } = await serve((response) => tooMany(response, '30s'))
    const { error } = await failing(provider(url, { totalTimeout: 400 }).generate(job(), calm()))
    expect(error).toMatchObject({ code: 'RATE_LIMITED' })
    expect(calls).toHaveLength(1)
  })

  test('for all attempts also holds for a call that waits for its turn', async () => {
    const { url, calls } = await serve((response) => tooMany(response, '1.5s'))
    const google = provider(url, { totalTimeout: 400 })
    const first = failing(google.generate(job(), calm()))
    await arrival(calls)
    await sleep(30)
    const { error } = await failing(google.generate(job(), calm()))
    expect(error).toMatchObject({ code: 'RATE_LIMITED' })
    await first
    expect(calls).toHaveLength(1)
  })

  test('for all attempts bounds the one under way', async () => {
    const { url, calls } = await serve(() => undefined)
    const { error } = await failing(
      provider(url, { totalTimeout: 300, timeout: FOR_EVER }).generate(job(), calm()),
    )
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(calls).toHaveLength(1)
  })

  test('also bounds an answer that begins and never ends', async () => {
    const { url } = await serve((response) => response.write('{"candidates":'))
    const { error } = await failing(
      provider(url, { timeout: 100, attempts: 1, totalTimeout: FOR_EVER }).generate(job(), calm()),
    )
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })

  test('is not spent on trying again what cannot become true', async () => {
    const { url, calls } = await serve((response) => response.end('{"candidates":[]}'))
    const { error } = await failing(provider(url).generate(job(), calm()))
    expect(error).toMatchObject({ code: 'NO_IMAGE' })
    expect(calls).toHaveLength(1)
  })
})

describe.concurrent('the end', () => {
  test('a call that hangs is cut off at once, and counted once', async () => {
    const { url, calls } = await serve(() => undefined)
    const around = surroundings()
    const patient = { timeout: FOR_EVER, totalTimeout: FOR_EVER }
    const work = failing(provider(url, patient).generate(job(), around.context))
    await arrival(calls)
    around.cut.abort()
    const { error } = await work
    expect(error).toMatchObject({ code: 'STOPPED' })
    expect(around.counted()).toBe(1)
    await sleep(50)
    expect(calls).toHaveLength(1)
  })

  test('a call is also cut off, and counted, where no further one may begin either', async () => {
    const { url, calls } = await serve(() => undefined)
    const around = surroundings()
    const work = failing(provider(url).generate(job(), around.context))
    await arrival(calls)
    around.stop.abort()
    around.cut.abort()
    const { error } = await work
    expect(error).toMatchObject({ code: 'STOPPED' })
    expect(around.counted()).toBe(1)
  })

  test('a call under way goes on to its end when no further one may begin', async () => {
    const { url, calls } = await serve(async (response) => {
      await sleep(150)
      answer(response)
    })
    const around = surroundings()
    const work = provider(url).generate(job(), around.context)
    await arrival(calls)
    around.stop.abort()
    // It is paid for: its picture must not be thrown away.
    const { parts } = await work
    expect(parts).toHaveLength(1)
  })

  test('a call that waits for its next attempt ends at once', async () => {
    const { url, calls } = await serve((response) =>
      response.writeHead(503, { 'retry-after': '60' }).end(),
    )
    const around = surroundings()
    const patient = provider(url, { totalTimeout: FOR_EVER })
    const work = failing(patient.generate(job(), around.context))
    await arrival(calls)
    await sleep(50)
    around.stop.abort()
    await work
    expect(calls).toHaveLength(1)
    expect(around.counted()).toBe(0)
  })

  test('a call that waits for its turn ends at once', async () => {
    const { url, calls } = await serve((response) => tooMany(response, '60s'))
    const google = provider(url, { totalTimeout: FOR_EVER })
    const [first, second] = [surroundings(), surroundings()]
    const works = [failing(google.generate(job(), first.context))]
    await arrival(calls)
    await sleep(50)
    works.push(failing(google.generate(job(), second.context)))
    await sleep(50)
    for (const { stop } of [first, second]) stop.abort()
    await Promise.all(works)
    expect(calls).toHaveLength(1)
  })

  test('a call that was stopped before it began is not made', async () => {
    const { url, calls } = await serve((response) => answer(response))
    const around = surroundings()
    around.stop.abort()
    await failing(provider(url).generate(job(), around.context))
    expect(calls).toEqual([])
  })

  test('a budget that has no room for a second try ends the tries', async () => {
    const { url, calls } = await serve((response) => void response.socket?.destroy())
    const countPossiblyPaid = (): void => {
      throw new Error('no room')
    }
    await expect(provider(url).generate(job(), { ...calm(), countPossiblyPaid })).rejects.toThrow(
      'no room',
    )
    expect(calls).toHaveLength(1)
  })
})

describe.concurrent('the API', () => {
  const reply: Reply = (response) => answer(response, { ...content, ...interaction, ...prediction })

  test.for([
    ['generate-content', undefined, '/v1beta/models/gemini-nano-banana-2.1:generateContent'],
    ['interactions', undefined, '/v1beta/interactions'],
    ['generate-content', 'interactions', '/v1beta/interactions'],
    ['interactions', 'generate-content', '/v1beta/models/gemini-nano-banana-2.1:generateContent'],
  ] as const)('of the option %s and the declaration %s', async ([option, declared, path]) => {
    const { url, calls } = await serve(reply)
    const google = provider(url, { transport: option })
    const { parts } = await google.generate(job({ transport: declared }), calm())
    expect(calls.map((call) => call.path)).toEqual([path])
    expect(parts).toHaveLength(1)
  })

  test('of Imagen is its own, whatever the option says', async () => {
    const { url, calls } = await serve(reply)
    const google = provider(url, { transport: 'interactions', serverState: true })
    await google.generate(job({}, 'imagen-4.0-fast-generate-001'), calm())
    expect(calls[0]).toMatchObject({
      path: '/v1beta/models/imagen-4.0-fast-generate-001:predict',
      body: {
        instances: [{ prompt: 'A fox' }],
        parameters: { sampleCount: 1, aspectRatio: '1:1' },
      },
    })
    expect(calls[0]?.body['parameters']).not.toHaveProperty('sampleImageSize')
  })
})

describe.concurrent('turns', () => {
  const signed: Replay = {
    api: 'generate-content',
    items: [{ text: 'One' }, { $image: 0, thoughtSignature: 's' }],
  }
  const output = { type: 'model_output', content: [{ $image: 0 }] }
  const kept: Replay = {
    api: 'interactions',
    items: [{ type: 'thought', signature: 's' }, output],
    id: 'i-1',
  }
  const picture = { type: 'image', mime_type: 'image/png', data: FIRST }
  const ask = { type: 'user_input', content: [{ type: 'text', text: 'A fox' }] }
  const more = { type: 'user_input', content: [{ type: 'text', text: 'At night' }] }
  const history = [ask, kept.items[0], { type: 'model_output', content: [picture] }, more]

  test('of generate-content send the conversation, signatures included', async () => {
    const { url, calls } = await serve((response) => answer(response))
    await provider(url).generate(job(afterTurn(signed)), calm())
    expect(calls[0]?.body).toMatchObject({
      contents: [
        { role: 'user', parts: [{ text: 'A fox' }] },
        {
          role: 'model',
          parts: [
            { text: 'One' },
            { inlineData: { mimeType: 'image/png', data: FIRST }, thoughtSignature: 's' },
          ],
        },
        { role: 'user', parts: [{ text: 'At night' }] },
      ],
      generationConfig: { imageConfig: { aspectRatio: '16:9', imageSize: '2K' } },
    })
  })

  test.for([[kept], [undefined]] as const)(
    'of generate-content after %j send the picture as one of the user’s',
    async ([replay]) => {
      const { url, calls } = await serve((response) => answer(response))
      await provider(url).generate(job(afterTurn(replay)), calm())
      expect(calls[0]?.body['contents']).toEqual([
        {
          role: 'user',
          parts: [{ text: 'At night' }, { inlineData: { mimeType: 'image/png', data: FIRST } }],
        },
      ])
    },
  )

  test.for([[signed], [undefined]] as const)(
    'of interactions after %j send the picture as one of the user’s',
    async ([replay]) => {
      const { url, calls } = await serve((response) => answer(response, interaction))
      const google = provider(url, { transport: 'interactions', serverState: true })
      await google.generate(job(afterTurn(replay)), calm())
      expect(calls[0]?.body).toMatchObject({ input: [{ text: 'At night' }, picture], store: true })
      expect(calls[0]?.body).not.toHaveProperty('previous_interaction_id')
    },
  )

  test('of interactions send all steps where Google keeps none', async () => {
    const { url, calls } = await serve((response) => answer(response, interaction))
    const google = provider(url, { transport: 'interactions' })
    const { replay } = await google.generate(job(afterTurn(kept)), calm())
    expect(calls[0]?.body).toMatchObject({ input: history, store: false })
    expect(calls[0]?.body).not.toHaveProperty('previous_interaction_id')
    expect(replay).not.toHaveProperty('id')
  })

  test('of interactions go on from what Google keeps', async () => {
    const { url, calls } = await serve((response) => answer(response, interaction))
    const google = provider(url, { transport: 'interactions', serverState: true })
    const { replay } = await google.generate(job(afterTurn(kept)), calm())
    expect(calls[0]?.body).toMatchObject({
      previous_interaction_id: 'i-1',
      input: [{ type: 'text', text: 'At night' }],
      store: true,
    })
    expect(replay?.id).toBe('i-2')
  })

  test('of interactions send all steps where Google has forgotten', async () => {
    const { url, calls } = await serve((response, number) => {
      if (number === 1) response.writeHead(404).end('{"error":{"message":"no interaction"}}')
      else answer(response, interaction)
    })
    const google = provider(url, { transport: 'interactions', serverState: true })
    const { parts } = await google.generate(job(afterTurn(kept)), calm())
    expect(parts).toHaveLength(1)
    expect(calls).toHaveLength(2)
    expect(calls[0]?.body).toMatchObject({ previous_interaction_id: 'i-1' })
    expect(calls[1]?.body).toMatchObject({ input: history, store: true })
    expect(calls[1]?.body).not.toHaveProperty('previous_interaction_id')
  })

  test.for([
    ['a first call', job(), 1],
    ['a turn', job(afterTurn(kept)), 2],
  ] as const)('a model that is not known is told after %s', async ([, asked, expected]) => {
    const { url, calls } = await serve((response) => response.writeHead(404).end('{}'))
    const google = provider(url, { transport: 'interactions', serverState: true })
    const { error } = await failing(google.generate(asked, calm()))
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(calls).toHaveLength(expected)
  })
})
