import { GoogleGenAI, type Interactions } from '@google/genai'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { flash, useFakeGemini, type Reply } from './client.ts'
import type { FaultKind } from './server.ts'

interface Item {
  type: string
  text?: string
  mime_type?: string
  data?: string
  annotations?: object[]
}

interface Step {
  type: string
  content?: Item[]
  summary?: Item[]
  signature?: string
}

interface Interaction extends Omit<Reply, 'candidates'> {
  id: string
  status: string
  steps: Step[]
  errors?: object[]
  usage: Record<string, unknown>
}

const client = useFakeGemini()
const path = '/v1beta/interactions'
const user = (text: string) => ({ type: 'user_input', content: [{ type: 'text', text }] })

async function interact(fields: object, model = flash) {
  const body = { model, input: 'a cat', ...fields }
  const { status, reply } = await client.ask<Interaction>({ path, body })
  return { status, reply, message: reply.error?.message ?? '' }
}

function outputOf({ steps }: Interaction): Item[] {
  return steps.flatMap(({ type, content = [] }) => (type === 'model_output' ? content : []))
}

function bytesOf(item: Item | undefined): Buffer {
  return Buffer.from(item?.data ?? '', 'base64')
}

describe('answers', () => {
  test('a picture', async () => {
    const format = {
      type: 'image',
      mime_type: 'image/jpeg',
      aspect_ratio: '16:9',
      image_size: '2K',
    }
    const { status, reply } = await interact({ response_format: format })
    expect(status).toBe(200)
    expect(reply).toEqual({
      id: expect.stringMatching(/^v1_[\w-]+$/),
      status: 'completed',
      model: flash,
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      steps: [
        { type: 'thought', signature: expect.any(String) },
        {
          type: 'model_output',
          content: [{ type: 'image', mime_type: 'image/jpeg', data: expect.any(String) }],
        },
      ],
      usage: {
        total_tokens: 2 + 1680 + 240,
        total_input_tokens: 2,
        input_tokens_by_modality: [{ modality: 'text', tokens: 2 }],
        total_output_tokens: 1680,
        output_tokens_by_modality: [{ modality: 'image', tokens: 1680 }],
        total_thought_tokens: 240,
      },
    })
    const metadata = await sharp(bytesOf(outputOf(reply)[0])).metadata()
    expect([metadata.format, metadata.width, metadata.height]).toEqual(['jpeg', 2752, 1536])
  })

  test('text, a picture, or both', async () => {
    const image = { type: 'image' }
    const text = { type: 'text' }
    const types = async (format: object) =>
      outputOf((await interact({ response_format: format })).reply).map(({ type }) => type)
    expect(await types(image)).toEqual(['image'])
    expect(await types(text)).toEqual(['text'])
    expect(await types([text, image])).toEqual(['text', 'image'])
  })

  test('thoughts', async () => {
    const { reply } = await interact({ generation_config: { thinking_summaries: 'auto' } })
    expect(reply.steps[0]?.summary).toEqual([
      { type: 'text', text: expect.any(String) },
      { type: 'image', mime_type: 'image/jpeg', data: expect.any(String) },
    ])
  })

  test('a search', async () => {
    const search_types = ['web_search', 'image_search']
    const { reply } = await interact({ tools: [{ type: 'google_search', search_types }] })
    const types = reply.steps.map(({ type }) => type)
    const [call, result] = ['google_search_call', 'google_search_result']
    expect(types).toEqual(['thought', call, result, call, result, 'model_output'])
    expect(reply.steps[3]).toMatchObject({ search_type: 'image_search' })
    expect(reply.steps[2]).toMatchObject({
      is_error: false,
      result: [{ search_suggestions: expect.stringContaining('<style>') }],
    })
    const [text, image] = outputOf(reply)
    expect(text?.annotations).toHaveLength(2)
    expect(text?.annotations?.[0]).toMatchObject({ type: 'url_citation', start_index: 0 })
    expect(image?.type).toBe('image')
    expect(reply.usage['grounding_tool_count']).toEqual([{ type: 'google_search', count: 2 }])
  })

  test('2.5 draws PNG, and signs nothing', async () => {
    const { reply } = await interact({}, 'gemini-2.5-flash-image')
    expect(reply.steps.map(({ type }) => type)).toEqual(['model_output'])
    expect(outputOf(reply)[0]?.mime_type).toBe('image/png')
  })
})

