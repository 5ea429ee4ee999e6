import { writeFile } from 'node:fs/promises'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Options } from '@gemini-image/core'
import { resolveOptions, type ResolvedOptions } from '@gemini-image/core/internal'
import { aiSdk, vertex } from '@gemini-image/core/providers'
import { startFakeOpenAi } from '../fake-openai/server.ts'
import { startFakeVertex } from '../fake-vertex/server.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { promptFile, type Site } from '../support/site.ts'
import type { Lab } from './lab.ts'
import { startWire, type Wire } from './wire.ts'

/** A site, a server and a wire between them, ready to be harmed. */
export interface Stage {
  readonly site: Site
  readonly wire: Wire
  /** Every line that was logged. */
  readonly log: string[]
  /** Of batch jobs: how many there are at the server. */
  jobs(): number
  resolve(options?: Options): ResolvedOptions
}

/** A way by which a picture comes. */
export interface Track {
  readonly name: string
  /** What a fault hits: the part of a request that says so. */
  readonly meant: RegExp
  readonly isBatch?: boolean
  /** Whether an answer is lines of answers. */
  readonly hasLines?: boolean
  /** Whether the AI SDK reads answers, which is stricter than we are. */
  readonly isReadByOthers?: boolean
  open(lab: Lab, meant: RegExp): Promise<Stage>
}

export const PROMPT_FILES: Readonly<Record<string, string>> = {
  'main.js': "import './hero.prompt.md?gemini-image'\n",
  'hero.prompt.md': promptFile('A lighthouse'),
}

const KEY = 'key-of-the-torture-nothing-repeats'
const OPENAI_SIZES = { '1K': { '1:1': '1024x1024', '16:9': '1536x864' } } as const
/** Hosts that the fake server stands for. */
const GOOGLE_HOSTS = /^https:\/\/[\w.-]+\.googleapis\.com(?=\/)/

const ASKS = /^POST .*(?::generateContent|\/interactions|\/images\/generations)(?:\?|$)/
const BATCH_ROUTES: Readonly<Record<string, RegExp>> = {
  'start of the upload': /^POST \/upload\/v1beta\/files$/,
  upload: /^POST \/upload\/v1beta\/files\?/,
  creation: /^POST .*:batchGenerateContent/,
  state: /^GET .*\/batches\/[^/:?]+(?:\?|$)/,
  results: /^GET .*:download/,
}
const VERTEX_ROUTES: Readonly<Record<string, RegExp>> = {
  'upload to the bucket': /^POST \/upload\/storage/,
  creation: /^POST .*batchPredictionJobs$/,
  state: /^GET .*\/batchPredictionJobs\/\w+(?:\?|$)/,
  'list of results': /^GET \/storage\/v1\/b\/[^/]+\/o(?:\?|$)/,
  results: /^GET \/storage\/v1\/b\/[^/]+\/o\/.*alt=media/,
}

export const TRACKS: readonly Track[] = [
  { name: 'generate-content', meant: ASKS, open: developer('generate-content') },
  { name: 'interactions', meant: ASKS, open: developer('interactions') },
  { name: 'vertex/generate-content', meant: ASKS, open: onVertex('generate-content') },
  { name: 'vertex/interactions', meant: ASKS, open: onVertex('interactions') },
  { name: 'openai', meant: ASKS, isReadByOthers: true, open: openAi },
  { name: 'openai-compatible', meant: ASKS, isReadByOthers: true, open: openAiCompatible },
  ...Object.entries(BATCH_ROUTES).map(([name, meant]): Track => ({
    name: `batch/${name}`,
    meant,
    isBatch: true,
    hasLines: name === 'results',
    open: developer('generate-content'),
  })),
  ...Object.entries(VERTEX_ROUTES).map(([name, meant]): Track => ({
    name: `vertex-batch/${name}`,
    meant,
    isBatch: true,
    hasLines: name === 'results',
    open: onVertex('generate-content'),
  })),
]

