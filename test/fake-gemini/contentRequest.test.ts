import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { bytesOf, flash, partsOf, useFakeGemini, type Part } from './client.ts'
import { models } from './models.ts'

const client = useFakeGemini()
const { ask } = client

const contents = [{ role: 'user', parts: [{ text: 'a cat' }] }]
const swatch = sharp({ create: { width: 8, height: 8, channels: 3, background: '#123456' } })
const data = {
  png: (await swatch.png().toBuffer()).toString('base64'),
  jpeg: (await swatch.jpeg().toBuffer()).toString('base64'),
  webp: (await swatch.webp().toBuffer()).toString('base64'),
  heic: Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0').toString('base64'),
  heif: Buffer.from('\0\0\0\u0018ftypmif1\0\0\0\0').toString('base64'),
}
type Format = keyof typeof data

function image(format: Format, mimeType = `image/${format}`): Part {
  return { inlineData: { mimeType, data: data[format] } }
}

async function refusal(body: unknown, model = flash): Promise<string> {
  const { status, reply } = await ask({ body, model })
  expect(status).toBe(400)
  expect(reply.error?.status).toBe('INVALID_ARGUMENT')
  return reply.error?.message ?? ''
}

describe('shape', () => {
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

  const config = (generationConfig: object) => ({ contents, generationConfig })
  const part = (fields: object) => ({ contents: [{ role: 'user', parts: [fields] }] })
  test.each([
    [part({ txt: 'a' }), `Unknown name "txt" at 'contents[0].parts[0]': Cannot find field.`],
    [part({ inline_data: {} }), `Unknown name "inline_data" at 'contents[0].parts[0]'`],
    [
      part({ inlineData: { mimeType: 'image/png', data: data.png, name: 'a' } }),
      `Unknown name "name" at 'contents[0].parts[0].inline_data'`,
    ],
    [config({ thinkingConfig: { level: 'HIGH' } }), `'generation_config.thinking_config'`],
    [{ contents, tools: [{ google_search: {} }] }, `Unknown name "google_search" at 'tools[0]'`],
    [
      { contents, tools: [{ googleSearch: { types: {} } }] },
      `Unknown name "types" at 'tools[0].google_search'`,
    ],
    [
      { contents, tools: [{ googleSearch: { searchTypes: { web: {} } } }] },
      `'tools[0].google_search.search_types'`,
    ],
    [{ contents, safetySettings: [{ method: 'SEVERITY' }] }, `"method" at 'safety_settings[0]'`],
    [{ contents, systemInstruction: { text: 'a' } }, `"text" at 'system_instruction'`],
    [{ contents, systemInstruction: 'a' }, `Invalid value at 'system_instruction'`],
    [{ contents: 'a cat' }, `Invalid value at 'contents'`],
  ])('has no place for a strange field: %j', async (body, message) => {
    expect(await refusal(body)).toContain(message)
  })

  const setting = (category: string, threshold: string) => ({
    contents,
    safetySettings: [{ category, threshold }],
  })
  test.each([
    [config({ seed: 2 ** 31 }), `Invalid value at 'generation_config.seed' (TYPE_INT32)`],
    [config({ seed: 1.5 }), 'seed'],
    [config({ temperature: 2.1 }), 'temperature'],
    [config({ responseModalities: ['PICTURE'] }), 'response_modalities[0]'],
    [config({ thinkingConfig: { thinkingLevel: 'high' } }), 'thinking_level'],
    [setting('HARM_CATEGORY_BOREDOM', 'OFF'), 'safety_settings[0].category'],
    [setting('HARM_CATEGORY_HARASSMENT', 'BLOCK_ALL'), 'safety_settings[0].threshold'],
    [part({}), 'required oneof field'],
    [part({ text: 'a', ...image('png') }), `oneof field 'data' is already set`],
    [part({ text: 'a', thoughtSignature: '%' }), 'Base64 decoding failed'],
    [{ contents: [{ role: 'user', parts: [] }] }, 'must not be empty'],
  ])('has no place for a strange value: %j', async (body, message) => {
    expect(await refusal(body)).toContain(message)
  })

  test('takes every field that it knows', async () => {
    const body = {
      contents: [{ role: 'user', parts: [{ text: 'a cat', thought: false }] }],
      systemInstruction: { role: 'user', parts: [{ text: 'be flat' }] },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
      tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
      serviceTier: 'flex',
      store: false,
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 3,
        candidateCount: 1,
        maxOutputTokens: 4096,
        seed: -7,
        responseModalities: ['TEXT', 'IMAGE'],
        thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true },
        imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
      },
    }
    expect((await ask({ body })).status).toBe(200)
    expect(client.fake.requests[0]?.prompt).toBe('be flat\na cat')
  })
})