describe('strictness', () => {
  const tools = [{ type: 'google_search' }]
  const image = { type: 'image', mime_type: 'image/png', data: 'aGVsbG8=' }
  test.each([
    [{ responseFormat: {} }, 'Unknown name "responseFormat": Cannot find field.'],
    [{ response_format: { type: 'image', aspectRatio: '1:1' } }, `at 'response_format'`],
    [{ response_format: { image: {} } }, 'response_format.type: required'],
    [{ response_format: [{ type: 'video' }] }, `'response_format[0].type'`],
    [{ response_format: { type: 'image', mime_type: 'image/webp' } }, 'response_format.mime_type'],
    [{ response_format: { type: 'image', image_size: '512px' } }, 'image_size must be one of'],
    [{ response_format: { type: 'image', aspect_ratio: '7:3' } }, 'aspect_ratio must be one of'],
    [{ tools: [{ googleSearch: {} }] }, 'tools[0].type: required'],
    [{ tools: [{ type: 'google_search', types: [] }] }, `at 'tools[0]'`],
    [{ tools: [{ type: 'google_search', search_types: ['video_search'] }] }, 'search_types[0]'],
    [{ generation_config: { thinkingLevel: 'high' } }, `at 'generation_config'`],
    [{ generation_config: { thinking_level: 'High' } }, 'thinking_level'],
    [{ generation_config: { thinking_level: 'medium' } }, 'Thinking level MEDIUM'],
    [{ generation_config: { thinking_summaries: 'all' } }, 'thinking_summaries'],
    [{ generation_config: { seed: 2 ** 31 } }, 'generation_config.seed'],
    [{ safety_settings: [{ type: 'harassment', threshold: 'OFF' }] }, 'safety_settings[0]'],
    [{ system_instruction: { parts: [] } }, 'system_instruction'],
    [{ input: [{ text: 'a cat' }] }, 'input[0].type: required'],
    [{ input: [{ parts: [] }] }, 'input[0].type: required'],
    [{ input: [{ type: 'text', text: 'a', mimeType: 'b' }] }, `"mimeType" at 'input[0]'`],
    [{ input: [{ type: 'text', text: 'a cat' }, user('a dog')] }, 'input[1].type'],
    [{ input: [{ ...user('a cat'), role: 'user' }] }, `"role" at 'input[0]'`],
    [{ input: [] }, 'ends with a user_input step'],
    [{ input: [image] }, 'Unhandled generated data mime type'],
    [{ store: 'yes' }, 'TYPE_BOOL'],
    [{ stream: true }, 'stream'],
  ])('refuses %j', async (fields, told) => {
    const { status, message } = await interact(fields)
    expect(status).toBe(400)
    expect(message).toContain(told)
  })

  test.each([
    [{ response_format: { type: 'image', image_size: '1K' } }, 'image_size is not supported'],
    [{ tools }, 'Search Grounding is not supported'],
    [{ generation_config: { thinking_level: 'low' } }, 'Thinking level LOW'],
  ])('lite refuses %j', async (fields, told) => {
    const { status, message } = await interact(fields, 'gemini-3.1-flash-lite-image')
    expect(status).toBe(400)
    expect(message).toContain(told)
  })

  test('the model has to be known', async () => {
    expect((await interact({}, 'gemini-9')).status).toBe(404)
    const { status, reply } = await client.ask({ path, body: { input: 'a cat' } })
    expect(status).toBe(400)
    expect(reply.error?.message).toContain('model: required')
    expect((await client.ask({ path, body: '{' })).reply.error?.message).toContain('Invalid JSON')
  })
})

describe('turns', () => {
  test('a stored interaction goes on', async () => {
    const model = 'gemini-3-pro-image'
    const first = await interact({ input: [{ type: 'text', text: 'four' }] }, model)
    const previous_interaction_id = first.reply.id
    const { status, reply } = await interact({ input: 'more', previous_interaction_id }, model)
    expect(status).toBe(200)
    expect(reply.id).not.toBe(first.reply.id)
    expect(reply.usage['input_tokens_by_modality']).toEqual([
      { modality: 'text', tokens: 2 },
      { modality: 'image', tokens: 560 },
    ])
    expect(client.fake.requests[1]?.prompt).toBe('more')
  })

  test('what is not stored does not', async () => {
    const { id } = (await interact({ store: false })).reply
    for (const previous_interaction_id of [id, 'v1_abc']) {
      const { status, reply } = await interact({ previous_interaction_id })
      expect(status).toBe(404)
      expect(reply.error?.status).toBe('NOT_FOUND')
    }
  })

  test('steps come back with their signature', async () => {
    const { steps } = (await interact({ store: false })).reply
    const history = (middle: object[]) => ({ input: [user('a cat'), ...middle, user('a hat')] })
    expect((await interact(history(steps))).status).toBe(200)
    expect(client.fake.requests[1]?.prompt).toBe('a cat\na hat')
    const [thought, output] = steps
    const missing = 'missing a thought_signature in content position 2, part position 1.'
    expect((await interact(history(steps.slice(1)))).message).toContain(missing)
    const bare = [{ type: 'thought' }, output ?? {}]
    expect((await interact(history(bare))).message).toContain('content position 3')
    const early = [thought ?? {}, user('wait'), output ?? {}]
    expect((await interact(history(early))).message).toContain('content position 4')
    const [other] = (await interact({ input: 'a dog' })).reply.steps
    const wrong = await interact(history([other ?? {}, output ?? {}]))
    expect(wrong.status).toBe(400)
    expect(wrong.message).toBe('Thought signature is not valid.')
  })

  test('2.5 takes them without', async () => {
    const model = 'gemini-2.5-flash-image'
    const { steps } = (await interact({}, model)).reply
    const input = [user('a cat'), ...steps, user('a hat')]
    expect((await interact({ input }, model)).status).toBe(200)
  })
})

