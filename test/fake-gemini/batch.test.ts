import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GoogleGenAI } from '@google/genai'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { useFakeGemini } from './client.ts'

const client = useFakeGemini()
const model = 'gemini-nano-banana-2.1'

afterEach(() => client.fake.batches.steer({ state: 'auto' }))

function sdk(apiVersion = 'v1beta'): GoogleGenAI {
  const httpOptions = { baseUrl: client.fake.url }
  return new GoogleGenAI({ apiKey: 'some-key', vertexai: false, apiVersion, httpOptions })
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'fake-batch-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

function line(key: string, text = 'a cat'): string {
  const generationConfig = { responseModalities: ['IMAGE'] }
  const contents = [{ role: 'user', parts: [{ text }] }]
  return `${JSON.stringify({ key, request: { contents, generationConfig } })}\n`
}

interface Job {
  readonly name: string
  readonly state: string | undefined
  readonly output: string | undefined
}

async function create(text: string): Promise<Job> {
  const file = await sdk().files.upload({
    file: new Blob([text]),
    config: { mimeType: 'application/jsonl', displayName: 'requests' },
  })
  const job = await sdk().batches.create({
    model,
    src: file.name ?? '',
    config: { displayName: 'a job' },
  })
  return { name: job.name ?? '', state: job.state, output: undefined }
}

async function poll(name: string): Promise<Job> {
  const job = await sdk().batches.get({ name })
  return { name, state: job.state, output: job.dest?.fileName }
}

async function results(output: string | undefined): Promise<Record<string, unknown>[]> {
  const downloadPath = path.join(await folder(), 'results.jsonl')
  await sdk().files.download({ file: output ?? '', downloadPath })
  // The SDK resolves before the file is written.
  await expect.poll(() => readFile(downloadPath, 'utf8').catch(() => '')).toMatch(/\n$/)
  const text = await readFile(downloadPath, 'utf8')
  return text
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one))
}

describe('Google’s own SDK', () => {
  test.for(['v1', 'v1beta'])('uploads a file of several chunks (%s)', async (version) => {
    const file = path.join(await folder(), 'requests.jsonl')
    const text = 'x'.repeat(9 * 1024 * 1024)
    await writeFile(file, text)
    const config = { mimeType: 'application/jsonl', name: `files/abc-${version}` }
    const uploaded = await sdk(version).files.upload({ file, config })
    expect(uploaded).toMatchObject({ name: config.name, sizeBytes: String(text.length) })
    expect(client.fake.requests.map(({ route }) => route)).toEqual([
      'startUpload',
      'uploadChunk',
      'uploadChunk',
    ])
  })

  test('creates a job, watches it and reads its results', async () => {
    const job = await create(line('a') + line('b', 'a dog'))
    expect(job.state).toBe('JOB_STATE_PENDING')
    expect(await poll(job.name)).toMatchObject({ state: 'JOB_STATE_RUNNING', output: undefined })
    const ended = await poll(job.name)
    expect(ended.state).toBe('JOB_STATE_SUCCEEDED')
    const lines = await results(ended.output)
    expect(lines.map(({ key }) => key).toSorted()).toEqual(['a', 'b'])
    expect(lines[0]).toMatchObject({ response: { candidates: [{ finishReason: 'STOP' }] } })
  })

  test('lists and cancels jobs', async () => {
    client.fake.batches.steer({ state: 'held' })
    const job = await create(line('a'))
    const names: unknown[] = []
    for await (const one of await sdk().batches.list()) names.push(one.name)
    expect(names[0]).toBe(job.name)
    await sdk().batches.cancel({ name: job.name })
    expect((await poll(job.name)).state).toBe('JOB_STATE_CANCELLED')
  })
})

test('a bad line is an error in the results, and no other line suffers', async () => {
  const strange = '{"key":"b","request":{"contents":[{"parts":[{"text":"x"}]}],"size":"1K"}}\n'
  const { name } = await create(`${line('a')}${strange}half a li\n`)
  await poll(name)
  const lines = await results((await poll(name)).output)
  expect(lines.find(({ key }) => key === 'a')).toHaveProperty('response')
  expect(lines.find(({ key }) => key === 'b')).toMatchObject({
    error: { code: 3, message: expect.stringContaining('Unknown name "size"') },
  })
  expect(lines.find(({ key }) => key === undefined)).toMatchObject({ error: { code: 3 } })
})

test('a job can fail, expire, or be cancelled with some of its results', async () => {
  client.fake.batches.steer({ state: 'FAILED', message: 'Out of paint.' })
  const failed = await create(line('a'))
  expect(await poll(failed.name)).toMatchObject({ state: 'JOB_STATE_FAILED', output: undefined })
  client.fake.batches.steer({ state: 'EXPIRED' })
  const expired = await create(line('a'))
  expect((await poll(expired.name)).state).toBe('JOB_STATE_EXPIRED')
  client.fake.batches.steer({ state: 'held', answered: 1 })
  const cancelled = await create(line('a') + line('b'))
  await sdk().batches.cancel({ name: cancelled.name })
  expect(await results((await poll(cancelled.name)).output)).toHaveLength(1)
})

test('an unknown model, file or field is refused', async () => {
  const url = `${client.fake.url}/v1beta/models`
  const post = async (id: string, batch: object): Promise<number> => {
    const headers = { 'x-goog-api-key': 'k', 'content-type': 'application/json' }
    const body = JSON.stringify({ batch })
    return (await fetch(`${url}/${id}:batchGenerateContent`, { method: 'POST', headers, body }))
      .status
  }
  const inputConfig = { fileName: 'files/none' }
  expect(await post('imagen-4.0-generate-001', { displayName: 'a', inputConfig })).toBe(404)
  expect(await post(model, { displayName: 'a', inputConfig })).toBe(400)
  expect(await post(model, { display_name: 'a', inputConfig })).toBe(400)
  expect(client.fake.batches.jobs.filter(({ displayName }) => displayName === 'a')).toEqual([])
})