describe('turns', () => {
  const say = (role: string) => ({ role, parts: [{ text: role }] })
  test.each([
    [['user', 'system'], 'valid role'],
    [['user', 'user'], 'alternate'],
    [['user', 'model'], 'end with a user role'],
  ])('refuses %j', async (roles, message) => {
    expect(await refusal({ contents: roles.map(say) })).toContain(message)
  })

  const history = (part: Part | undefined) => ({
    contents: [say('user'), { role: 'model', parts: [part] }, say('user')],
  })

  test('a picture comes back with its signature', async () => {
    const [drawn] = partsOf((await ask()).reply)
    expect((await ask({ body: history(drawn) })).status).toBe(200)
    const missing =
      'Image part is missing a thought_signature in content position 2, part position 1.'
    const { thoughtSignature: _, ...unsigned } = drawn ?? {}
    expect(await refusal(history(unsigned))).toBe(missing)
    const [other] = partsOf((await ask({ prompt: 'a dog' })).reply)
    const { thoughtSignature = '' } = other ?? {}
    expect(await refusal(history({ ...drawn, thoughtSignature }))).toBe(
      'Thought signature is not valid.',
    )
  })

  test('a thought, and a picture of the user, need no signature', async () => {
    expect((await ask({ body: history({ ...image('png'), thought: true }) })).status).toBe(200)
    const body = { contents: [{ role: 'user', parts: [image('png')] }] }
    expect((await ask({ body })).status).toBe(200)
  })

  test('2.5 knows no signatures', async () => {
    const model = 'gemini-2.5-flash-image'
    const [drawn] = partsOf((await ask({ model })).reply)
    expect(drawn).toEqual({ inlineData: expect.anything() })
    expect((await ask({ model, body: history(drawn) })).status).toBe(200)
  })
})

describe('input images', () => {
  const send = (parts: Part[]) => ({ contents: [{ role: 'user', parts }] })

  test.each<Format>(['png', 'jpeg', 'webp', 'heic', 'heif'])('takes %s', async (format) => {
    expect((await ask({ body: send([image(format)]) })).status).toBe(200)
  })

  test.each<[Format, string, string]>([
    ['jpeg', 'image/png', 'image/jpeg'],
    ['heif', 'image/heic', 'image/heif'],
    ['jpeg', 'image/jpg', 'image/jpg'],
    ['png', 'image/gif', 'image/gif'],
  ])('refuses %s as %s', async (format, mimeType, told) => {
    const message = `Unhandled generated data mime type: ${told}`
    expect(await refusal(send([image(format, mimeType)]))).toBe(message)
  })

  test('refuses bytes that are no image', async () => {
    const inlineData = { mimeType: 'image/png', data: 'aGVsbG8=' }
    expect(await refusal(send([{ inlineData }]))).toContain('application/octet-stream')
  })

  test.each([...models])('%s counts them', async (model, { maxInputImages, inputImageTokens }) => {
    const images = Array.from({ length: maxInputImages }, () => image('png'))
    const { status, reply } = await ask({ model, body: send([{ text: 'four' }, ...images]) })
    expect(status).toBe(200)
    expect(reply.usageMetadata).toMatchObject({
      promptTokenCount: 1 + maxInputImages * inputImageTokens,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 1 },
        { modality: 'IMAGE', tokenCount: maxInputImages * inputImageTokens },
      ],
    })
    expect(await refusal(send([...images, image('png')]), model)).toContain(
      `at most ${maxInputImages} images`,
    )
  })

  test('pictures of the model cost tokens, but do not count against the limit', async () => {
    const [drawn] = partsOf((await ask()).reply)
    const turn = [
      { role: 'user', parts: [{ text: 'a cat' }] },
      { role: 'model', parts: [drawn] },
    ]
    const body = { contents: [...Array.from({ length: 15 }, () => turn).flat(), turn[0]] }
    const { status, reply } = await ask({ body })
    expect(status).toBe(200)
    expect(reply.usageMetadata).toMatchObject({
      promptTokensDetails: [{}, { tokenCount: 15 * 1120 }],
    })
    expect(bytesOf(partsOf(reply)[0]).length).toBeGreaterThan(1000)
  })
})

describe('what a model offers', () => {
  const levels = ['minimal', 'low', 'medium', 'high']
  const rows = [...models].flatMap(([model, { thinkingLevels }]) =>
    levels.map((level) => ({ model, level, offered: thinkingLevels.some((it) => it === level) })),
  )
  test.each(rows)('$model thinks $level: $offered', async ({ model, level, offered }) => {
    const thinkingConfig = { thinkingLevel: level.toUpperCase() }
    const { status, reply } = await ask({
      model,
      body: { contents, generationConfig: { thinkingConfig } },
    })
    expect(status).toBe(offered ? 200 : 400)
    if (!offered) expect(reply.error?.message).toMatch(/^Thinking level .*not supported/)
  })

  const webSearch = { googleSearch: {} }
  const imageSearch = { googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }
  test.each([...models])('%s searches', async (model, { searches }) => {
    for (const [type, tool] of [
      ['web', webSearch],
      ['image', imageSearch],
    ] as const) {
      const { status } = await ask({ model, body: { contents, tools: [tool] } })
      expect(status).toBe(searches.includes(type) ? 200 : 400)
    }
  })
})
