import { expect, test } from 'vitest'
import { drawn, plain, runJson, siteOf } from '../cli/stage.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile, type Site } from '../support/site.ts'
import { failingBuild, keyed } from '../support/vite.ts'
import { ledgerOf, lineAs } from './ledger.ts'

const NOW = new Date()
const THIS = `${NOW.toISOString().slice(0, 7)}-01T00:00:00Z`
/** The last second of the month before. */
const BEFORE = `${new Date(Date.parse(THIS) - 1000).toISOString().slice(0, 19)}Z`

const CAPPED = { 'gemini-image.config.mjs': 'export default { monthlyBudget: 1 }\n' }

/** A site without pictures that may cost a dollar a month, of which so much is paid. */
async function stage(
  paid: number,
  names: readonly string[] = ['one', 'two'],
): Promise<{ site: Site; gemini: FakeGemini }> {
  const gemini = await startGemini({ batch: { polls: 1 } })
  const site = await siteOf(plain(...names), CAPPED)
  const ledger = lineAs({ date: THIS, dollars: paid }) + lineAs({ date: BEFORE, dollars: 50 })
  await site.write('gemini-image.ledger', ledger)
  return { site, gemini }
}

test('what is missing is held against the month before the first call', async () => {
  const { site, gemini } = await stage(0.95)
  const { code, report } = await runJson(site, ['generate', '--yes'], keyed(gemini))
  expect(code).toBe(1)
  const { error } = report
  expect(error).toMatchObject({
    code: 'MONTHLY_BUDGET_EXCEEDED',
    place: { file: expect.stringMatching(/^src\/(?:one|two)\.prompt\.md$/) },
  })
  expect(error.message).toMatch(
    /about \$0\.0762; the monthly budget is \$1\.00, of which \$0\.0500 are left/,
  )
  expect(error.message).toContain('src/two.prompt.md')
  expect(error.message).toContain('"monthlyBudget" to $1.03 or more')
  expect(error.message).toContain('npx gemini-image costs --since month')
  const said = await failingBuild(site, { env: keyed(gemini) })
  expect(said).toContain('MONTHLY_BUDGET_EXCEEDED')
  expect(gemini.requests).toEqual([])

  await site.write('gemini-image.config.mjs', 'export default { monthlyBudget: 1.03 }\n')
  await drawn(site, gemini)
  // What was booked now counts, too.
  await site.write('src/one.prompt.md', promptFile('Another'))
  const next = await runJson(site, ['generate', '--yes'], keyed(gemini))
  expect(next.report.error.code).toBe('MONTHLY_BUDGET_EXCEEDED')
  expect(gemini.requests).toHaveLength(2)
})

test('neither a flag nor an env file raises it', async () => {
  const { site, gemini } = await stage(0.95)
  await site.write('.env', 'GEMINI_IMAGE_MONTHLY_BUDGET=9\nMONTHLY_BUDGET=9\n')
  const args = ['generate', '--yes', '--budget', '9']
  expect((await runJson(site, args, keyed(gemini))).report.error.code).toBe(
    'MONTHLY_BUDGET_EXCEEDED',
  )
  expect(gemini.requests).toEqual([])
})

test('drafts of alternative texts and batch jobs are held against it, and open jobs count', async () => {
  const { site, gemini } = await stage(0.95, ['one'])
  await site.write('src/one.prompt.md', '---\nsize: 1K\n---\n\none\n')
  await drawn(site, gemini)
  gemini.batches.steer({ state: 'held' })
  await site.write('src/two.prompt.md', promptFile('two'))
  await site.write('src/two.js', "import './two.prompt.md?gemini-image'\n")
  // $0.0146 are left; a draft costs up to $0.0017, and a batch up to $0.0191.
  const batch = ['generate', '--batch', '--yes']
  const poor = await runJson(site, batch, keyed(gemini))
  expect(poor.report.error.code).toBe('MONTHLY_BUDGET_EXCEEDED')
  await site.write('gemini-image.config.mjs', 'export default { monthlyBudget: 1.0055 }\n')
  expect(await runCommand(site.root, batch, keyed(gemini))).toMatchObject({ code: 0 })
  // The open job leaves $0.0010.
  const draft = await runJson(site, ['alt', '--yes'], keyed(gemini))
  expect(draft.report.error.code).toBe('MONTHLY_BUDGET_EXCEEDED')
  await site.write('gemini-image.config.mjs', 'export default { monthlyBudget: 1.0075 }\n')
  expect(await runCommand(site.root, ['alt', '--yes'], keyed(gemini))).toMatchObject({ code: 0 })
  expect((await ledgerOf(site)).at(-1)).toMatchObject({ kind: 'alt' })
})

test('where the month cannot be counted, nothing is paid', async () => {
  const { site, gemini } = await stage(0)
  await site.remove('gemini-image.ledger')
  await site.write('gemini-image.ledger/x', '')
  const { report } = await runJson(site, ['generate', '--yes'], keyed(gemini))
  expect(report.error).toMatchObject({
    code: 'UNREADABLE_FILE',
    place: { file: 'gemini-image.ledger' },
  })
  expect(gemini.requests).toEqual([])
})
