import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { drawn, entryOf, inTerminal, plain, runJson, siteOf } from './stage.ts'

const HERO = 'src/hero.prompt.md'

function stored(site: Site): readonly string[] {
  return readdirSync(site.path('.gemini-image')).toSorted()
}

/** A site with one picture, of which another was asked for. */
async function drawnAgain(text: string = promptFile('A fox')) {
  const gemini = await startGemini()
  const site = await drawn(await siteOf({ hero: text }), gemini)
  const before = await entryOf(site, HERO)
  const again = (...args: string[]) =>
    runJson(site, ['generate', 'hero', '--again', '--yes', ...args], keyed(gemini))
  const done = await again()
  expect(done).toMatchObject({ code: 0, report: { generated: 1 } })
  return { gemini, site, before, again, after: await entryOf(site, HERO) }
}

test('another picture is asked for, and the one before it stays', async () => {
  const { gemini, site, before, after } = await drawnAgain()
  expect(gemini.requests).toHaveLength(2)
  expect(after.object).not.toBe(before.object)
  expect(after).toMatchObject({ redrawn: 1, former: [before] })
  expect(stored(site)).toEqual([before.file, after.file].toSorted())
  expect(await runJson(site, ['plan'])).toMatchObject({ code: 0, report: { pinned: 1 } })
  expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { sound: 2 } })
})

test('who goes back pays nothing, and can go forth again', async () => {
  const { gemini, site, before, after } = await drawnAgain()
  const back = await runCommand(site.root, ['pick', 'hero', '--former', '1'])
  expect(back.code).toBe(0)
  expect(back.stdout).toContain(`${before.file} again`)
  expect(back.stdout).toContain('npx gemini-image pick hero --former 1')
  const { former: _, redrawn: __, ...result } = after
  expect(await entryOf(site, HERO)).toEqual({
    ...before,
    redrawn: 2,
    former: [{ ...result, redrawn: 1 }],
  })
  expect((await runCommand(site.root, ['pick', 'hero', '--former', '1'])).code).toBe(0)
  expect((await entryOf(site, HERO)).object).toBe(after.object)
  expect(gemini.requests).toHaveLength(2)
})

test('pictures that came beside the one that was asked for are kept, and one is picked for nothing', async () => {
  const gemini = await startGemini()
  gemini.fault({ kind: 'interleaved', images: 3 })
  const site = await siteOf({ hero: promptFile('A fox') })
  const { code, stderr } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(code).toBe(0)
  expect(stderr).toContain('src/hero.prompt.md:5:1: 2 other pictures came along, for nothing')
  const entry = await entryOf(site, HERO)
  expect(entry.former).toHaveLength(2)
  for (const { cost, request } of entry.former ?? []) {
    expect({ cost, request }).toEqual({ cost: 0, request: entry.request })
  }
  expect(stored(site)).toHaveLength(3)
  expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { sound: 3 } })
  expect((await runCommand(site.root, ['pick', 'hero', '--former', '1'])).code).toBe(0)
  expect((await entryOf(site, HERO)).object).toBe(entry.former?.[0]?.object)
  expect(await runJson(site, ['plan'])).toMatchObject({ code: 0, report: { pinned: 1 } })
  expect(gemini.requests).toHaveLength(1)
})

test('each of several can be gone back to; they are listed and priced', async () => {
  const { site, before, after, again } = await drawnAgain()
  await again()
  const third = await entryOf(site, HERO)
  expect(third.former?.map(({ object }) => object)).toEqual([after.object, before.object])
  const explained = await runCommand(site.root, ['explain', 'hero'])
  expect(explained.stdout).toMatch(new RegExp(`^1 +${after.file} .*^2 +${before.file} `, 'ms'))
  const { report } = await runJson(site, ['status'])
  expect(report.pinned).toMatchObject({ count: 1, former: 2 })
  expect(report.pinned.cost).toBeCloseTo(before.cost + after.cost + third.cost)
  expect((await runCommand(site.root, ['status'])).stdout).toContain('1 picture and 2 former ones')
  expect((await runCommand(site.root, ['pick', 'hero', '--former', '2'])).code).toBe(0)
  expect((await entryOf(site, HERO)).object).toBe(before.object)
})

