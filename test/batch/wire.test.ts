import { GoogleGenAI } from '@google/genai'
import { expect, test } from 'vitest'
import type { RecordedRequest } from '../fake-gemini/server.ts'
import { KEY } from '../support/vite.ts'
import { prompt, setBatchStage } from './stage.ts'

const headers = [
  'content-type',
  'x-goog-api-key',
  'x-goog-upload-command',
  'x-goog-upload-header-content-length',
  'x-goog-upload-header-content-type',
  'x-goog-upload-offset',
  'x-goog-upload-protocol',
]

/** What of a request must be the same. */
function essence(request: RecordedRequest | undefined): object {
  if (!request) throw new Error('There is no such request')
  const { method, path, rawBody, route } = request
  const sent = headers.map((name) => [name, request.headers[name]])
  // A name, or the id of an upload, is made anew for each.
  const query = request.query.replace(/upload_id=\w+/, '')
  const ours = /gemini-image-[0-9a-f]{16}|theirs-\w+/g
  return {
    method,
    path: path.replaceAll(ours, 'NAME'),
    query,
    sent: route === 'cancelBatch' || method !== 'POST' ? [] : sent,
    // The SDK sends an empty object with a DELETE, which means nothing.
    body: method === 'POST' ? rawBody.replaceAll(ours, 'NAME') : '',
  }
}

test('requests on files and batch jobs are those of Google’s own SDK', async () => {
  const stage = await setBatchStage({ a: prompt('A heron — “grey” ✨') })
  stage.gemini.batches.steer({ state: 'held', answered: 1 })
  await stage.batches().submit(stage.files('a'))
  const [job] = stage.gemini.batches.jobs
  await stage.batches().cancel()
  const ours = [...stage.gemini.requests]
  stage.gemini.reset()

  const sdk = new GoogleGenAI({
    apiKey: KEY,
    vertexai: false,
    apiVersion: 'v1beta',
    httpOptions: { baseUrl: stage.gemini.url },
  })
  const displayName = 'theirs-0123456789abcdef'
  const blob = new Blob([job?.lines.map((line) => `${line}\n`).join('') ?? ''])
  const uploaded = await sdk.files.upload({
    file: blob,
    config: { mimeType: 'application/jsonl', name: `files/${displayName}`, displayName },
  })
  await sdk.batches.create({
    model: job?.modelId ?? '',
    src: uploaded.name ?? '',
    config: { displayName },
  })
  await sdk.batches.cancel({ name: job?.name ?? '' })
  await sdk.batches.get({ name: job?.name ?? '' })
  await sdk.files.delete({ name: uploaded.name ?? '' })
  const theirs = stage.gemini.requests
  const routes = [
    'startUpload',
    'uploadChunk',
    'createBatch',
    'cancelBatch',
    'getBatch',
    'deleteFile',
  ]
  for (const route of routes) {
    const find = (all: readonly RecordedRequest[]): object =>
      essence(all.find((request) => request.route === route))
    // The displayed names of the two differ in length.
    const same = (text: object): object =>
      JSON.parse(JSON.stringify(text).replaceAll('gemini-image-', 'NAME'))
    expect({ route, ...same(find(ours)) }).toEqual({ route, ...same(find(theirs)) })
  }
})