function developer(transport: string): Track['open'] {
  return async (lab, meant) => {
    const gemini = await lab.gemini({ batch: { polls: 1 } })
    return stageOf(lab, meant, gemini.url, {
      jobs: () => jobsOf(gemini),
      options: { transport },
      env: ({ url }) => ({ GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: url }),
    })
  }
}

function jobsOf({ batches }: FakeGemini): number {
  return batches.jobs.length
}

interface How {
  jobs(): number
  readonly options: Options
  env(wire: Wire): Readonly<Record<string, string>>
}

async function stageOf(
  lab: Lab,
  meant: RegExp,
  target: string,
  { jobs, options, env }: How,
): Promise<Stage> {
  const isMeant = (method: string, path: string): boolean => meant.test(`${method} ${path}`)
  const wire = await startWire({ target, isMeant })
  lab.after(() => wire.close())
  const site = await lab.site(PROMPT_FILES)
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  return {
    site,
    wire,
    log,
    jobs,
    resolve: (more) =>
      resolveOptions(
        { retryDelay: 2, attempts: 2, totalTimeout: 20_000, ...options, ...more },
        { hostRoot: site.root, env: env(wire), logger: { info: note, warn: note } },
      ),
  }
}

function onVertex(transport: string): Track['open'] {
  return async (lab, meant) => {
    const server = await startFakeVertex({ batch: { polls: 1 } })
    lab.after(() => server.close())
    const stage = await stageOf(lab, meant, server.url, {
      jobs: () => jobsOf(server.gemini),
      options: {
        transport,
        provider: vertex({
          project: 'p',
          location: 'europe-west4',
          bucket: 'gs://pictures/of/site',
        }),
      },
      env: () => ({
        CLOUDSDK_CONFIG: '/nowhere',
        GOOGLE_APPLICATION_CREDENTIALS: stage.site.path('credentials.json'),
      }),
    })
    const person = {
      type: 'authorized_user',
      client_id: 'a',
      client_secret: 'b',
      refresh_token: 'c',
    }
    await writeFile(stage.site.path('credentials.json'), JSON.stringify(person))
    const direct = globalThis.fetch
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input)
      const there = url.replace(GOOGLE_HOSTS, stage.wire.url)
      return input instanceof Request ? direct(new Request(there, input)) : direct(there, init)
    }
    lab.after(() => Object.assign(globalThis, { fetch: direct }))
    return stage
  }
}

async function openAi(lab: Lab, meant: RegExp): Promise<Stage> {
  const server = await startFakeOpenAi({ key: KEY, models: ['gpt-image-2'] })
  lab.after(() => server.close())
  const provider = aiSdk({
    photo: [
      {
        id: 'openai/gpt-image-2',
        sizes: OPENAI_SIZES,
        model: ({ OPENAI_API_KEY: apiKey = '', OPENAI_BASE_URL: baseURL = '' }) =>
          createOpenAI({ apiKey, baseURL }).image('gpt-image-2'),
      },
    ],
  })
  return stageOf(lab, meant, new URL(server.url).origin, {
    jobs: () => 0,
    options: { provider },
    env: ({ url }) => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${url}/v1` }),
  })
}

async function openAiCompatible(lab: Lab, meant: RegExp): Promise<Stage> {
  const server = await startFakeOpenAi({ key: KEY, models: ['sdxl'] })
  lab.after(() => server.close())
  const provider = aiSdk(
    ({ LOCAL_KEY: apiKey = '', LOCAL_URL: baseURL = '' }) =>
      createOpenAICompatible({ name: 'local', apiKey, baseURL }).imageModel('sdxl'),
    { id: 'local/sdxl', key: 'LOCAL_KEY', price: { perImage: 0.01 }, sizes: OPENAI_SIZES },
  )
  return stageOf(lab, meant, new URL(server.url).origin, {
    jobs: () => 0,
    options: { provider },
    env: ({ url }) => ({ LOCAL_KEY: KEY, LOCAL_URL: `${url}/v1` }),
  })
}
