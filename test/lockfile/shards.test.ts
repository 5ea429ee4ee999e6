import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const NAMES = Array.from({ length: 12 }, (_, index) => `p${index}`)

/** Twelve pictures, of which some refer to others or go on from one, and two ask for the same. */
function files(): Record<string, string> {
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(`Picture ${name}`)])
  return {
    ...pageOf(NAMES),
    ...Object.fromEntries(prompts),
    'src/p1.prompt.md': promptFile('Refers', { references: '[./p0.prompt.md]' }),
    'src/p2.prompt.md': promptFile('Refers on', { references: '[./p1.prompt.md]' }),
    'src/p3.prompt.md': promptFile('Refers too', { references: '[./p0.prompt.md]' }),
    'src/p5.prompt.md': promptFile('Goes on', { after: './p4.prompt.md' }),
    'src/p6.prompt.md': promptFile('Goes on too', { after: './p4.prompt.md' }),
    'src/p11.prompt.md': promptFile('Picture p10'),
  }
}

test('four machines with a shard each pay for each picture once, and their lockfiles one after the other are the union', async () => {
  const gemini = await startGemini()
  const machines: Site[] = []
  for (const number of [1, 2, 3, 4]) {
    const site = await createSite(files())
    const args = ['generate', '--yes', '--shard', `${number}/4`]
    expect(await runCommand(site.root, args, keyed(gemini))).toMatchObject({ code: 0 })
    machines.push(site)
  }
  const asked = askedPrompts(gemini)
  expect(asked).toHaveLength(11)
  expect(new Set(asked).size).toBe(11)
  const whole = await createSite(files())
  const locks: string[] = []
  for (const machine of machines) {
    locks.push(await machine.read('gemini-image.lock').catch(() => ''))
    const store = machine.path('.gemini-image')
    await cp(store, whole.path('.gemini-image'), { recursive: true, force: true }).catch(() => {})
  }
  await whole.write('gemini-image.lock', locks.join(''))
  const plan = await runCommand(whole.root, ['plan', '--json'])
  expect(JSON.parse(plan.stdout)).toMatchObject({ pinned: 12, missing: 0 })
  await whole.write('src/p7.prompt.md', promptFile('A new one'))
  expect(await runCommand(whole.root, ['generate', '--yes'], keyed(gemini))).toMatchObject({
    code: 0,
  })
  const text = await whole.read('gemini-image.lock')
  expect(text.match(/^version:/gm)).toHaveLength(1)
  expect(text.match(/^ {2}[0-9a-f]{64}: /gm)).toHaveLength(12)
})

test('a shard that is none is refused, and nothing is paid for', async () => {
  const gemini = await startGemini()
  const site = await createSite(files())
  for (const part of ['0/4', '5/4', '1', 'a/b', '1/0', '-1/4']) {
    const { code, output } = await runCommand(
      site.root,
      ['generate', '--yes', `--shard=${part}`],
      keyed(gemini),
    )
    expect([part, code]).toEqual([part, 1])
    expect(output).toContain('INVALID_ARGUMENT')
  }
  expect(gemini.requests).toEqual([])
})
