import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { drawn, pinned, runJson, siteOf } from './stage.ts'

test('variants are listed, one is picked, and prune deletes the others', async () => {
  const gemini = await startGemini()
  const site = await siteOf({ hero: promptFile('A fox', { variants: '3' }) })
  const before = await runJson(site, ['variants', 'hero'])
  expect(before.report.variants.map(({ file }: { file?: string }) => file)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  await drawn(site, gemini)
  const { report } = await runJson(site, ['variants', 'hero'])
  const files: string[] = report.variants.map(({ file }: { file: string }) => file)
  expect(new Set(files).size).toBe(3)
  expect(files.every((file) => file.startsWith('.gemini-image/hero'))).toBe(true)
  const pick = await runJson(site, ['pick', 'hero', '2'])
  expect(pick).toMatchObject({
    code: 0,
    report: { picture: 'src/hero.prompt.md', picked: { number: 2, file: files[1] } },
  })
  expect(await site.read('src/hero.prompt.md')).toBe(
    promptFile('A fox', { variants: '3', pick: '2' }),
  )
  const after = await runJson(site, ['variants', 'hero'])
  expect(after.report.variants.map(({ isPicked }: { isPicked: boolean }) => isPicked)).toEqual([
    false,
    true,
    false,
  ])
  await runCommand(site.root, ['prune', '--yes'])
  expect((await pinned(site)).size).toBe(1)
  expect(await runJson(site, ['plan'])).toMatchObject({
    code: 0,
    report: { pinned: 1, missing: 0 },
  })
  expect(gemini.requests).toHaveLength(3)
})

test.each([
  ['9', 'write a number from 1 to 3'],
  ['0', 'write a number from 1 to 3'],
  ['two', 'write a number from 1 to 3'],
])('there is no variant %s', async (number, fix) => {
  const site = await siteOf({ hero: promptFile('A fox', { variants: '3' }) })
  const { code, report } = await runJson(site, ['pick', 'hero', number])
  expect(code).toBe(1)
  expect(report.error.message).toContain(fix)
  expect(await site.read('src/hero.prompt.md')).not.toContain('pick')
})

test('a picture without variants has none to pick', async () => {
  const site = await siteOf({ hero: promptFile('A fox') })
  const { code, report } = await runJson(site, ['pick', 'hero', '1'])
  expect(code).toBe(1)
  expect(report.error.message).toContain('ask for "variants"')
  expect((await runCommand(site.root, ['variants', 'hero'])).stdout).toContain('It has no variants')
})

test('a file with comments, CRLF and a mark keeps them', async () => {
  const text =
    '\uFEFF---\r\n# of four\r\nalt: A fox   # short\r\nvariants: 4\r\n---\r\n\r\nA fox\r\n'
  const site = await siteOf({ hero: text })
  expect((await runCommand(site.root, ['pick', 'hero', '4'])).code).toBe(0)
  expect(await site.read('src/hero.prompt.md')).toBe(
    text.replace('variants: 4\r\n', 'variants: 4\r\npick: 4\r\n'),
  )
})
