import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ProviderDefinition } from '@gemini-image/core'
import { aiSdk, type AiSdkEntry } from '@gemini-image/core/providers'
import { describe } from 'vitest'
import type { FakeOpenAi } from '../fake-openai/server.ts'
import { keepsTheContract, type Contestant } from './contract.ts'
import { askedOfOpenAi, OPENAI_KEY, openAiFault, SIZES, startOpenAi } from './openai-server.ts'

/** @param variables That of the key, and that of the address. */
function contestant(
  server: FakeOpenAi,
  definition: ProviderDefinition,
  [key, url]: readonly [key: string, url: string],
): Contestant {
  const env = { [key]: OPENAI_KEY, [url]: server.url }
  return {
    definition,
    options: { provider: definition },
    env,
    badEnv: { ...env, [key]: 'key-that-is-not-accepted' },
    answersInText: false,
    secrets: [OPENAI_KEY],
    asked: () => askedOfOpenAi(server),
    happen: (mishap) => server.fault(openAiFault(mishap)),
  }
}

async function openAi(): Promise<Contestant> {
  const server = await startOpenAi()
  const model = (name: string): AiSdkEntry => ({
    id: `openai/${name}`,
    sizes: SIZES,
    model: ({ OPENAI_API_KEY: apiKey = '', OPENAI_BASE_URL: baseURL = '' }) =>
      createOpenAI({ apiKey, baseURL }).image(name),
  })
  const definition = aiSdk({ photo: [model('gpt-image-2.5-flare'), model('gpt-image-2')] })
  return contestant(server, definition, ['OPENAI_API_KEY', 'OPENAI_BASE_URL'])
}

async function local(): Promise<Contestant> {
  const server = await startOpenAi({ givesUrls: true })
  const definition = aiSdk(
    ({ LOCAL_KEY: apiKey = '', LOCAL_URL: baseURL = '' }) =>
      createOpenAICompatible({ name: 'local', apiKey, baseURL }).imageModel('sdxl'),
    {
      id: 'local/sdxl',
      key: 'LOCAL_KEY',
      price: { perImage: 0.01 },
      sizes: SIZES,
      references: 4,
    },
  )
  return contestant(server, definition, ['LOCAL_KEY', 'LOCAL_URL'])
}

describe('OpenAI, at a price that nobody tells', () => {
  keepsTheContract(openAi)
})
describe('a server that speaks as OpenAI does, at a price by the piece', () => {
  keepsTheContract(local)
})
