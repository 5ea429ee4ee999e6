import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { useFakeGemini, type Reply } from './client.ts'
import { imagenModels } from './models.ts'
import { scalePixels, sizeFactors } from './pixels.ts'

interface Prediction {
  mimeType: string
  bytesBase64Encoded: string
}

const client = useFakeGemini()
const standard = 'imagen-4.0-generate-001'

async function predict(parameters: object, model = standard) {
  const { status, reply } = await client.ask<{ predictions?: Prediction[] } & Reply>({
    path: `/v1beta/models/${model}:predict`,
    body: { instances: [{ prompt: 'a cat' }], parameters },
  })
  const { predictions = [], error } = reply
  const pictures = predictions.map((it) => Buffer.from(it.bytesBase64Encoded ?? '', 'base64'))
  return { status, reply, predictions, pictures, message: error?.message ?? '' }
}

const rows = [...imagenModels].flatMap(([model, { pixels, tokens }]) =>
  Object.entries(pixels).flatMap(([aspectRatio, base]) =>
    Object.keys(tokens).map((size) => ({
      model,
      aspectRatio,
      size,
      expected: scalePixels(base, sizeFactors[size] ?? 0),
    })),
  ),
)

test.each(rows)(
  '$model draws $aspectRatio at $size',
  async ({ model, aspectRatio, size, expected }) => {
    const sized = size === '1K' ? {} : { imageSize: size }
    const { status, predictions, pictures } = await predict({ aspectRatio, ...sized }, model)
    const { format, width, height } = await sharp(pictures[0]).metadata()
    expect(status).toBe(200)
    expect(predictions.map(({ mimeType }) => mimeType)).toEqual(['image/png'])
    expect([format, width, height]).toEqual(['png', ...expected])
  },
)

test('there are as many pictures as samples, each its own', async () => {
  const { pictures } = await predict({
    sampleCount: 3,
    sampleImageSize: '1K',
    personGeneration: 'allow_adult',
    seed: 7,
  })
  expect(new Set(pictures.map((bytes) => bytes.toString('base64'))).size).toBe(3)
})

describe('strictness', () => {
  test.each([
    [{ sampleCount: 5 }, 'parameters.sample_count'],
    [{ aspectRatio: '21:9' }, 'aspect_ratio must be one of 1:1, 3:4, 4:3, 9:16, 16:9'],
    [{ imageSize: '4K' }, 'image_size must be one of 1K, 2K'],
    [{ personGeneration: 'allow_cats' }, 'parameters.person_generation'],
    [{ seed: 2 ** 40 }, 'TYPE_INT32'],
    [{ thinkingLevel: 'HIGH' }, `Unknown name "thinkingLevel" at 'parameters'`],
  ])('refuses %j', async (parameters, told) => {
    const { status, message } = await predict(parameters)
    expect(status).toBe(400)
    expect(message).toContain(told)
  })

  test('fast takes no size', async () => {
    const { message } = await predict({ imageSize: '2K' }, 'imagen-4.0-fast-generate-001')
    expect(message).toContain('image_size is not supported')
  })

  test.each([
    [{ prompt: 'a cat' }, `Unknown name "prompt"`],
    [{}, 'instances: required'],
    [{ instances: [] }, 'Exactly one instance'],
    [{ instances: [{ text: 'a cat' }] }, `Unknown name "text" at 'instances[0]'`],
  ])('refuses the body %j', async (body, told) => {
    const path = `/v1beta/models/${standard}:predict`
    const { status, reply } = await client.ask({ path, body })
    expect(status).toBe(400)
    expect(reply.error?.message).toContain(told)
  })

  test('Gemini does not predict', async () => {
    expect((await predict({}, 'gemini-3.1-flash-image')).status).toBe(404)
    expect((await client.ask({ model: standard })).status).toBe(404)
  })
})

test('faults', async () => {
  client.fake.fault({ kind: 'blocked' })
  client.fake.fault({ kind: 'empty' })
  client.fake.fault({ kind: 'text-only' })
  client.fake.fault({ kind: 'rate-limited' })
  client.fake.fault({ kind: 'wrong-size' })
  const { reply } = await predict({})
  expect(reply).toEqual({ predictions: [{ raiFilteredReason: expect.any(String) }] })
  expect((await predict({})).reply).toEqual({})
  expect((await predict({})).reply).toEqual({})
  expect((await predict({})).status).toBe(429)
  const [picture] = (await predict({})).pictures
  expect(await sharp(picture).metadata()).toMatchObject({ width: 512 })
})
