import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refuse } from '../src/providers/refusal.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'
import { resolveOptions } from '../src/options/resolve-options.ts'
import { googleProvider } from '../src/providers/google/google.ts'
import type { ProviderResult } from '../src/providers/provider.ts'
import { job } from './support/job.ts'

const KEY = 'the-secret-key-of-somebody'

interface Server {
  readonly url: string
  readonly requests: string[]
  stop(): Promise<void>
}

async function serve(listener: RequestListener): Promise<Server> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): Promise<void> =>
    new Promise((resolve) => server.close(() => resolve()).closeAllConnections())
  onTestFinished(stop)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, requests, stop }
}

interface Asking {
  readonly timeout?: number
  readonly countPossiblyPaid?: () => void
}

function ask(baseUrl: string, asking: Asking = {}): Promise<ProviderResult> {
  const provider = googleProvider({
    transport: 'generate-content',
    serverState: false,
    totalTimeout: 60_000,
    baseUrl,
    apiVersion: 'v1beta',
    key: KEY,
    timeout: asking.timeout ?? 5000,
    attempts: 3,
    retryDelay: 1,
  })
  return provider.generate(job(), {
    signal: new AbortController().signal,
    cutOff: new AbortController().signal,
    countPossiblyPaid: asking.countPossiblyPaid ?? (() => undefined),
    refuse,
  })
}

const answer = {
  candidates: [{ content: { parts: [{ inlineData: { data: 'AAAA' } }] }, finishReason: 'STOP' }],
}

test('a base URL may have a path of its own and a slash at its end', async () => {
  const { url, requests } = await serve((_, response) => response.end(JSON.stringify(answer)))
  await ask(`${url}/proxy/google/`)
  expect(requests).toEqual(['/proxy/google/v1beta/models/gemini-nano-banana-2.1:generateContent'])
})

test.for([
  [400, 'REFUSED_REQUEST', 1],
  [403, 'INVALID_KEY', 1],
  [404, 'MODEL_NOT_FOUND', 1],
  [409, 'PROVIDER_UNAVAILABLE', 3],
  [429, 'RATE_LIMITED', 3],
  [500, 'PROVIDER_UNAVAILABLE', 3],
  [503, 'PROVIDER_UNAVAILABLE', 3],
] as const)('status %i is %s after %i calls', async ([status, code, calls]) => {
  const { url, requests } = await serve((_, response) => {
    response.writeHead(status).end(JSON.stringify({ error: { message: 'Google’s words' } }))
  })
  await expect(ask(url)).rejects.toMatchObject({
    code,
    why: expect.stringContaining('Google’s words'),
  })
  expect(requests).toHaveLength(calls)
})

test('a country without the API is told as one', async () => {
  const error = { message: 'User location is not supported for the API use.' }
  const { url } = await serve((_, response) => {
    response.writeHead(400).end(JSON.stringify({ error }))
  })
  await expect(ask(url)).rejects.toMatchObject({
    code: 'REFUSED_REQUEST',
    what: expect.stringContaining('no country'),
    fix: expect.stringContaining('available-regions'),
  })
})

test('what the server asks to wait is waited', async () => {
  const arrivals: number[] = []
  const { url } = await serve((_, response) => {
    arrivals.push(performance.now())
    if (arrivals.length === 3) response.end(JSON.stringify(answer))
    else if (arrivals.length === 2) response.writeHead(503, { 'retry-after': '0.2' }).end()
    else {
      const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.3s' }]
      response.writeHead(429).end(JSON.stringify({ error: { message: 'slow', details } }))
    }
  })
  await ask(url)
  const [first = 0, second = 0, third = 0] = arrivals
  expect(second - first).toBeGreaterThan(295)
  expect(third - second).toBeGreaterThan(195)
})

test('a call that may have been paid for is counted before it is repeated', async () => {
  let counted = 0
  const count = (): void => void (counted += 1)
  const lost = await serve((request) => void request.socket.destroy())
  await expect(ask(lost.url, { countPossiblyPaid: count })).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
  })
  expect(lost.requests).toHaveLength(3)
  expect(counted).toBe(3)
  counted = 0
  const silent = await serve(() => undefined)
  await expect(ask(silent.url, { timeout: 50, countPossiblyPaid: count })).rejects.toThrow(
    'did not answer in time',
  )
  expect(counted).toBe(3)
  counted = 0
  const nobody = await serve(() => undefined)
  await nobody.stop()
  // Nobody listens: nothing can have been paid for.
  await expect(ask(nobody.url, { countPossiblyPaid: count })).rejects.toThrow('ECONNREFUSED')
  expect(counted).toBe(0)
})

test('a redirect is not followed: it would carry the key to a host that nobody chose', async () => {
  const elsewhere = await serve((_, response) => response.end(JSON.stringify(answer)))
  const { url } = await serve((_, response) =>
    response.writeHead(307, { location: elsewhere.url }).end(),
  )
  await expect(ask(url)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(elsewhere.requests).toEqual([])
})

describe('a server that echoes the key', () => {
  const echoes: readonly [string, number, string][] = [
    ['an error’s message', 400, JSON.stringify({ error: { message: `bad key ${KEY}` } })],
    ['an error in HTML', 500, `<html>${KEY}</html>`],
    ['a page in place of an answer', 200, `${KEY} <html>`],
    [
      'a block’s message',
      200,
      JSON.stringify({ candidates: [{ finishReason: 'SAFETY', finishMessage: KEY }] }),
    ],
    ['a text', 200, JSON.stringify({ candidates: [{ content: { parts: [{ text: KEY }] } }] })],
  ]
  test.for(echoes)('in %s gets it into no error', async ([, status, body]) => {
    const { url } = await serve((_, response) => response.writeHead(status).end(body))
    const error: unknown = await ask(url).catch((reason: unknown) => reason)
    expect(isGeminiImageError(error)).toBe(true)
    const { message, stack, cause } = error as Error
    const shown = [
      message,
      stack,
      String(cause),
      JSON.stringify(error),
      inspect(error, { depth: 10 }),
    ]
    expect(shown.join('\n')).not.toContain(KEY)
  })
})

test('the resolved options show the key to nobody', () => {
  const options = resolveOptions({}, { hostRoot: '/', env: { GEMINI_API_KEY: KEY } })
  expect(options.provider).toBeDefined()
  expect(JSON.stringify(options) + inspect(options, { depth: 10, showHidden: true })).not.toContain(
    KEY,
  )
})