test('prune forgets what was before, and deletes its file', async () => {
  const { site, before, after } = await drawnAgain()
  const shown = await runJson(site, ['prune'])
  expect(shown.report).toMatchObject({
    deleted: false,
    entries: [],
    former: [{ file: before.file }],
    files: [before.file],
  })
  expect(stored(site)).toHaveLength(2)
  await runCommand(site.root, ['prune', '--yes'])
  expect(stored(site)).toEqual([after.file])
  expect(await entryOf(site, HERO)).not.toHaveProperty('former')
  expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { sound: 1 } })
  const none = await runJson(site, ['pick', 'hero', '--former', '1'])
  expect(none.report.error).toMatchObject({ code: 'INVALID_ARGUMENT', place: { file: HERO } })
})

test('a former picture whose file is gone is told of, and stays where it is', async () => {
  const { site, before, after } = await drawnAgain()
  await site.remove(`.gemini-image/${before.file}`)
  expect(await runJson(site, ['verify'])).toMatchObject({
    code: 2,
    report: { lost: [{ file: before.file }] },
  })
  expect(await runJson(site, ['plan'])).toMatchObject({ code: 0, report: { pinned: 1 } })
  const { code, report } = await runJson(site, ['pick', 'hero', '--former', '1'])
  expect([code, report.error.code]).toEqual([1, 'CORRUPT_OBJECT'])
  expect(await entryOf(site, HERO)).toEqual(after)
})

test('the price is asked first: a no changes nothing', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('hero')), gemini)
  const before = await entryOf(site, HERO)
  const { screen } = await inTerminal(site, ['generate', 'hero', '--again'], {
    input: 'n\n',
    env: keyed(gemini),
  })
  expect(screen).toMatch(/Generate 1 picture for about \$0\.0\d/)
  const unasked = await runJson(site, ['generate', 'hero', '--again'], keyed(gemini))
  expect(unasked.report.error.code).toBe('INVALID_ARGUMENT')
  expect(await entryOf(site, HERO)).toEqual(before)
  expect(gemini.requests).toHaveLength(1)
})

test('every step of a picture is drawn anew, and its last one can be gone back to', async () => {
  const gemini = await startGemini()
  const turns = '["Make it night", "Add snow"]'
  const site = await drawn(await siteOf({ hero: promptFile('A fox', { turns }) }), gemini)
  const file = async () => (await runJson(site, ['explain', 'hero'])).report.pinned.file
  const before = await file()
  const args = ['generate', 'hero', '--again', '--yes']
  expect(await runJson(site, args, keyed(gemini))).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(6)
  expect(await file()).not.toBe(before)
  expect((await runCommand(site.root, ['pick', 'hero', '--former', '1'])).code).toBe(0)
  expect(await file()).toBe(before)
})

test('what refers to it is missing then, until one goes back', async () => {
  const gemini = await startGemini()
  const child = promptFile('Beside it', { references: '["./hero.prompt.md"]' })
  const site = await drawn(await siteOf({ ...plain('hero'), child }), gemini)
  const done = await runCommand(site.root, ['generate', 'hero', '--again', '--yes'], keyed(gemini))
  expect(done.output).toContain('They refer to these and become missing:\n  src/child.prompt.md')
  expect(done.stdout).toContain('1 picture that refers to what was drawn anew is missing now')
  expect((await runJson(site, ['plan'])).report).toMatchObject({ pinned: 1, missing: 1 })
  await runCommand(site.root, ['pick', 'hero', '--former', '1'])
  expect((await runJson(site, ['plan'])).report).toMatchObject({ pinned: 2, missing: 0 })
})

describe('a mistake', () => {
  test.for([
    [['generate', '--again', '--yes'], 'without the name of a picture'],
    [['generate', 'hero', '--again', '--batch'], "cannot be used with option '--batch'"],
    [['pick', 'hero'], "missing required argument 'number'"],
    [['pick', 'hero', '1', '--former', '1'], "cannot be used with option '--former'"],
    [['pick', 'hero', '--former', '0'], 'whole number from 1'],
    [['pick', 'hero', '--former', '1'], 'no former picture 1'],
  ] as const)('is told, and nothing is spent: %s', async ([args, said]) => {
    const gemini = await startGemini()
    const site = await siteOf(plain('hero'))
    const { code, output } = await runCommand(site.root, args, keyed(gemini))
    expect(code).toBe(1)
    expect(output).toContain(said)
    expect(gemini.requests).toEqual([])
  })
})
