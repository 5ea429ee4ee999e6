import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import type { BatchProvider } from '../src/providers/batch-provider.ts'
import { googleProvider } from '../src/providers/google/google.ts'
import { tempDir } from './support/temp-dir.ts'

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

type Reply = (request: IncomingMessage, response: ServerResponse) => unknown

/** Batch jobs at a server on loopback; `calls` counts the requests. */
async function serve(
  reply: Reply,
): Promise<{ batch: BatchProvider; calls: string[]; url: string }> {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    request.resume().on('end', () => reply(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { batch } = googleProvider({
    transport: 'generate-content',
    serverState: false,
    totalTimeout: 5000,
    timeout: 2000,
    attempts: 2,
    retryDelay: 1,
    apiVersion: 'v1beta',
    key: 'the-key',
    baseUrl: url,
  })
  if (!batch) throw new Error('Google has batch jobs')
  return { batch, calls, url }
}

function context(): { signal: AbortSignal; cutOff: AbortSignal } {
  const { signal } = new AbortController()
  return { signal, cutOff: signal }
}

function json(value: unknown): Reply {
  return (_request, response) => response.end(JSON.stringify(value))
}

describe('a list of jobs', () => {
  test.for(['', undefined, 'again'])('ends with the token %j', async (nextPageToken) => {
    const { batch, calls } = await serve(json({ operations: [], nextPageToken }))
    expect(await batch.find('nobody', context())).toBeUndefined()
    expect(calls).toHaveLength(nextPageToken ? 2 : 1)
  })

  test('that is none is no answer to whether a job is there', async () => {
    const { batch } = await serve(json([]))
    await expect(batch.find('nobody', context())).rejects.toMatchObject({ code: 'BAD_ANSWER' })
  })
})

describe('a job', () => {
  test.for([
    [{ metadata: { state: 'BATCH_STATE_PENDING' } }, 'pending'],
    [{ metadata: { state: 'JOB_STATE_EXPIRED' } }, 'expired'],
    [{ metadata: { state: 'BATCH_STATE_THINKING' } }, 'running'],
    [{}, 'running'],
    [{ done: true, response: { responsesFile: 'files/a' } }, 'succeeded'],
    [{ done: true, error: { code: 13, message: 'no' } }, 'failed'],
    [{ done: true, error: null, response: null, metadata: null }, 'succeeded'],
    [{ done: null, metadata: { state: null, output: null, batchStats: null } }, 'running'],
  ] as const)('%j is %s', async ([change, state]) => {
    const { batch } = await serve(json({ name: 'batches/a', ...change }))
    expect(await batch.get('batches/a', context())).toMatchObject({ state })
  })

  test('tells its counts, which are strings, and its results', async () => {
    const batchStats = { requestCount: '3', successfulRequestCount: '2' }
    const output = { responsesFile: 'files/out' }
    const { batch } = await serve(
      json({ name: 'batches/a', metadata: { batchStats, output, displayName: 'ours' } }),
    )
    expect(await batch.get('batches/a', context())).toMatchObject({
      displayName: 'ours',
      counts: { total: 3, succeeded: 2, failed: 0 },
      results: 'files/out',
    })
  })

  test('with a name that is no plain one is none', async () => {
    const { batch } = await serve(json({ name: 'batches/../files/a' }))
    await expect(batch.get('batches/a', context())).rejects.toMatchObject({ code: 'BAD_ANSWER' })
  })
})

test.for([429, 503])(
  'a server that answers %i and asks for a day: nobody waits beyond the time for all attempts',
  // All attempts have five seconds; the server's wish would be granted up to a minute.
  { timeout: 50_000 },
  async (status) => {
    const { batch } = await serve(({ method }, response) =>
      method === 'POST'
        ? response.writeHead(status, { 'retry-after': '86400' }).end('{}')
        : response.end('{"operations":[]}'),
    )
    const order = { displayName: 'a', model: 'm', file: 'files/f' }
    await expect(batch.create(order, context())).rejects.toMatchObject({
      code: status === 429 ? 'RATE_LIMITED' : 'PROVIDER_UNAVAILABLE',
    })
  },
)

test('a redirect is not followed', async () => {
  const dir = await tempDir()
  const other = await serve(json({ name: 'batches/a' }))
  const { batch } = await serve((_request, response) =>
    response.writeHead(307, { location: `${other.url}/v1beta/batches/a` }).end(),
  )
  for (const work of [
    () => batch.get('batches/a', context()),
    () => batch.download('files/a', path.join(dir, 'results'), context()),
    () => batch.create({ displayName: 'a', model: 'm', file: 'files/a' }, context()),
  ]) {
    await expect(work()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  }
  expect(other.calls).toEqual([])
})

describe('a download', () => {
  test.for([
    ['{"key":"a"}\n{"key":"b"}\n', 1],
    ['{"key":"a"}\n{"key":"b"}', 1],
    [`{"key":"${'a'.repeat(200_000)}"}`, 1],
    ['{"key":"a"}\n{"key":"', 2],
    [`{"key":"${'a'.repeat(200_000)}`, 2],
    ['', 2],
  ] as const)('of lines such as these is whole, or tried again (%#)', async ([text, attempts]) => {
    const { batch, calls } = await serve((_request, response) => response.end(text))
    const file = path.join(await tempDir(), 'results')
    const outcome = await batch.download('files/a', file, context()).catch((error) => error.code)
    expect(outcome).toBe(attempts === 1 ? undefined : 'BATCH_INCOMPLETE')
    expect(calls).toEqual(Array(attempts).fill('/v1beta/files/a:download?alt=media'))
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  test('that goes on and on is given its time, and one that stands still is not', async () => {
    const { batch } = await serve(async (request, response) => {
      const isSlow = request.url?.includes('slow')
      for (let count = 0; count < 6; count += 1) {
        response.write('{"key":"a"}\n')
        await sleep(isSlow ? 400 : 100)
        if (!isSlow && count === 1) return
      }
      response.end()
    })
    const file = path.join(await tempDir(), 'results')
    await batch.download('files/slow', file, context())
    await expect(batch.download('files/still', file, context())).rejects.toMatchObject({
      code: 'BATCH_INCOMPLETE',
    })
    // What came of the longer attempt stays.
    expect(await readFile(file, 'utf8')).toHaveLength(72)
  }, 10_000)

  test('keeps the longest of several attempts', async () => {
    const texts = ['{"key":"a"}\n{"key":"b"}\n{"k', '{"key":"a"}\n{']
    const { batch } = await serve((_request, response) => response.end(texts.shift()))
    const file = path.join(await tempDir(), 'results')
    await expect(batch.download('files/a', file, context())).rejects.toThrow('BATCH_INCOMPLETE')
    expect(await readFile(file, 'utf8')).toContain('"b"')
  })
})

describe('a line of results', () => {
  const asked = { model: 'm', withText: false }

  test.for([
    [3, 'REFUSED_REQUEST'],
    [400, 'REFUSED_REQUEST'],
    [8, 'RATE_LIMITED'],
    [429, 'RATE_LIMITED'],
    [5, 'MODEL_NOT_FOUND'],
    [13, 'PROVIDER_UNAVAILABLE'],
    [14, 'PROVIDER_UNAVAILABLE'],
    [2, 'PROVIDER_UNAVAILABLE'],
    [10, 'PROVIDER_UNAVAILABLE'],
    ['14', 'PROVIDER_UNAVAILABLE'],
    [null, 'PROVIDER_UNAVAILABLE'],
  ] as const)('with the error %i is %s', async ([code, expected]) => {
    const { batch } = await serve(json({}))
    const line = batch.open(JSON.stringify({ key: 'k', error: { code, message: 'Why.' } }))
    expect(line?.key).toBe('k')
    expect(() => line?.read(asked)).toThrow(expect.objectContaining({ code: expected }))
  })

  test('is read as the answer to a live call is', async () => {
    const { batch } = await serve(json({}))
    const data = Buffer.from('a picture').toString('base64')
    const response = { candidates: [{ content: { parts: [{ inlineData: { data } }] } }] }
    const line = batch.open(JSON.stringify({ key: 'k', response }))
    expect(line?.read(asked).parts).toHaveLength(1)
    const withNulls = batch.open(
      JSON.stringify({ key: 'k', response, error: null, metadata: null }),
    )
    expect(withNulls?.read(asked).parts).toHaveLength(1)
    expect(batch.open('{"key":"k","resp')).toBeUndefined()
    expect(() => batch.open('{"key":"k"}')?.read(asked)).toThrow(
      expect.objectContaining({ code: 'BAD_ANSWER' }),
    )
  })
})
