import { setTimeout as sleep } from 'node:timers/promises'
import {
  GeminiImageError,
  type ErrorCode,
  type Provider,
  type ProviderContext,
  type ProviderDefinition,
  type ProviderResult,
} from '@gemini-image/core'

// A provider of another company, as small as one can be that keeps the contract: the guide shows its parts.

const VARIABLE = 'EASEL_KEY'

/** Of Easel, which exists in these tests only: a picture for some cents, which nobody knows before. */
export const EASEL: ProviderDefinition = {
  version: 1,
  id: 'easel',
  identity: 'easel 1',
  words: { company: 'Easel', search: 'its search', guide: "Easel's guide" },
  credentials: {
    variable: VARIABLE,
    variables: [VARIABLE],
    page: 'https://easel.example/keys',
    baseUrl: 'EASEL_URL',
    inEnvFiles: /^EASEL_/,
    secretNames: /^EASEL_KEY$/,
    keyPattern: 'easel-[0-9a-f]{8}',
    keyName: 'a key of Easel',
    api: 'Easel',
    ownNames: /EASEL/,
  },
  catalogue: {
    defaultModel: 'oil',
    aliases: [{ alias: 'oil', candidates: ['oil-2', 'oil-1'] }],
    models: ['oil-2', 'oil-1'].map((id) => ({
      id,
      name: id,
      family: 'oil',
      sizes: {
        '1K': { pixels: { '1:1': [512, 512] as const, '16:9': [640, 360] as const }, tokens: 0 },
      },
      takesSize: false,
      thinks: false,
      references: { total: 4, objects: 4, characters: 0, tokens: 0 },
      thinking: [],
      grounding: [],
      price: { textIn: 0, textOut: 0, imageOut: 0, ceiling: 0.05 },
      source: 'https://easel.example/models',
      asOf: '2026-11-30',
    })),
    rules: [],
    textModels: [],
    languages: [],
  },
  open: ({ attempts, retryDelay, timeout }, env) => {
    const [key, url] = [env[VARIABLE], env['EASEL_URL'] ?? 'https://easel.example']
    if (!key) return undefined
    return openEasel({ attempts, retryDelay, timeout, send: sender(url, key) })
  },
}

type Send = (body: object, signal: AbortSignal) => Promise<Response>

/** The key is in a closure: whoever prints a provider prints no key. */
function sender(url: string, key: string): Send {
  return (body, signal) =>
    fetch(`${url}/pictures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    })
}

interface Easel {
  readonly attempts: number
  readonly retryDelay: number
  readonly timeout: number
  readonly send: Send
}

function openEasel(easel: Easel): Provider {
  return {
    name: 'easel',
    generate: async ({ request, model, pixels, references, history }, context) => {
      const before = history.at(-1)?.images.at(-1)
      const shown = [...(before ? [before] : []), ...references]
      const images = await Promise.all(
        shown.map(async (image) => Buffer.from(await image.bytes()).toString('base64')),
      )
      const prompt = request.turns?.at(-1)?.prompt ?? request.prompt
      return askEasel(easel, { model: model.id, prompt, images, ...pixels }, context)
    },
  }
}

/** Tries again where that makes sense: what may have been paid for is counted before. */
async function askEasel(
  easel: Easel,
  body: object,
  context: ProviderContext,
): Promise<ProviderResult> {
  for (let attempt = 1; ; attempt += 1) {
    context.signal.throwIfAborted()
    const { result, failure, isPaid } = await once(easel, body, context)
    if (result) return result
    if (!failure.again || attempt >= easel.attempts) throw failure.error
    if (isPaid) context.countPossiblyPaid()
    await sleep(easel.retryDelay * attempt, undefined, { signal: context.signal })
  }
}

type Outcome =
  | { readonly result: ProviderResult; readonly failure?: undefined; readonly isPaid?: undefined }
  | {
      readonly result?: undefined
      readonly failure: { readonly error: GeminiImageError; readonly again: boolean }
      /** Whether it may have been paid for. */
      readonly isPaid: boolean
    }

async function once(
  { send, timeout }: Easel,
  body: object,
  context: ProviderContext,
): Promise<Outcome> {
  const signal = AbortSignal.any([context.cutOff, AbortSignal.timeout(timeout)])
  let answer: { readonly picture?: string; readonly refused?: string }
  let status: number
  try {
    const response = await send(body, signal)
    status = response.status
    answer = (await response.json()) as typeof answer
  } catch {
    const isStopped = context.cutOff.aborted
    const error = isStopped ? failed('STOPPED') : failed('PROVIDER_UNAVAILABLE')
    return { failure: { error, again: !isStopped }, isPaid: true }
  }
  if (answer.picture !== undefined) {
    const { model } = body as { readonly model: string }
    return { result: { parts: [{ bytes: Buffer.from(answer.picture, 'base64') }], model } }
  }
  if (status === 200)
    return { failure: { error: context.refuse(partsOf('BLOCKED')), again: false }, isPaid: false }
  const code = CODES[status] ?? 'PROVIDER_UNAVAILABLE'
  const again = status === 429 || status >= 500
  return { failure: { error: failed(code), again }, isPaid: false }
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'INVALID_KEY',
  404: 'MODEL_NOT_FOUND',
  429: 'RATE_LIMITED',
}

/** What servers say may hold anything: messages of one's own hold no key. */
function partsOf(code: ErrorCode): ConstructorParameters<typeof GeminiImageError>[0] {
  return {
    code,
    what: `Easel did not paint this picture (${code}).`,
    fix: code === 'BLOCKED' ? 'ask for something else.' : 'look at https://easel.example/status.',
  }
}

function failed(code: ErrorCode): GeminiImageError {
  return new GeminiImageError(partsOf(code))
}
