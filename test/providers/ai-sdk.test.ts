import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFal } from '@ai-sdk/fal'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createReplicate } from '@ai-sdk/replicate'
import type { ImageModelV3, ImageModelV4 } from '@ai-sdk/provider'
import type { Options } from '@gemini-image/core'
import {
  aiSdk,
  type AiSdkImageModel,
  type AiSdkModelOptions,
  type AiSdkModels,
} from '@gemini-image/core/providers'
import { resolveOptions, withEnvFiles } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { importing, prompting, thrownBy } from '../errors/stage.ts'
import type { FakeOpenAi } from '../fake-openai/server.ts'
import { runCommand } from '../support/command.ts'
import { drive, type Driver } from '../support/driver.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild } from '../support/vite.ts'
import { sha256 } from './contract.ts'
import { OPENAI_KEY, startOpenAi } from './openai-server.ts'

const FILES = { 'main.js': importing('hero'), 'hero.prompt.md': prompting('alt: ""') }
const KEYED = { OPENAI_API_KEY: OPENAI_KEY }

function imageOf({ url: baseURL }: FakeOpenAi, name = 'gpt-image-2'): AiSdkImageModel {
  return createOpenAI({ apiKey: OPENAI_KEY, baseURL }).image(name)
}

interface Run {
  readonly env?: Readonly<Record<string, string>>
  readonly options?: Options
  readonly log?: string[]
}

function driver(
  site: Site,
  provider: Options['provider'],
  { env = KEYED, options, log = [] }: Run = {},
): Driver {
  const note = (line: string): void => void log.push(line)
  return drive(
    resolveOptions(
      { retryDelay: 5, concurrency: 1, provider, ...options },
      { hostRoot: site.root, env, logger: { info: note, warn: note } },
    ),
  )
}

test('models of the AI SDK 6 and 7 are what it takes', () => {
  expectTypeOf<ImageModelV4>().toExtend<AiSdkImageModel>()
  expectTypeOf<ImageModelV3>().toExtend<AiSdkImageModel>()
})