describe('faults', () => {
  test.each<[FaultKind, string, number]>([
    ['blocked', 'IMAGE_PROHIBITED_CONTENT', 240],
    ['prompt-blocked', 'PROHIBITED_CONTENT', 0],
  ])('%s', async (kind, code, thoughts) => {
    client.fake.fault({ kind })
    const { status, reply } = await interact({})
    expect(status).toBe(200)
    expect(reply).toMatchObject({
      status: 'failed',
      errors: [{ code, message: expect.any(String) }],
      usage: {
        total_tokens: 2 + thoughts,
        total_input_tokens: 2,
        total_output_tokens: 0,
        total_thought_tokens: thoughts,
      },
    })
    expect(reply.steps).toBeUndefined()
  })

  test('text-only and empty', async () => {
    client.fake.fault({ kind: 'text-only' })
    client.fake.fault({ kind: 'empty' })
    expect(outputOf((await interact({})).reply).map(({ type }) => type)).toEqual(['text'])
    expect((await interact({})).reply).toEqual({})
  })

  test.each<[FaultKind, number]>([
    ['rate-limited', 429],
    ['quota-exhausted', 429],
    ['unavailable', 503],
    ['not-found', 404],
  ])('%s', async (kind, code) => {
    client.fake.fault({ kind, match: /cat/ })
    const { status, reply } = await interact({})
    expect(status).toBe(code)
    expect(reply.error?.code).toBe(code)
  })

  test('wrong-type, no-signature and interleaved', async () => {
    client.fake.fault({ kind: 'wrong-type' })
    client.fake.fault({ kind: 'no-signature' })
    client.fake.fault({ kind: 'interleaved', images: 2 })
    const [mislabelled] = outputOf((await interact({})).reply)
    expect(mislabelled?.mime_type).toBe('image/jpeg')
    expect((await sharp(bytesOf(mislabelled)).metadata()).format).toBe('png')
    expect((await interact({})).reply.steps.map(({ type }) => type)).toEqual(['model_output'])
    const { steps } = (await interact({})).reply
    expect(steps.map(({ type }) => type).join(' ')).toBe(
      'thought model_output thought model_output',
    )
    const input = [user('a cat'), ...steps, user('a hat')]
    expect((await interact({ input })).status).toBe(200)
  })
})

describe('Google’s own SDK', () => {
  const sdk = (apiVersion: string) =>
    new GoogleGenAI({
      apiKey: 'some-key',
      vertexai: false,
      apiVersion,
      httpOptions: { baseUrl: client.fake.url },
    })
  const create = async (fields: object, version = 'v1'): Promise<Interactions.Interaction> =>
    sdk(version).interactions.create({ model: flash, input: 'a cat', ...fields }, { maxRetries: 0 })

  test.each(['v1', 'v1beta'])('%s: an interaction that goes on', async (version) => {
    const first = await create({ response_format: { type: 'image' } }, version)
    const next = { previous_interaction_id: first.id, input: 'now with a hat' }
    const second = await create(next, version)
    expect(first.output_image?.data).not.toBe(second.output_image?.data)
    expect(second.status).toBe('completed')
  })

  test('the steps of one are the input of the next', async () => {
    const first = await create({
      store: false,
      tools: [{ type: 'google_search', search_types: ['web_search', 'image_search'] }],
      generation_config: { thinking_level: 'high', thinking_summaries: 'auto' },
      response_format: [{ type: 'text' }, { type: 'image' }],
    })
    expect(first.output_text).toBe('Here is your picture.')
    const input = [user('a cat'), ...(first.steps ?? []), user('now with a hat')]
    expect((await create({ store: false, input })).status).toBe('completed')
  })

  test('failures', async () => {
    client.fake.fault({ kind: 'blocked' })
    const failed = await create({})
    expect(failed).toMatchObject({ status: 'failed', steps: [] })
    client.fake.fault({ kind: 'rate-limited' })
    await expect(create({})).rejects.toMatchObject({ status: 429 })
    await expect(create({ responseFormat: {} })).rejects.toMatchObject({ status: 400 })
  })
})
