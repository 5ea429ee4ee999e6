import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { runCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

test.for([
  ['an address with a password', { GOOGLE_GEMINI_BASE_URL: 'http://user:hidden@127.0.0.1:9' }],
  ['no address', { GOOGLE_GEMINI_BASE_URL: 'user:hidden@127.0.0.1:9' }],
  ['a key of two lines', { GEMINI_API_KEY: 'AIza-hidden\nhidden' }],
] as const)('%s is refused at once, and not repeated', async ([, spoilt]) => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['hero']),
    ...viteConfig(),
    'src/hero.prompt.md': promptFile('A fox'),
  })
  const env = { ...keyed(gemini), ...spoilt }
  const told = [
    await runCli(site.root, ['generate', '--yes', '--json'], env),
    await startVite(site.root, ['build'], env).ended,
  ]
  for (const { code, output } of told) {
    expect(code).toBe(1)
    expect(output).toMatch(/INVALID_OPTION|INVALID_KEY/)
    expect(output).not.toContain('hidden')
  }
  expect(gemini.requests).toEqual([])
})