describe('what a declaration says', () => {
  test('reaches the model: size, options of all pictures and of this one', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    await site.write(
      'hero.prompt.md',
      prompting('aspectRatio: "3:2"\nproviderOptions: { openai: { background: opaque } }'),
    )
    const provider = aiSdk(imageOf(server), {
      providerOptions: { openai: { quality: 'high', background: 'auto' } },
    })
    await driver(site, provider).prepare()
    expect(server.requests).toEqual([
      {
        path: '/v1/images/generations',
        fields: {
          model: 'gpt-image-2',
          prompt: 'A lighthouse',
          n: 1,
          size: '1536x1024',
          quality: 'high',
          background: 'opaque',
        },
        images: [],
      },
    ])
    const lockfile = await site.read('gemini-image.lock')
    expect(lockfile).toContain('"model":"openai/gpt-image-2"')
    expect(lockfile).toContain('"provider":"ai-sdk"')
    expect(lockfile).toContain('"tokens":{"input":20,"image":1056,"text":0}')
  })

  test('decides the picture; options of all pictures do not', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const at = (quality: string): Options['provider'] =>
      aiSdk(imageOf(server), { providerOptions: { openai: { quality } } })
    await driver(site, at('low')).prepare()
    expect(await driver(site, at('high')).prepare()).toMatchObject({ generated: 0 })
    await site.write('hero.prompt.md', prompting('providerOptions: { openai: { quality: high } }'))
    expect(await driver(site, at('low')).prepare()).toMatchObject({ generated: 1 })
    expect(server.requests.map(({ fields }) => fields['quality'])).toEqual(['low', 'high'])
  })

  test('costs what tokens cost where the option "models" has their prices', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const models: Options['models'] = {
      'openai/gpt-image-2': {
        price: { textIn: 5, textOut: 0, imageOut: 40 },
        sizes: { '1K': { pixels: { '1:1': [1024, 1024] }, tokens: 1056 } },
      },
    }
    const { spent } = await driver(site, aiSdk(imageOf(server)), { options: { models } }).prepare()
    expect(spent).toBeCloseTo((20 * 5 + 1056 * 40) / 1_000_000, 6)
  })

  test('numbers images by their order: the picture that a turn changes, then references', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const cup = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#a04020' } })
      .png()
      .toBuffer()
    const pot = await sharp(cup).negate().png().toBuffer()
    await site.write('cup.png', cup)
    await site.write('pot.png', pot)
    await site.write(
      'hero.prompt.md',
      prompting(
        'references: [{ image: ./cup.png, label: cup }]\nturns: [{ prompt: "Add {{image:pot}}", references: [{ image: ./pot.png, label: pot }] }]',
        'A table with {{image:cup}} on it',
      ),
    )
    await driver(site, aiSdk(imageOf(server))).prepare()
    const [first, second] = server.requests
    expect(first?.path).toBe('/v1/images/edits')
    expect(first?.fields['prompt']).toBe('A table with image 1 on it')
    expect(first?.images).toEqual([sha256(cup)])
    expect(second?.fields['prompt']).toBe('Add image 3')
    expect(second?.images).toEqual([expect.any(String), sha256(cup), sha256(pot)])
    expect(second?.images[0]).not.toBe(sha256(cup))
  })

  test('is the ratio alone where the model takes no pixels, and what comes is compared', async () => {
    const site = await createSite(FILES)
    const asked: unknown[] = []
    const picture = await sharp({
      create: { width: 800, height: 448, channels: 3, background: '#204060' },
    })
      .png()
      .toBuffer()
    const model: AiSdkImageModel = {
      specificationVersion: 'v3',
      provider: 'replicate.image',
      modelId: 'painters/oil',
      doGenerate: async ({ size, aspectRatio, seed }) => {
        asked.push({ size, aspectRatio, seed })
        const warnings = [{ type: 'unsupported', feature: 'seed' }]
        return { images: [picture], warnings }
      },
    }
    await site.write('hero.prompt.md', prompting('aspectRatio: "16:9"\nseed: 7'))
    const log: string[] = []
    const options: AiSdkModelOptions = {
      shape: 'aspectRatio',
      sizes: { '1K': { '16:9': '1344x768' } },
      seed: true,
      key: false,
      price: { perImage: 0.003 },
    }
    const { spent } = await driver(site, aiSdk(model, options), { env: {}, log }).prepare()
    expect(asked).toEqual([{ size: undefined, aspectRatio: '16:9', seed: 7 }])
    expect(spent).toBe(0.003)
    expect(log.join('\n')).toContain('sent 800×448 pixels where 1344×768 were asked for')
    expect(log.join('\n')).toContain('hero.prompt.md:6:1: Replicate: "seed" is unsupported.')
  })

  test.for([
    ['temperature: 1', 'UNSUPPORTED_SETTING', '"temperature"', 'gpt-image-2'],
    ['system: Be brief', 'UNSUPPORTED_SETTING', '"system"', 'gpt-image-2'],
    ['thinking: high', 'UNSUPPORTED_SETTING', '"thinking"', 'gpt-image-2'],
    ['output: text-and-image', 'UNSUPPORTED_SETTING', '"output"', 'gpt-image-2'],
    ['seed: 7', 'UNSUPPORTED_SETTING', 'aiSdk(…, { seed: true })', 'gpt-image-2'],
    ['size: 4K', 'UNSUPPORTED_SIZE', '"4K"', 'gpt-image-2'],
    ['aspectRatio: "16:9"', 'UNSUPPORTED_ASPECT_RATIO', '1:1, 3:2 and 2:3', 'gpt-image-2'],
    ['aspectRatio: "3:2"', 'UNSUPPORTED_ASPECT_RATIO', "{ '1K': { '3:2': '…' } }", 'sdxl'],
    ['size: 2K', 'UNSUPPORTED_SIZE', "{ '2K': { '1:1': '…' } }", 'sdxl'],
    ['size: constructor', 'UNSUPPORTED_SIZE', "{ 'constructor': ", 'sdxl'],
    ['turns: [Make it night]', 'UNSUPPORTED_SETTING', '"turns"', 'dall-e-3'],
    ['references: [./cup.png]', 'UNSUPPORTED_SETTING', '"references"', 'dall-e-3'],
    ['turns: [{ prompt: Say it, output: text }, Now]', 'UNSUPPORTED_SETTING', 'no text', undefined],
    ['transport: interactions', 'INVALID_VALUE', 'no choice of APIs', undefined],
    ['providerOptions: { openai: high }', 'INVALID_VALUE', 'openai: { quality: high }', undefined],
  ] as const)('that a model cannot do is refused in its place: %s', async (row) => {
    const [settings, code, words, name = 'gpt-image-2'] = row
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    await site.write(
      'cup.png',
      await sharp(Buffer.from('<svg width="9" height="9"/>')).png().toBuffer(),
    )
    await site.write('hero.prompt.md', prompting(settings))
    const error = await thrownBy(() => driver(site, aiSdk(imageOf(server, name))).prepare())
    expect(error).toMatchObject({ code })
    expect(String(error)).toMatch(/hero\.prompt\.md:2:/)
    expect(String(error)).toContain(words)
    expect(server.requests).toEqual([])
  })

  test('shows no more images than the model looks at, with the picture that a turn changes', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    await site.write(
      'cup.png',
      await sharp(Buffer.from('<svg width="9" height="9"/>')).png().toBuffer(),
    )
    await site.write('hero.prompt.md', prompting('references: [./cup.png]\nturns: [Make it night]'))
    const provider = aiSdk(imageOf(server), { references: 1 })
    const error = await thrownBy(() => driver(site, provider).prepare())
    expect(error).toMatchObject({ code: 'TOO_MANY_REFERENCES' })
    expect(String(error)).toContain('a turn would send 2')
  })
})

