import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { flash, useFakeGemini } from './client.ts'
import { startFakeGemini } from './server.ts'

const client = useFakeGemini()
const { ask, post } = client

describe('strictness', () => {
  test.each([undefined, '', 'invalid-key'])('refuses the key %j', async (key) => {
    const response = await post({ key })
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(text).toContain('API_KEY_INVALID')
    expect(text).not.toContain('invalid-key')
  })

  test('knows no other model', async () => {
    const { status, reply } = await ask({ model: 'gemini-9' })
    expect(status).toBe(404)
    expect(reply.error?.message).toContain('models/gemini-9 is not found for API version v1beta')
  })

  test.each([
    ['GET', '/'],
    ['GET', `/v1beta/models/${flash}:generateContent`],
    ['POST', `/v1beta/models/${flash}:streamGenerateContent`],
    ['POST', `/v2/models/${flash}:generateContent`],
  ])('has no route %s %s', async (method, path) => {
    const response = await fetch(`${client.fake.url}${path}`, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } })
  })

  test('any model can be missing', async () => {
    const missingModels = [flash, 'imagen-4.0-generate-001']
    const other = await startFakeGemini({ missingModels })
    const { url } = other
    const contentStatus = (await ask({ url })).status
    const path = '/v1beta/interactions'
    const interaction = await ask({ url, path, body: { model: flash, input: 'a cat' } })
    const imagen = '/v1beta/models/imagen-4.0-generate-001:predict'
    const prediction = await ask({ url, path: imagen, body: { instances: [{ prompt: 'a cat' }] } })
    const model = 'gemini-3-pro-image'
    const found = await ask({ url, model })
    await other.close()
    expect(contentStatus).toBe(404)
    expect([interaction.status, prediction.status, found.status]).toEqual([404, 404, 200])
    expect(interaction.reply.error?.message).toContain('not supported for interactions')
    expect(prediction.reply.error?.message).toContain('not supported for predict')
  })
})

describe('log', () => {
  test('keeps what came over the wire', async () => {
    await ask({ path: `/p/v1beta/models/${flash}:generateContent?alt=json`, prompt: 'a cat' })
    await expect.poll(() => client.fake.requests[0]?.endedAt).toBeDefined()
    expect(client.fake.requests).toMatchObject([
      {
        method: 'POST',
        path: `/p/v1beta/models/${flash}:generateContent`,
        query: '?alt=json',
        headers: { 'x-goog-api-key': 'some-key' },
        route: 'generateContent',
        model: flash,
        prompt: 'a cat',
        outcome: 'image',
      },
    ])
    expect(JSON.parse(client.fake.requests[0]?.rawBody ?? '')).toEqual(
      client.fake.requests[0]?.body,
    )
    client.fake.reset()
    expect(client.fake.requests).toEqual([])
  })

  test('names the route and the model of every request', async () => {
    await ask({ path: '/v1/interactions', body: { model: flash, input: 'a cat' } })
    await ask({
      path: '/v1/models/imagen-4.0-fast-generate-001:predict',
      body: { instances: [{ prompt: 'a cat' }] },
    })
    await ask({ path: '/nothing' })
    expect(client.fake.requests).toMatchObject([
      { route: 'interactions', model: flash, prompt: 'a cat' },
      { route: 'predict', model: 'imagen-4.0-fast-generate-001', prompt: 'a cat' },
      { route: undefined, model: undefined },
    ])
  })

  test('counts what is under way', async () => {
    client.fake.setLatency(1000)
    await Promise.all(Array.from({ length: 5 }, () => post().then((response) => response.text())))
    expect(client.fake.maxInFlight).toBe(5)
    expect(client.fake.requests).toHaveLength(5)
  })
})

test('runs as a process of its own', async () => {
  const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
  const child = spawn(process.execPath, [cli, '--log'], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.setEncoding('utf8')
  const [line]: unknown[] = await once(child.stdout, 'data')
  const url = /^fake Gemini at (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(String(line))?.[1]
  const logged = once(child.stdout, 'data')
  await fetch(`${url}/nothing`, { headers: { 'x-goog-api-key': 'secret' } })
  const [entry]: unknown[] = await logged
  expect(JSON.parse(String(entry))).toMatchObject({ path: '/nothing', outcome: 'error' })
  expect(String(entry)).not.toContain('secret')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
