import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { plain, runJson, siteOf } from './stage.ts'

test('models shows prices, ends, what is used, and what is offered now', async () => {
  const gemini = await startGemini({ missingModels: ['gemini-3-pro-image'] })
  const site = await siteOf({
    ...plain('one', 'two'),
    three: promptFile('three', { model: 'gemini-3-pro-image' }),
  })
  const { code, stdout } = await runCommand(site.root, ['models'], keyed(gemini))
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /gemini-nano-banana-2\.1 +1K \$0\.0336, 2K \$0\.0504, 4K \$0\.1134 +14 +web, images +2\n/,
  )
  expect(stdout).toMatch(/gemini-3-pro-image +1K–2K \$0\.1452, 4K \$0\.2400 .* 1 +not offered\n/)
  expect(stdout).toMatch(/gemini-2\.5-flash-image .* 2026-10-02/)
  expect(stdout).toContain('nano-banana stands for gemini-nano-banana-2.1')
  expect(stdout).toContain('The project uses gemini-3-pro-image, which is not offered.')
  expect(stdout).toMatch(/\d+ other models? offered; --all lists them/)
  expect((await runCommand(site.root, ['models', '--all'], keyed(gemini))).stdout).toContain(
    '\n  gemini-3.5-flash-lite\n',
  )
  expect(new Set(gemini.requests.map(({ route }) => route))).toEqual(new Set(['listModels']))
})

test('without a key nobody is asked; a model whose price is unknown costs at most its ceiling', async () => {
  const site = await siteOf(plain('one'), {
    'gemini-image.config.mjs': `export default { models: { mine: { like: 'gemini-nano-banana-2.1', price: { ceiling: 0.5 } }, gpu: { like: 'gemini-nano-banana-2.1', price: { ceiling: 0.5, second: 0.002 } } } }\n`,
  })
  const { code, report } = await runJson(site, ['models'])
  expect(code).toBe(0)
  expect(report.models).toContainEqual(
    expect.objectContaining({ id: 'mine', prices: {}, ceiling: 0.5, used: 0 }),
  )
  const { stdout } = await runCommand(site.root, ['models'], {})
  expect(stdout).toMatch(/mine +at most \$0\.5000/)
  expect(stdout).toMatch(/gpu +\$0\.0020 a second, at most \$0\.5000/)
  expect(stdout).toContain('Nobody was asked what is offered now: set GEMINI_API_KEY.')
})

test('a key that is refused is told beside the catalogue', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  const env = { ...keyed(gemini), GEMINI_API_KEY: 'invalid-key' }
  const { code, stdout } = await runCommand(site.root, ['models'], env)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^MODEL[^]*INVALID_KEY/)
})