describe('a configuration', () => {
  const fake: AiSdkImageModel = {
    specificationVersion: 'v4',
    provider: 'openai.image',
    modelId: 'gpt-image-2',
    doGenerate: () => Promise.reject(new Error('Nobody asks it.')),
  }
  test.for([
    ['a name', () => aiSdk('openai/gpt-image-2' as never), 'is a name, and no model'],
    ['nothing', () => aiSdk(undefined as never), 'There is no model'],
    ['no models', () => aiSdk({}), 'was given no model'],
    ['a function without an id', () => aiSdk(() => fake), 'nothing says which'],
    ['an id without a company', () => aiSdk(() => fake, { id: 'gpt-image-2' }), 'no company'],
    ['an old model', () => aiSdk({ ...fake, specificationVersion: 'v1' }), 'version v1'],
    ['a size that is none', () => aiSdk(fake, { sizes: { '1K': { '1:1': '0x9' } } }), '"0x9"'],
    ['a negative price', () => aiSdk(fake, { price: { perImage: -1 } }), 'A price of -1'],
    ['a ceiling of nothing', () => aiSdk(fake, { price: { ceiling: 0 } }), 'A price of 0'],
    ['a key in place of its name', () => aiSdk(fake, { key: 'sk-1' }), 'no name of a variable'],
    ['half an image', () => aiSdk(fake, { references: 0.5 }), '0.5 images'],
    [
      'one name for two companies',
      () => aiSdk({ hero: [fake, { ...fake, provider: 'fal.image' }] }),
      'OpenAI and of fal',
    ],
  ] as const)('with %s is refused where it is written', async ([, configure, words]) => {
    const error = await thrownBy(configure)
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    expect(String(error)).toContain(words)
  })

  test('whose function gives another model than it says asks nobody', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const provider = aiSdk(() => imageOf(server), { id: 'openai/gpt-image-1' })
    const error = await thrownBy(() => driver(site, provider).prepare())
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    expect(String(error)).toContain("{ id: 'openai/gpt-image-2' }")
    expect(server.requests).toEqual([])
  })

  test('may name models of several companies: each draws its own, and none takes over', async () => {
    const [openai, other, site] = await Promise.all([
      startOpenAi(),
      startOpenAi(),
      createSite({
        'main.js': importing('hero', 'sketch'),
        'hero.prompt.md': prompting('alt: ""'),
        'sketch.prompt.md': prompting('model: sketch', 'A harbour'),
      }),
    ])
    const models: AiSdkModels = {
      photo: { model: imageOf(openai), price: { perImage: 0.04 } },
      draft: {
        model: imageOf(openai),
        price: { perImage: 0.01 },
        providerOptions: { openai: { quality: 'low' } },
      },
      sketch: {
        model: createOpenAICompatible({
          name: 'atelier',
          apiKey: OPENAI_KEY,
          baseURL: other.url,
        }).imageModel('sdxl'),
        price: { perImage: 0 },
      },
    }
    const { generated, spent } = await driver(site, aiSdk(models)).prepare()
    expect({ generated, spent }).toEqual({ generated: 2, spent: 0.04 })
    expect(openai.requests.map(({ fields }) => fields['prompt'])).toEqual(['A lighthouse'])
    expect(other.requests.map(({ fields }) => fields['prompt'])).toEqual(['A harbour'])
    const lockfile = await site.read('gemini-image.lock')
    expect(lockfile).toContain('"model":"openai/gpt-image-2"')
    expect(lockfile).toContain('"model":"atelier/sdxl"')

    await site.write('hero.prompt.md', prompting('model: draft'))
    other.fault({ kind: 'status', status: 404 })
    await site.write('sketch.prompt.md', prompting('model: sketch', 'A quay'))
    const error = await thrownBy(() => driver(site, aiSdk(models)).prepare())
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(String(error)).toContain('atelier does not know this model')
    expect(openai.requests.map(({ fields }) => fields['quality'])).toEqual([undefined, 'low'])
    expect(await site.read('gemini-image.lock')).toContain('"model":"openai/gpt-image-2 (draft)"')
  })

  test('gives functions the key of an env file, which cannot say where it is sent', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    await site.write('.env', `OPENAI_API_KEY=${OPENAI_KEY}\nOPENAI_BASE_URL=https://evil.example\n`)
    const provider = aiSdk(
      ({ OPENAI_API_KEY: apiKey = '' }) =>
        createOpenAI({ apiKey, baseURL: server.url }).image('gpt-image-2'),
      { id: 'openai/gpt-image-2' },
    )
    const { credentials } = provider
    const env = withEnvFiles({ dir: site.root }, {}, credentials) as Record<string, string>
    expect(env['OPENAI_BASE_URL']).toBeUndefined()
    expect(await driver(site, provider, { env }).prepare()).toMatchObject({ generated: 1 })
  })

  test('without its key generates nothing, and says which one is missing', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const error = await thrownBy(() => driver(site, aiSdk(imageOf(server)), { env: {} }).prepare())
    expect(error).toMatchObject({ code: 'MISSING_KEY' })
    expect(String(error)).toContain('set OPENAI_API_KEY (https://platform.openai.com/api-keys)')
    const free = aiSdk(imageOf(server), { key: false })
    const frozen = { env: {}, options: { mode: 'frozen' } } as const
    expect(String(await thrownBy(() => driver(site, free, frozen).prepare()))).toContain(
      'on your own machine with CI unset',
    )
    expect(server.requests).toEqual([])
  })
})

