import { onTestFinished } from 'vitest'
import {
  startFakeOpenAi,
  type FakeOpenAi,
  type FakeOpenAiOptions,
  type OpenAiFault,
} from '../fake-openai/server.ts'
import type { AskedPicture, Mishap } from './contract.ts'

/** It looks like no key: only whoever knows it can hide it. */
export const OPENAI_KEY = 'key-of-openai-nothing-repeats'

/** What models draw whose sizes nobody limits. */
export const SIZES = { '1K': { '1:1': '1024x1024', '16:9': '1536x864' } } as const

/** A fake server of OpenAI's images API that is closed when the test ends. */
export async function startOpenAi(options: Partial<FakeOpenAiOptions> = {}): Promise<FakeOpenAi> {
  const server = await startFakeOpenAi({
    key: OPENAI_KEY,
    models: ['gpt-image-2.5-flare', 'gpt-image-2', 'dall-e-3', 'sdxl'],
    ...options,
  })
  onTestFinished(() => server.close())
  return server
}

export function openAiFault(mishap: Mishap): OpenAiFault {
  switch (mishap) {
    case 'refuses':
      return {
        kind: 'status',
        status: 400,
        code: 'moderation_blocked',
        say: `Your request was rejected by the safety system (${OPENAI_KEY}).`,
      }
    case 'counts nothing':
      return { kind: 'no usage' }
    case 'is overloaded':
      return { kind: 'status', status: 503 }
    case 'is asked too often':
      return { kind: 'status', status: 429, code: 'rate_limit_exceeded' }
    case 'breaks off':
      return { kind: 'reset' }
    case 'hangs':
      return { kind: 'hang' }
    case 'knows no such model':
      return { kind: 'status', status: 404, code: 'model_not_found' }
    case 'echoes':
      return { kind: 'echo', say: OPENAI_KEY }
  }
}

/** What reached the server. */
export function askedOfOpenAi({ requests }: FakeOpenAi): readonly AskedPicture[] {
  return requests.map(({ fields, images }) => ({ prompt: String(fields['prompt']), images }))
}
