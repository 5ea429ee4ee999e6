import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { plain, runJson, siteOf } from './stage.ts'

/** A site with a picture that landed, and one that the model refuses so many times. */
async function refused(times = Infinity, text: string = promptFile('bad')) {
  const gemini = await startGemini()
  gemini.fault({ kind: 'blocked', match: /^bad/, times })
  const site = await siteOf({ bad: text, ...plain('good') })
  const env = keyed(gemini)
  const first = await runCommand(site.root, ['generate', '--yes'], env)
  expect(first.code).toBe(1)
  expect(first.output).toContain('BLOCKED at src/bad.prompt.md')
  expect(first.output).not.toContain('--retry')
  expect(gemini.requests).toHaveLength(2)
  return { gemini, site, env }
}

test('what was refused is not paid for again, and every command says how it stands', async () => {
  const { gemini, site, env } = await refused()
  const again = await runCommand(site.root, ['generate', '--yes'], env)
  expect(again.code).toBe(1)
  expect(again.output).toMatch(
    /BLOCKED at src\/bad\.prompt\.md:5:1[^]*It was refused on [^]*npx gemini-image generate "src\/bad\.prompt\.md" --retry/,
  )
  const total = { least: 0, most: 0 }
  const counts = { pinned: 1, missing: 0, refused: 1, total }
  const plan = await runJson(site, ['plan'], env)
  expect(plan).toMatchObject({ code: 2, report: counts })
  expect(plan.report.rows).toContainEqual(
    expect.objectContaining({
      state: 'refused',
      refusal: expect.stringContaining('IMAGE_PROHIBITED_CONTENT'),
    }),
  )
  expect((await runCommand(site.root, ['plan'], env)).stdout).toMatch(
    /^1 pinned, 0 missing, 1 refused\.\n\nRefused, and not asked for again before the declaration changes:\n {2}src\/bad\.prompt\.md:5:1 {2}The picture was drawn and held back /m,
  )
  expect(await runJson(site, ['status'], env)).toMatchObject({ report: { pictures: counts } })
  const page = await runJson(site, ['studio', '--build', 'out', '--all'], env)
  expect(page.report.states).toEqual({ pinned: 1, refused: 1 })
  const batch = await runJson(site, ['generate', '--batch', '--yes'], env)
  expect(batch.report).toMatchObject({ jobs: [], refused: [{ place: { line: 5 } }] })
  expect(gemini.requests).toHaveLength(2)
})

test('a person may ask again: --retry pays, and what lands is forgotten as refused', async () => {
  const { gemini, site, env } = await refused(2)
  const vain = await runCommand(site.root, ['generate', 'bad', '--retry', '--yes'], env)
  expect(vain.code).toBe(1)
  expect(gemini.requests).toHaveLength(3)
  const done = await runJson(site, ['generate', '--retry', '--yes'], env)
  expect(done).toMatchObject({ code: 0, report: { generated: 1 } })
  expect(gemini.requests).toHaveLength(4)
  expect(await site.list('node_modules/.cache/gemini-image/refused')).toEqual([])
})

test('a changed declaration, and another picture by --again, are asked for as ever', async () => {
  const { gemini, site, env } = await refused(1)
  await site.write('src/bad.prompt.md', promptFile('fair'))
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(0)
  await site.write('src/bad.prompt.md', promptFile('bad'))
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(1)
  expect(gemini.requests).toHaveLength(3)
  const again = await runCommand(site.root, ['generate', 'bad', '--again', '--yes'], env)
  expect(again.output).toMatch(/^1 picture generated/m)
  expect(gemini.requests).toHaveLength(4)
})

test('what is to be fresh is refused for no longer than a picture would be kept', async () => {
  const { gemini, site, env } = await refused(
    1,
    promptFile('bad', { fresh: '1d', grounding: '{ web: true }' }),
  )
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(1)
  expect(gemini.requests).toHaveLength(2)
  const [name = ''] = await site.list('node_modules/.cache/gemini-image/refused')
  const file = `node_modules/.cache/gemini-image/refused/${name}`
  const record = JSON.parse(await readFile(site.path(file), 'utf8')) as { refused: string }
  const before = new Date(Date.parse(record.refused) - 2 * 86_400_000).toISOString()
  await site.write(file, JSON.stringify({ ...record, refused: before }))
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(0)
  expect(gemini.requests).toHaveLength(3)
})

test('turns that go on from what was refused are neither priced nor asked for', async () => {
  const text = promptFile('bad', { turns: '[At night.]' })
  const { gemini, site, env } = await refused(Infinity, text)
  expect(await runJson(site, ['plan'], env)).toMatchObject({
    report: { refused: 1, total: { least: 0, most: 0 } },
  })
  const again = await runCommand(site.root, ['generate', '--yes', '--budget', '0'], env)
  expect(again.output).toContain('It was refused on')
  expect(gemini.requests).toHaveLength(2)
})