describe('an error', () => {
  test.for([
    [{ status: 429, code: 'insufficient_quota' }, 'QUOTA_EXHAUSTED', 1],
    [{ status: 402 }, 'QUOTA_EXHAUSTED', 1],
    [{ status: 403, say: `no: ${OPENAI_KEY}` }, 'INVALID_KEY', 1],
    [{ status: 400, code: 'model_not_found' }, 'MODEL_NOT_FOUND', 1],
    [{ status: 422, say: 'Size: not with sk-proj-0123456789abcdefghij' }, 'REFUSED_REQUEST', 1],
    [{ status: 500 }, 'PROVIDER_UNAVAILABLE', 3],
    [{ status: 429 }, 'RATE_LIMITED', 3],
  ] as const)('of the server is one of ours: %j', async ([fault, code, calls]) => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    for (let call = 0; call < 3; call += 1) server.fault({ kind: 'status', ...fault })
    const run = { options: { attempts: 3 } }
    const error = await thrownBy(() => driver(site, aiSdk(imageOf(server)), run).prepare())
    expect(error).toMatchObject({ code })
    expect(String(error)).toContain('OpenAI ')
    const { stack, cause } = error as Error
    expect([stack, JSON.stringify(error), cause].join()).not.toMatch(/nothing-repeats|sk-proj/)
    expect(server.requests).toHaveLength(calls)
  })

  test.for([
    ['empty', 'NO_IMAGE'],
    ['not JSON', 'BAD_ANSWER'],
  ] as const)('is an answer that is %s: paid for, and not asked for again', async (row) => {
    const [kind, code] = row
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    server.fault({ kind })
    const log: string[] = []
    const provider = aiSdk(imageOf(server), { price: { perImage: 0.04 } })
    const error = await thrownBy(() => driver(site, provider, { log }).prepare())
    expect(error).toMatchObject({ code })
    expect(log.join('\n')).toContain('$0.0400')
    expect(server.requests).toHaveLength(1)
  })

  test('is a key that the package looks for and does not find', async () => {
    const site = await createSite(FILES)
    const provider = aiSdk(
      () => createOpenAI({ baseURL: 'http://127.0.0.1:9' }).image('gpt-image-2'),
      {
        id: 'openai/gpt-image-2',
      },
    )
    const error = await thrownBy(() => driver(site, provider).prepare())
    expect(error).toMatchObject({ code: 'INVALID_KEY' })
    expect(String(error)).toContain('env.OPENAI_API_KEY')
  })

  test('of a server that nobody reaches is tried again, and free', async () => {
    const [server, site] = await Promise.all([startOpenAi(), createSite(FILES)])
    const provider = aiSdk(imageOf(server))
    await server.close()
    const run = { options: { attempts: 2, budget: 0.3 } }
    const error = await thrownBy(() => driver(site, provider, run).prepare())
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(String(error)).toContain('OpenAI could not be reached')
    expect(String(error)).not.toContain('may have been paid')
  })
})

