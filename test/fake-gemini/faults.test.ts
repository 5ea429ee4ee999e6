import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { bytesOf, partsOf, useFakeGemini } from './client.ts'
import type { FaultKind } from './server.ts'

const client = useFakeGemini()
const { ask, post } = client

async function failureCode(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => undefined).catch((reason: unknown) => reason)
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error)
}

describe('faults', () => {
  test('rate-limited', async () => {
    client.fake.fault({ kind: 'rate-limited' })
    const { status, reply } = await ask()
    expect(status).toBe(429)
    expect(reply.error?.status).toBe('RESOURCE_EXHAUSTED')
    expect(reply.error?.details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.05s' },
    ])
    expect((await ask()).status).toBe(200)
  })

  test('quota-exhausted', async () => {
    client.fake.fault({ kind: 'quota-exhausted' })
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
    client.fake.fault({ kind, ...(given === undefined ? {} : { status: given }) })
    const { status, reply } = await ask()
    expect(status).toBe(code)
    expect(reply.error).toMatchObject({ code, status: name })
  })

  test.each<[FaultKind, number]>([
    ['html-error', 503],
    ['html', 200],
  ])('%s', async (kind, status) => {
    client.fake.fault({ kind })
    const response = await post()
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('<html>')
  })

  test('invalid-json', async () => {
    client.fake.fault({ kind: 'invalid-json' })
    const response = await post()
    expect(response.headers.get('content-type')).toContain('application/json')
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  test('reset', async () => {
    client.fake.fault({ kind: 'reset' })
    expect(await failureCode(post())).toBe('ECONNRESET')
  })

  test('truncated', async () => {
    client.fake.fault({ kind: 'truncated' })
    const response = await post()
    expect(response.status).toBe(200)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000)
    expect(await failureCode(response.text())).toBe('UND_ERR_SOCKET')
  })

  test('hang', async () => {
    client.fake.fault({ kind: 'hang' })
    await expect(post({ signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/)
    await expect.poll(() => client.fake.requests[0]?.endedAt).toBeGreaterThan(0)
    expect(client.fake.requests[0]?.outcome).toBe('hang')
  })

  test('slow', async () => {
    client.fake.fault({ kind: 'slow', delay: 60 })
    expect((await ask()).status).toBe(200)
    const [request] = client.fake.requests
    await expect.poll(() => request?.endedAt).toBeDefined()
    expect((request?.endedAt ?? 0) - (request?.startedAt ?? 0)).toBeGreaterThan(50)
  })

  test('blocked', async () => {
    client.fake.fault({ kind: 'blocked' })
    client.fake.fault({ kind: 'blocked', finishReason: 'IMAGE_SAFETY' })
    const { reply } = await ask({ prompt: 'four' })
    expect(reply.candidates?.[0]?.content).toEqual({ role: 'model' })
    expect(reply.candidates?.[0]?.finishReason).toBe('IMAGE_PROHIBITED_CONTENT')
    expect(reply.candidates?.[0]?.finishMessage).toMatch(/Support code: \d+/)
    expect(reply.usageMetadata).toMatchObject({ thoughtsTokenCount: 240, totalTokenCount: 241 })
    expect((await ask()).reply.candidates?.[0]?.finishReason).toBe('IMAGE_SAFETY')
  })

  test('prompt-blocked', async () => {
    client.fake.fault({ kind: 'prompt-blocked' })
    const { reply } = await ask()
    expect(reply.promptFeedback).toEqual({ blockReason: 'PROHIBITED_CONTENT' })
    expect(reply.candidates).toBeUndefined()
    client.fake.fault({ kind: 'prompt-blocked', blockReason: 'IMAGE_SAFETY' })
    expect((await ask()).reply.promptFeedback).toEqual({ blockReason: 'IMAGE_SAFETY' })
  })

  test('text-only and empty', async () => {
    client.fake.fault({ kind: 'text-only' })
    client.fake.fault({ kind: 'empty' })
    const { reply } = await ask()
    expect(reply.candidates?.[0]?.finishReason).toBe('STOP')
    expect(partsOf(reply)).toEqual([{ text: expect.any(String) }])
    expect((await ask()).reply).toEqual({})
  })

  test('wrong-size', async () => {
    client.fake.fault({ kind: 'wrong-size' })
    const { reply } = await ask({ image: { aspectRatio: '16:9' } })
    const metadata = await sharp(bytesOf(partsOf(reply)[0])).metadata()
    expect([metadata.width, metadata.height]).toEqual([688, 384])
  })

  test('wrong-type', async () => {
    client.fake.fault({ kind: 'wrong-type' })
    const [part] = partsOf((await ask()).reply)
    expect(part?.inlineData?.mimeType).toBe('image/jpeg')
    expect((await sharp(bytesOf(part)).metadata()).format).toBe('png')
  })

  test('thought-image', async () => {
    client.fake.fault({ kind: 'thought-image' })
    const parts = partsOf((await ask()).reply)
    expect(parts.map(({ thought }) => thought ?? false)).toEqual([true, true, false, false])
    expect(bytesOf(parts[1]).equals(bytesOf(parts[3]))).toBe(false)
  })

  test('interleaved', async () => {
    client.fake.fault({ kind: 'interleaved' })
    client.fake.fault({ kind: 'interleaved', images: 1 })
    const parts = partsOf((await ask()).reply)
    expect(parts.map(({ text }) => text !== undefined)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ])
    const pictures = parts.filter(({ inlineData }) => inlineData !== undefined)
    expect(new Set(pictures.map((part) => part.thoughtSignature)).size).toBe(3)
    expect(partsOf((await ask()).reply)).toHaveLength(2)
  })

  test('no-signature', async () => {
    client.fake.fault({ kind: 'no-signature' })
    expect(partsOf((await ask()).reply)).toEqual([{ inlineData: expect.anything() }])
  })

  test('odd', async () => {
    client.fake.fault({ kind: 'odd', change: (answer) => void (answer.modelVersion = null) })
    client.fake.fault({ kind: 'odd', change: () => ({ error: { message: 'No.' } }) })
    const { reply } = await ask()
    expect(reply).toMatchObject({ modelVersion: null, candidates: [{ finishReason: 'STOP' }] })
    expect((await ask()).reply).toEqual({ error: { message: 'No.' } })
  })

  test('half-picture', async () => {
    client.fake.fault({ kind: 'half-picture' })
    const bytes = bytesOf(partsOf((await ask()).reply)[0])
    expect((await sharp(bytes).metadata()).width).toBe(1024)
    await expect(sharp(bytes).raw().toBuffer()).rejects.toThrow(/premature end/)
  })

  test('wrong-encoding', async () => {
    client.fake.fault({ kind: 'wrong-encoding' })
    expect(await failureCode(post().then((response) => response.text()))).toBe('Z_DATA_ERROR')
  })

  test('redirect', async () => {
    client.fake.fault({ kind: 'redirect', location: 'https://there.invalid/' })
    const { status, headers } = await post({ redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([302, 'https://there.invalid/'])
  })

  test.each([[undefined, 404] as const, [403, 403] as const])(
    'foreign-page %s',
    async (status, expected) => {
      client.fake.fault({ kind: 'foreign-page', ...(status === undefined ? {} : { status }) })
      const response = await post()
      expect(response.status).toBe(expected)
      expect(await response.text()).toContain('by nginx')
    },
  )

  test('times and match choose the requests that a fault hits', async () => {
    client.fake.fault({ kind: 'unavailable', times: Infinity, match: /dog/g })
    client.fake.fault({ kind: 'server-error', times: 2 })
    const statuses: number[] = []
    for (const prompt of ['a dog', 'a cat', 'a dog', 'a cat', 'a cat', 'a dog']) {
      statuses.push((await post({ prompt })).status)
    }
    expect(statuses).toEqual([503, 500, 503, 500, 200, 503])
  })
})
