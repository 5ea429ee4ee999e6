import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { models } from './models.ts'
import { scalePixels, sizeFactors } from './pixels.ts'
import { startFakeGemini, type FakeGemini, type FaultKind } from './server.ts'

const flash = 'gemini-3.1-flash-image'

interface Call {
  model?: string
  prompt?: string
  image?: object
  body?: unknown
  key?: string | undefined
  path?: string
  signal?: AbortSignal
}

interface Part {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  inlineData?: { mimeType: string; data: string }
}

interface Reply {
  candidates?: {
    content: { role: string; parts?: Part[] }
    finishReason: string
    finishMessage?: string
  }[]
  usageMetadata?: Record<string, unknown>
  modelVersion?: string
  promptFeedback?: { blockReason: string }
  error?: { code: number; status: string; message: string; details?: Record<string, unknown>[] }
}

let fake: FakeGemini

beforeAll(async () => {
  fake = await startFakeGemini()
})
afterEach(() => {
  fake.reset()
  fake.setLatency(0)
})
afterAll(() => fake.close())

function post(call: Call = {}): Promise<Response> {
  const path = call.path ?? `/v1beta/models/${call.model ?? flash}:generateContent`
  const body = call.body ?? {
    contents: [{ role: 'user', parts: [{ text: call.prompt ?? 'a cat' }] }],
    generationConfig: { responseModalities: ['IMAGE'], imageConfig: call.image ?? {} },
  }
  const key = 'key' in call ? call.key : 'some-key'
  return fetch(`${fake.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'x-goog-api-key': key }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  })
}

async function ask(call: Call = {}): Promise<{ status: number; reply: Reply }> {
  const response = await post(call)
  const reply: Reply = JSON.parse(await response.text())
  return { status: response.status, reply }
}

function partsOf(reply: Reply): Part[] {
  return reply.candidates?.[0]?.content.parts ?? []
}

function bytesOf(part: Part | undefined): Buffer {
  return Buffer.from(part?.inlineData?.data ?? '', 'base64')
}

async function failureCode(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => undefined).catch((reason: unknown) => reason)
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error)
}

describe('pictures', () => {
  const rows = [...models].flatMap(([model, { type, pixels, tokens, takesImageSize }]) =>
    Object.entries(pixels).flatMap(([ratio, base]) =>
      Object.entries(tokens).map(([size, count]) => ({
        model,
        ratio,
        size,
        count,
        type,
        expected: scalePixels(base, sizeFactors[size] ?? 0),
        image: { aspectRatio: ratio, ...(takesImageSize ? { imageSize: size } : {}) },
      })),
    ),
  )

  test.each(rows)(
    '$model draws $ratio at $size',
    async ({ model, image, type, expected, count }) => {
      const { status, reply } = await ask({ model, image })
      const [part] = partsOf(reply)
      const metadata = await sharp(bytesOf(part)).metadata()
      expect(status).toBe(200)
      expect([metadata.width, metadata.height]).toEqual(expected)
      expect(`image/${metadata.format}`).toBe(type)
      expect(part?.inlineData?.mimeType).toBe(type)
      expect(reply.usageMetadata).toMatchObject({
        candidatesTokenCount: count,
        candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: count }],
      })
    },
  )

  test('the table has the sizes that Google documents', () => {
    const pixelsOf = (model: string, ratio: string) => models.get(model)?.pixels[ratio]
    expect(scalePixels(pixelsOf(flash, '21:9') ?? [0, 0], 0.5)).toEqual([792, 336])
    expect(scalePixels(pixelsOf(flash, '9:16') ?? [0, 0], 0.5)).toEqual([384, 688])
    expect(scalePixels(pixelsOf(flash, '3:4') ?? [0, 0], 0.5)).toEqual([448, 600])
    expect(pixelsOf('gemini-3-pro-image', '1:8')).toBeUndefined()
    expect(rows).toHaveLength(14 * 3 + 10 * 3 + 10 + 14 * 4 + 10)
  })

  test('an answer has the shape of the wire', async () => {
    const { reply } = await ask({ prompt: 'x'.repeat(40) })
    expect(reply).toMatchObject({
      candidates: [{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: {
        promptTokenCount: 10,
        candidatesTokenCount: 1120,
        totalTokenCount: 1370,
        thoughtsTokenCount: 240,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 10 }],
      },
      modelVersion: flash,
      responseId: expect.any(String),
    })
    expect(partsOf(reply)[0]?.thoughtSignature).toMatch(/^[A-Za-z0-9+/]+=*$/)
  })

  test.each([flash, 'gemini-2.5-flash-image'])('%s: a prompt, its bytes', async (model) => {
    const drawn = async (prompt: string) =>
      bytesOf(partsOf((await ask({ model, prompt })).reply)[0])
    const [one, again, other] = await Promise.all([drawn('one'), drawn('one'), drawn('other')])
    expect(one.equals(again)).toBe(true)
    expect(one.equals(other)).toBe(false)
    const pixels = await Promise.all([one, other].map((bytes) => sharp(bytes).raw().toBuffer()))
    expect(pixels[0]?.equals(pixels[1] ?? Buffer.alloc(0))).toBe(true)
  })

  test('any prefix and both versions answer; without IMAGE there is only text', async () => {
    const path = `/some/proxy/v1/models/${flash}:generateContent`
    expect((await ask({ path })).status).toBe(200)
    const contents = [{ parts: [{ text: 'a cat' }] }]
    const textOnly = { contents, generationConfig: { responseModalities: ['TEXT'] } }
    expect(partsOf((await ask({ body: textOnly })).reply)).toEqual([{ text: expect.any(String) }])
    const tools = [{ googleSearch: {} }]
    const search = { contents, tools, generationConfig: { responseModalities: ['IMAGE'] } }
    expect(partsOf((await ask({ body: search })).reply)).toEqual([{ text: expect.any(String) }])
    expect(fake.requests.map(({ outcome }) => outcome)).toEqual(['image', 'text-only', 'text-only'])
  })

  test('a hundred scenes at once', { timeout: 120_000 }, async () => {
    const scenes = await startFakeGemini({ drawing: 'scene' })
    const draw = async (index: number) => {
      const response = await fetch(`${scenes.url}/v1beta/models/${flash}:generateContent`, {
        method: 'POST',
        headers: { 'x-goog-api-key': 'some-key' },
        body: JSON.stringify({
          contents: [{ parts: [{ text: `Picture number ${index % 20}` }] }],
          generationConfig: { imageConfig: { imageSize: '512' } },
        }),
      })
      const reply: Reply = await response.json()
      return bytesOf(partsOf(reply)[0])
    }
    const drawn = await Promise.all(Array.from({ length: 100 }, (_, index) => draw(index)))
    const seen = new Set(drawn.map((bytes) => bytes.toString('base64')))
    await scenes.close()
    expect(seen.size).toBe(20)
    expect(scenes.maxInFlight).toBe(100)
    expect(await sharp(drawn[0]).metadata()).toMatchObject({ format: 'jpeg', width: 512 })
  })
})

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
    const response = await fetch(`${fake.url}${path}`, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } })
  })

  const contents = [{ parts: [{ text: 'a cat' }] }]
  test.each([
    [{ contents, config: {} }, 'Unknown name "config": Cannot find field.'],
    [{ contents, generationConfig: { size: 1 } }, `"size" at 'generation_config': Cannot find`],
    [
      { contents, generationConfig: { imageConfig: { outputMimeType: 'image/png' } } },
      `Unknown name "outputMimeType" at 'generation_config.image_config': Cannot find field.`,
    ],
    [{ generationConfig: {} }, 'contents is not specified'],
    ['{', 'Invalid JSON payload'],
    ['[]', 'Invalid JSON payload'],
  ])('refuses the body %j', async (body, message) => {
    const { status, reply } = await ask({ body })
    expect(status).toBe(400)
    expect(reply.error?.status).toBe('INVALID_ARGUMENT')
    expect(reply.error?.message).toContain(message)
  })

  test.each([
    [flash, { imageSize: '1k' }],
    [flash, { imageSize: '8K' }],
    [flash, { aspectRatio: '7:3' }],
    [flash, { aspectRatio: 'toString' }],
    ['gemini-nano-banana-2.1', { imageSize: '512' }],
    ['gemini-3-pro-image', { aspectRatio: '1:8' }],
    ['gemini-3.1-flash-lite-image', { imageSize: '1K' }],
    ['gemini-2.5-flash-image', { imageSize: '1K' }],
  ])('%s refuses %j', async (model, image) => {
    const { status, reply } = await ask({ model, image })
    expect(status).toBe(400)
    expect(reply.error?.status).toBe('INVALID_ARGUMENT')
  })
})

describe('faults', () => {
  test('rate-limited', async () => {
    fake.fault({ kind: 'rate-limited' })
    const { status, reply } = await ask()
    expect(status).toBe(429)
    expect(reply.error?.status).toBe('RESOURCE_EXHAUSTED')
    expect(reply.error?.details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.05s' },
    ])
    expect((await ask()).status).toBe(200)
  })

  test('quota-exhausted', async () => {
    fake.fault({ kind: 'quota-exhausted' })
    const { status, reply } = await ask()
    expect(status).toBe(429)
    const violation = { quotaId: expect.stringContaining('PerDay'), quotaValue: '0' }
    expect(reply.error?.details?.[0]).toMatchObject({ violations: [violation] })
  })

  test.each<[FaultKind, number | undefined, number, string]>([
    ['server-error', undefined, 500, 'INTERNAL'],
    ['server-error', 504, 504, 'DEADLINE_EXCEEDED'],
    ['unavailable', undefined, 503, 'UNAVAILABLE'],
    ['not-found', undefined, 404, 'NOT_FOUND'],
  ])('%s %s', async (kind, given, code, name) => {
    fake.fault({ kind, ...(given === undefined ? {} : { status: given }) })
    const { status, reply } = await ask()
    expect(status).toBe(code)
    expect(reply.error).toMatchObject({ code, status: name })
  })

  test.each<[FaultKind, number]>([
    ['html-error', 503],
    ['html', 200],
  ])('%s', async (kind, status) => {
    fake.fault({ kind })
    const response = await post()
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('<html>')
  })

  test('invalid-json', async () => {
    fake.fault({ kind: 'invalid-json' })
    const response = await post()
    expect(response.headers.get('content-type')).toContain('application/json')
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  test('reset', async () => {
    fake.fault({ kind: 'reset' })
    expect(await failureCode(post())).toBe('ECONNRESET')
  })

  test('truncated', async () => {
    fake.fault({ kind: 'truncated' })
    const response = await post()
    expect(response.status).toBe(200)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000)
    expect(await failureCode(response.text())).toBe('UND_ERR_SOCKET')
  })

  test('hang', async () => {
    fake.fault({ kind: 'hang' })
    await expect(post({ signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/)
    await expect.poll(() => fake.requests[0]?.endedAt).toBeGreaterThan(0)
    expect(fake.requests[0]?.outcome).toBe('hang')
  })

  test('slow', async () => {
    fake.fault({ kind: 'slow', delay: 60 })
    expect((await ask()).status).toBe(200)
    const [request] = fake.requests
    await expect.poll(() => request?.endedAt).toBeDefined()
    expect((request?.endedAt ?? 0) - (request?.startedAt ?? 0)).toBeGreaterThan(50)
  })

  test('blocked', async () => {
    fake.fault({ kind: 'blocked' })
    fake.fault({ kind: 'blocked', finishReason: 'IMAGE_SAFETY' })
    const { reply } = await ask({ prompt: 'four' })
    expect(reply.candidates?.[0]?.content).toEqual({ role: 'model' })
    expect(reply.candidates?.[0]?.finishReason).toBe('IMAGE_PROHIBITED_CONTENT')
    expect(reply.candidates?.[0]?.finishMessage).toMatch(/Support code: \d+/)
    expect(reply.usageMetadata).toMatchObject({ thoughtsTokenCount: 240, totalTokenCount: 241 })
    expect((await ask()).reply.candidates?.[0]?.finishReason).toBe('IMAGE_SAFETY')
  })

  test('prompt-blocked', async () => {
    fake.fault({ kind: 'prompt-blocked' })
    const { reply } = await ask()
    expect(reply.promptFeedback).toEqual({ blockReason: 'PROHIBITED_CONTENT' })
    expect(reply.candidates).toBeUndefined()
  })

  test('text-only and empty', async () => {
    fake.fault({ kind: 'text-only' })
    fake.fault({ kind: 'empty' })
    const { reply } = await ask()
    expect(reply.candidates?.[0]?.finishReason).toBe('STOP')
    expect(partsOf(reply)).toEqual([{ text: expect.any(String) }])
    expect((await ask()).reply).toEqual({})
  })

  test('wrong-size', async () => {
    fake.fault({ kind: 'wrong-size' })
    const { reply } = await ask({ image: { aspectRatio: '16:9' } })
    const metadata = await sharp(bytesOf(partsOf(reply)[0])).metadata()
    expect([metadata.width, metadata.height]).toEqual([688, 384])
  })

  test('wrong-type', async () => {
    fake.fault({ kind: 'wrong-type' })
    const [part] = partsOf((await ask()).reply)
    expect(part?.inlineData?.mimeType).toBe('image/jpeg')
    expect((await sharp(bytesOf(part)).metadata()).format).toBe('png')
  })

  test('thought-image', async () => {
    const plain = bytesOf(partsOf((await ask()).reply)[0])
    fake.fault({ kind: 'thought-image' })
    const parts = partsOf((await ask()).reply)
    expect(parts.map(({ thought }) => thought ?? false)).toEqual([true, true, false, false])
    expect(bytesOf(parts[1]).equals(plain)).toBe(false)
    expect(bytesOf(parts[3]).equals(plain)).toBe(true)
  })

  test('times and match choose the requests that a fault hits', async () => {
    fake.fault({ kind: 'unavailable', times: Infinity, match: /dog/g })
    fake.fault({ kind: 'server-error', times: 2 })
    const statuses: number[] = []
    for (const prompt of ['a dog', 'a cat', 'a dog', 'a cat', 'a cat', 'a dog']) {
      statuses.push((await post({ prompt })).status)
    }
    expect(statuses).toEqual([503, 500, 503, 500, 200, 503])
  })
})

describe('log', () => {
  test('keeps what came over the wire', async () => {
    await ask({ path: `/p/v1beta/models/${flash}:generateContent?alt=json`, prompt: 'a cat' })
    await expect.poll(() => fake.requests[0]?.endedAt).toBeDefined()
    expect(fake.requests).toMatchObject([
      {
        method: 'POST',
        path: `/p/v1beta/models/${flash}:generateContent`,
        query: '?alt=json',
        headers: { 'x-goog-api-key': 'some-key' },
        model: flash,
        prompt: 'a cat',
        outcome: 'image',
      },
    ])
    expect(JSON.parse(fake.requests[0]?.rawBody ?? '')).toEqual(fake.requests[0]?.body)
    fake.reset()
    expect(fake.requests).toEqual([])
  })

  test('counts what is under way', async () => {
    fake.setLatency(50)
    await Promise.all(Array.from({ length: 5 }, () => post().then((response) => response.text())))
    expect(fake.maxInFlight).toBe(5)
    expect(fake.requests).toHaveLength(5)
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