interface Fal {
  readonly url: string
  readonly requests: Record<string, unknown>[]
  /** How many pictures are made and then lost. */
  lost: number
}

/** fal's server on loopback: it answers with an address. @see https://fal.ai/models */
async function startFal(): Promise<Fal> {
  const picture = await sharp({
    create: { width: 1024, height: 768, channels: 3, background: '#406020' },
  })
    .jpeg()
    .toBuffer()
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      if (fal.lost > 0) {
        fal.lost -= 1
        return void response.writeHead(404).end()
      }
      return void response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture)
    }
    fal.requests.push(JSON.parse(String(Buffer.concat(await request.toArray()))) as never)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ images: [{ url: `${fal.url}/files/1.jpg` }], prompt: 'x' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const fal: Fal = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    lost: 0,
  }
  return fal
}

describe('fal', () => {
  const options: AiSdkModelOptions = {
    sizes: { '1K': { '4:3': '1024x768' } },
    seed: true,
    references: 1,
    price: { perImage: 0.025 },
  }

  test('draws what it is asked for, and its picture is fetched', async () => {
    const [server, site] = await Promise.all([startFal(), createSite(FILES)])
    const cup = await sharp(Buffer.from('<svg width="9" height="9"/>')).png().toBuffer()
    const pot = await sharp(cup).negate().png().toBuffer()
    await site.write('cup.png', cup)
    await site.write('pot.png', pot)
    await site.write(
      'hero.prompt.md',
      prompting('aspectRatio: "4:3"\nseed: 3\nreferences: [./cup.png]'),
    )
    const fal = createFal({ apiKey: 'a-key', baseURL: server.url })
    const provider = aiSdk(fal.image('fal-ai/flux-kontext/dev'), options)
    const { spent } = await driver(site, provider, { env: { FAL_KEY: 'a-key' } }).prepare()
    expect(spent).toBe(0.025)
    expect(server.requests).toEqual([
      {
        prompt: 'A lighthouse',
        seed: 3,
        image_size: { width: 1024, height: 768 },
        num_images: 1,
        image_url: `data:image/png;base64,${cup.toString('base64')}`,
      },
    ])
    expect(await site.read('gemini-image.lock')).toContain('"model":"fal/fal-ai/flux-kontext/dev"')
  })

  test('has been paid for a picture that is lost on the way: no other model is asked', async () => {
    const [server, site] = await Promise.all([startFal(), createSite(FILES)])
    await site.write('hero.prompt.md', prompting('aspectRatio: "4:3"'))
    const fal = createFal({ apiKey: 'a-key', baseURL: server.url })
    const models = ['fal-ai/flux/dev', 'fal-ai/flux/schnell'] as const
    const provider = aiSdk({ photo: models.map((id) => ({ ...options, model: fal.image(id) })) })
    server.lost = 1
    const error = await thrownBy(() =>
      driver(site, provider, { env: { FAL_KEY: 'a-key' } }).prepare(),
    )
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(String(error)).toContain('could not be fetched (status 404)')
    expect(String(error)).toMatch(/may have been paid for/)
    expect(server.requests).toHaveLength(1)
  })
})

