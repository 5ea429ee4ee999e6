import { DEFAULT_PROVIDER } from '@gemini-image/core/internal'
import { describe } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { keepsTheContract, type Contestant } from './contract.ts'
import { askedPictures, geminiFault } from './gemini-server.ts'

const KEY = 'a-key-that-nothing-repeats'

function google(transport: 'generate-content' | 'interactions') {
  return async (): Promise<Contestant> => {
    const gemini = await startGemini()
    const env = { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: gemini.url }
    return {
      definition: DEFAULT_PROVIDER,
      options: { transport },
      env,
      badEnv: { ...env, GEMINI_API_KEY: 'invalid-key' },
      secrets: [KEY],
      asked: () => askedPictures(gemini),
      happen: (mishap) => gemini.fault(geminiFault(mishap, [KEY])),
    }
  }
}

describe('generateContent', () => {
  keepsTheContract(google('generate-content'))
})
describe('interactions', () => {
  keepsTheContract(google('interactions'))
})
