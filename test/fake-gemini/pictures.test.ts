import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { bytesOf, flash, partsOf, useFakeGemini, type Reply } from './client.ts'
import { models } from './models.ts'
import { scalePixels, sizeFactors } from './pixels.ts'
import { holdUntil } from '../support/gemini.ts'
import { startFakeGemini } from './server.ts'

const client = useFakeGemini()
const { ask } = client

describe('pictures', () => {
  const isPreview = (model: string) => model.endsWith('-preview')
  const stable = [...models].filter(([model]) => !isPreview(model))
  const rows = stable.flatMap(([model, { type, pixels, tokens, takesImageSize }]) =>
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

  test.each([...models.keys()].filter(isPreview))('%s is what it became', async (model) => {
    expect(models.get(model)).toBe(models.get(model.replace('-preview', '')))
    expect((await ask({ model })).status).toBe(200)
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

  test.each([flash, 'gemini-2.5-flash-image'])('%s: a request, its bytes', async (model) => {
    const other = await startFakeGemini()
    const draw = async (url: string, prompt: string, image = {}) =>
      bytesOf(partsOf((await ask({ url, model, prompt, image })).reply)[0])
    const one = await draw(client.fake.url, 'one')
    const elsewhere = await draw(other.url, 'one')
    const again = await draw(client.fake.url, 'one')
    const againElsewhere = await draw(other.url, 'one')
    const wide = await draw(client.fake.url, 'one', { aspectRatio: '1:1' })
    const second = await draw(client.fake.url, 'two')
    await other.close()
    expect(one.equals(elsewhere)).toBe(true)
    expect(again.equals(againElsewhere)).toBe(true)
    const all = [one, again, wide, second]
    expect(new Set(all.map((bytes) => bytes.toString('base64'))).size).toBe(4)
    const pixels = await Promise.all(all.map((bytes) => sharp(bytes).raw().toBuffer()))
    expect(new Set(pixels.map((bytes) => bytes.toString('base64'))).size).toBe(1)
  })

  test('any prefix and both versions answer; without IMAGE there is only text', async () => {
    const path = `/some/proxy/v1/models/${flash}:generateContent`
    expect((await ask({ path })).status).toBe(200)
    const contents = [{ parts: [{ text: 'a cat' }] }]
    const textOnly = { contents, generationConfig: { responseModalities: ['TEXT'] } }
    expect(partsOf((await ask({ body: textOnly })).reply)).toMatchObject([
      { text: expect.any(String) },
    ])
    const tools = [{ googleSearch: {} }]
    const search = { contents, tools, generationConfig: { responseModalities: ['IMAGE'] } }
    expect(partsOf((await ask({ body: search })).reply)).toEqual([{ text: expect.any(String) }])
    expect(client.fake.requests.map(({ outcome }) => outcome)).toEqual([
      'image',
      'text-only',
      'text-only',
    ])
  })

  test('a hundred scenes at once', { timeout: 120_000 }, async () => {
    const scenes = await startFakeGemini({ drawing: 'scene' })
    const draw = async (index: number) => {
      const response = await fetch(`${scenes.url}/v1beta/models/${flash}:generateContent`, {
        method: 'POST',
        headers: { 'x-goog-api-key': 'some-key' },
        body: JSON.stringify({
          contents: [{ parts: [{ text: `Picture number ${index % 5}` }] }],
          generationConfig: { imageConfig: { imageSize: '512' } },
        }),
      })
      const reply: Reply = await response.json()
      return bytesOf(partsOf(reply)[0])
    }
    const asked = Promise.all(Array.from({ length: 100 }, (_, index) => draw(index)))
    const [drawn] = await Promise.all([asked, holdUntil(scenes, 100)])
    const seen = new Set(drawn.map((bytes) => bytes.toString('base64')))
    await scenes.close()
    expect(seen.size).toBe(100)
    expect(scenes.maxInFlight).toBe(100)
    expect(await sharp(drawn[0]).metadata()).toMatchObject({ format: 'jpeg', width: 512 })
  })
})