/** Replicate's server on loopback: a prediction that has ended. @see https://replicate.com/docs/reference/http */
async function startReplicate(
  prediction: Readonly<Record<string, unknown>>,
): Promise<Pick<Fal, 'url' | 'requests'>> {
  const picture = await sharp({
    create: { width: 1344, height: 768, channels: 3, background: '#602040' },
  })
    .webp()
    .toBuffer()
  const requests: Fal['requests'] = []
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      return void response.writeHead(200, { 'content-type': 'image/webp' }).end(picture)
    }
    requests.push(JSON.parse(String(Buffer.concat(await request.toArray()))) as never)
    response.writeHead(201, { 'content-type': 'application/json' })
    const output = [`${url}/files/1.webp`]
    response.end(JSON.stringify({ urls: { get: `${url}/predictions/1` }, output, ...prediction }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, requests }
}

describe('Replicate', () => {
  const env = { REPLICATE_API_TOKEN: 'a-token' }
  const flux = ({ url: baseURL }: Pick<Fal, 'url'>): Options['provider'] =>
    aiSdk(
      createReplicate({ apiToken: 'a-token', baseURL }).image('black-forest-labs/flux-schnell'),
      {
        shape: 'aspectRatio',
        sizes: { '1K': { '16:9': '1344x768' } },
        seed: true,
        price: { perImage: 0.003 },
      },
    )

  test('is told the ratio, and its picture is fetched', async () => {
    const [server, site] = await Promise.all([
      startReplicate({ status: 'succeeded' }),
      createSite(FILES),
    ])
    await site.write('hero.prompt.md', prompting('aspectRatio: "16:9"\nseed: 7'))
    const log: string[] = []
    const { spent } = await driver(site, flux(server), { env, log }).prepare()
    expect(spent).toBe(0.003)
    expect(server.requests).toEqual([
      { input: { prompt: 'A lighthouse', aspect_ratio: '16:9', seed: 7, num_outputs: 1 } },
    ])
    expect(log.join('\n')).not.toContain('were asked for')
  })

  test('that ends without a picture has refused: it is told why, and not asked again', async () => {
    const error = 'NSFW content detected. Try running it again.'
    const [server, site] = await Promise.all([
      startReplicate({ status: 'failed', error, output: null }),
      createSite(FILES),
    ])
    await site.write('hero.prompt.md', prompting('aspectRatio: "16:9"'))
    for (let time = 0; time < 2; time += 1) {
      const thrown = await thrownBy(() => driver(site, flux(server), { env }).prepare())
      expect(thrown).toMatchObject({ code: 'BLOCKED' })
      expect(String(thrown)).toContain('NSFW content detected')
    }
    expect(server.requests).toHaveLength(1)
  })
})

