import { DEFAULT_PROVIDER, resolveOptions } from '@gemini-image/core/internal'
import { describe, expect, test } from 'vitest'
import { importing, prompting, thrownBy } from '../errors/stage.ts'
import { drive } from '../support/driver.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
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

test('settings of Vertex AI are refused in words that say where they are taken', async () => {
  const [gemini, site] = await Promise.all([
    startGemini(),
    createSite({
      'main.js': importing('hero'),
      'hero.prompt.md': prompting('prominentPeople: block'),
    }),
  ])
  const env = keyed(gemini)
  const driver = drive(resolveOptions({}, { hostRoot: site.root, env }))
  const error = await thrownBy(() => driver.prepare())
  expect(error).toMatchObject({ code: 'UNSUPPORTED_SETTING', place: { line: 2 } })
  expect(String(error)).toContain('Vertex AI does')
  expect(gemini.requests).toEqual([])
})
