import { describe, expect, test } from 'vitest'
import type { BatchProvider } from '@gemini-image/core'
import { resolveOptions } from '@gemini-image/core/internal'
import type { FakeGemini, Fault } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const MB = 1024 * 1024
const never = new AbortController().signal
const context = { signal: never, cutOff: never }

async function uploader(gemini: FakeGemini, baseUrl = gemini.url): Promise<BatchProvider> {
  const env = { ...keyed(gemini), GOOGLE_GEMINI_BASE_URL: baseUrl }
  const site = await createSite({})
  const { provider } = resolveOptions({ retryDelay: 5 }, { hostRoot: site.root, env })
  if (!provider?.batch) throw new Error('The provider has batch jobs')
  return provider.batch
}

/** A file of 20 MB: two whole chunks, and a part of a third. */
async function largeFile(): Promise<string> {
  const site = await createSite({})
  await site.write('requests.jsonl', Buffer.alloc(20 * MB, 'x'))
  return site.path('requests.jsonl')
}

function offsets({ requests }: FakeGemini): string[] {
  const chunks = requests.filter(({ route }) => route === 'uploadChunk')
  return chunks.map(({ headers }) => {
    const offset = headers['x-goog-upload-offset'] ?? ''
    return `${headers['x-goog-upload-command']} ${offset}`.trim()
  })
}

async function stored(gemini: FakeGemini, name: string): Promise<unknown> {
  const headers = { 'x-goog-api-key': 'k' }
  return (await fetch(`${gemini.url}/v1beta/${name}`, { headers })).json()
}

describe('an upload', () => {
  test('goes in chunks of 8 MiB, to the address that was configured', async () => {
    const gemini = await startGemini()
    // A path prefix, as of a proxy.
    const batch = await uploader(gemini, `${gemini.url}/proxy/`)
    const name = await batch.upload(await largeFile(), 'a-name', context)
    expect(name).toBe('files/a-name')
    expect(offsets(gemini)).toEqual(['upload 0', `upload ${8 * MB}`, `upload, finalize ${16 * MB}`])
    expect(await stored(gemini, name)).toMatchObject({ sizeBytes: String(20 * MB) })
  })

  test('that breaks off amid a chunk goes on from where the server says', async () => {
    const gemini = await startGemini()
    const batch = await uploader(gemini)
    gemini.fault({ kind: 'reset', on: 'uploadChunk' })
    const name = await batch.upload(await largeFile(), 'a-name', context)
    expect(offsets(gemini)).toEqual([
      'upload 0',
      'query',
      `upload ${4 * MB}`,
      `upload, finalize ${12 * MB}`,
    ])
    expect(await stored(gemini, name)).toMatchObject({ sizeBytes: String(20 * MB) })
  })

  test.for<Fault>([
    { kind: 'unavailable', on: 'uploadChunk' },
    { kind: 'lost', on: 'uploadChunk' },
    { kind: 'truncated', on: 'uploadChunk' },
    { kind: 'unavailable', on: 'startUpload' },
    { kind: 'rate-limited', on: 'startUpload' },
  ])('survives $kind on $on', async (fault) => {
    const gemini = await startGemini()
    const batch = await uploader(gemini)
    gemini.fault(fault)
    const name = await batch.upload(await largeFile(), 'a-name', context)
    expect(await stored(gemini, name)).toMatchObject({ sizeBytes: String(20 * MB) })
  })

  test('whose last answer is lost is found by its name', async () => {
    const gemini = await startGemini()
    const batch = await uploader(gemini)
    const site = await createSite({ 'small.jsonl': '{}\n' })
    gemini.fault({ kind: 'lost', on: 'uploadChunk' })
    expect(await batch.upload(site.path('small.jsonl'), 'a-name', context)).toBe('files/a-name')
    expect(gemini.requests.map(({ route }) => route)).toEqual([
      'startUpload',
      'uploadChunk',
      'uploadChunk',
      'getFile',
    ])
  })

  test('gives up in the end', async () => {
    const gemini = await startGemini()
    const batch = await uploader(gemini)
    gemini.fault({ kind: 'unavailable', on: 'uploadChunk', times: Infinity })
    const error = await batch.upload(await largeFile(), 'a-name', context).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })
})