/** A site whose configuration asks the fake by way of a function, which fails where it may not be called. */
async function configuredSite(): Promise<Site> {
  return createSite({
    ...pageOf(['hero']),
    'src/hero.prompt.md': promptFile('A lighthouse'),
    'gemini-image.config.mjs': `
      import { aiSdk } from 'unplugin-gemini-image/providers'
      const load = async ({ OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL }) => {
        if (process.env.CI) throw new Error('A build that asks nobody loads no model.')
        const { createOpenAI } = await import('@ai-sdk/openai')
        return createOpenAI({ apiKey, baseURL }).image('gpt-image-2')
      }
      export default {
        provider: aiSdk(load, { id: 'openai/gpt-image-2', price: { perImage: 0.04 } }),
      }\n`,
  })
}

test('a site that asks for it in its configuration is built, labelled, and then frozen', async () => {
  const [server, site] = await Promise.all([startOpenAi(), configuredSite()])
  await buildSite(site, { env: { ...KEYED, OPENAI_BASE_URL: server.url } })
  const built = (await site.list('dist/assets')).find((name) => name.startsWith('hero'))
  const bytes = await site.bytes(`dist/assets/${built}`)
  expect(String(bytes)).toContain('<Iptc4xmpExt:AISystemUsed>openai/gpt-image-2<')
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 1024, height: 1024, format: 'png' })
  await site.remove('dist')
  await buildSite(site, { env: { CI: 'true' } })
  expect(await site.bytes(`dist/assets/${built}`)).toEqual(bytes)
  expect(server.requests).toHaveLength(1)
  await site.write('src/hero.prompt.md', promptFile('A harbour'))
  const failed = await failingBuild(site, { env: { CI: 'true' } })
  expect(failed).toContain('MISSING_PICTURE')
  expect(failed).toContain('with OPENAI_API_KEY set')
  expect(server.requests).toHaveLength(1)
})

test('the commands speak of it', async () => {
  const [server, site] = await Promise.all([startOpenAi(), configuredSite()])
  const env = { ...KEYED, OPENAI_BASE_URL: server.url }
  const models = await runCommand(site.root, ['models'], env)
  expect(models.stdout).toMatch(/openai\/gpt-image-2\s+1K \$0\.0400\s+16\s+1/)
  expect(models.stdout).toContain('there is no list of the models of OpenAI.')
  const doctor = await runCommand(site.root, ['doctor', '--json'], env)
  const { checks } = JSON.parse(doctor.stdout) as { checks: object[] }
  expect(checks).toContainEqual({ name: 'key', verdict: 'ok', text: 'OPENAI_API_KEY is set.' })
  expect(checks).toContainEqual({
    name: 'models',
    verdict: 'ok',
    text: 'Not asked: there is no list of the models of OpenAI.',
  })
  const alone = await runCommand(site.root, ['doctor', '--json'], {})
  expect(alone.stdout).toContain('There is no API key for OpenAI')
  const alt = await runCommand(site.root, ['alt', '--yes'], env)
  expect(alt.output).toContain('OpenAI does not put pictures into words here.')
  const public_ = await runCommand(site.root, ['doctor', '--json'], {
    ...env,
    VITE_OPENAI_API_KEY: OPENAI_KEY,
  })
  expect(public_.stdout).toContain('Rename it to OPENAI_API_KEY')
  expect(server.requests).toEqual([])
})

test('nothing that asks it is loaded with core, and no package of the AI SDK at all', () => {
  const report = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
    for (const url of process.argv.slice(1)) await import(url)
    console.log(urls.join('\\n'))`
  const loaded = (...entries: readonly string[]): readonly string[] => {
    const urls = entries.map((entry) => import.meta.resolve(`@gemini-image/core${entry}`))
    const args = ['--input-type=module', '-e', report, ...urls]
    return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n')
  }
  const ofEntry = import.meta.resolve('@gemini-image/core/providers')
  expect(loaded('', '/host', '/internal')).not.toContain(ofEntry)
  const own = loaded('/providers')
  expect(own).toContain(ofEntry)
  expect(own.filter((url) => /ai-sdk|zod|sharp|provider-/.test(url))).toEqual([])
})
