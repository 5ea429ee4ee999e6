import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { startCli } from '../support/process.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import {
  commitAll,
  drawn,
  entryOf,
  git,
  inTerminal,
  pinned,
  plain,
  runJson,
  siteOf,
} from './stage.ts'

const CONFIG = 'gemini-image.config.mjs'
const moved = "export default { aliases: { 'nano-banana': 'gemini-3-pro-image' } }\n"
/** A model that ends tomorrow; its successor takes its place. */
const ending = (successor = 'gemini-3-pro-image'): string =>
  `const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  export default { models: { 'gemini-old': { like: 'gemini-3-pro-image', shutdown: soon, successor: '${successor}' } } }\n`

describe('outdated', () => {
  test('an alias that was pointed elsewhere, and a model near its end', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('hero', 'logo')), gemini)
    expect(await runJson(site, ['outdated'])).toMatchObject({ code: 0, report: [] })
    await site.write(CONFIG, moved)
    const { code, report } = await runJson(site, ['outdated', 'hero'])
    expect(code).toBe(2)
    expect(report).toEqual([
      {
        picture: 'src/hero.prompt.md',
        why: 'moved',
        model: expect.any(String),
        next: 'gemini-3-pro-image',
      },
    ])
    expect((await runJson(site, ['outdated'])).report).toHaveLength(2)
    const table = await runCommand(site.root, ['outdated'])
    expect(table.stdout).toContain('"nano-banana" stands for gemini-3-pro-image now')
    expect(gemini.requests).toHaveLength(2)
  })

  test('a model whose name begins with that of another is another', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('hero')), gemini)
    const lock = await site.read('gemini-image.lock')
    const drawnBy = (model: string): Promise<void> =>
      site.write('gemini-image.lock', lock.replace(/"model":"gemini[^"]*"/, `"model":"${model}"`))
    const names =
      "{ models: { 'gemini-x': { like: 'gemini-3-pro-image' }, 'gemini-x-old': { like: 'gemini-3-pro-image' } }, aliases: { 'nano-banana': 'gemini-x' } }"
    await site.write(CONFIG, `export default ${names}\n`)
    await drawnBy('gemini-x-001')
    expect((await runJson(site, ['outdated'])).report).toEqual([])
    await drawnBy('gemini-x-old')
    expect((await runJson(site, ['outdated'])).report).toMatchObject([
      { model: 'gemini-x-old', next: 'gemini-x' },
    ])
    await drawnBy('gemini-xy')
    expect((await runJson(site, ['outdated'])).report).toHaveLength(1)
  })

  test('what is missing is not outdated, and an end far away is nobody’s worry', async () => {
    const site = await siteOf(plain('hero'), { [CONFIG]: moved })
    expect(await runJson(site, ['outdated'])).toMatchObject({ code: 0, report: [] })
  })
})

describe('upgrade', () => {
  async function family(): Promise<{
    site: Site
    gemini: Awaited<ReturnType<typeof startGemini>>
  }> {
    const gemini = await startGemini()
    const child = promptFile('child', {
      references: '[./hero.prompt.md]',
      model: 'gemini-3-pro-image',
    })
    const site = await siteOf({ ...plain('hero'), child })
    await drawn(site, gemini)
    await site.write(CONFIG, moved)
    gemini.reset()
    return { site, gemini }
  }

  test('needs a yes: without a terminal it spends nothing and changes nothing', async () => {
    const { site, gemini } = await family()
    const before = await site.read('gemini-image.lock')
    const { code, report, stderr } = await runJson(site, ['upgrade'], keyed(gemini))
    expect(code).toBe(1)
    expect(report.error.code).toBe('INVALID_ARGUMENT')
    expect(stderr).toContain('src/child.prompt.md')
    expect(gemini.requests).toEqual([])
    expect(await site.read('gemini-image.lock')).toBe(before)
  })

  test('draws anew under the same fingerprint, counts, and tells of pictures that refer to it', async () => {
    const { site, gemini } = await family()
    const before = await pinned(site)
    const { code, report } = await runJson(site, ['upgrade', '--yes'], keyed(gemini))
    expect(code).toBe(0)
    expect(report).toMatchObject({ generated: 1, renamed: [], dependents: ['src/child.prompt.md'] })
    expect(gemini.requests.map(({ model, prompt }) => `${model} ${prompt}`)).toEqual([
      'gemini-3-pro-image hero',
    ])
    const after = await pinned(site)
    expect([...after.keys()]).toEqual([...before.keys()])
    const entry = await entryOf(site, 'src/hero.prompt.md')
    expect(entry).toMatchObject({ model: 'gemini-3-pro-image', redrawn: 1 })
    expect(await runJson(site, ['plan'])).toMatchObject({
      code: 2,
      report: { missing: 1, pinned: 1 },
    })
    expect(await runJson(site, ['outdated'])).toMatchObject({ code: 0, report: [] })
    const again = await runJson(site, ['upgrade', '--yes'], keyed(gemini))
    expect(again.report.generated).toBe(0)
    expect(gemini.requests).toHaveLength(1)
  })

  test('the budget holds, and without a key nothing begins', async () => {
    const { site, gemini } = await family()
    const poor = await runJson(site, ['upgrade', '--yes', '--budget', '0.01'], keyed(gemini))
    expect(poor.report.error.code).toBe('BUDGET_EXCEEDED')
    const keyless = await runJson(site, ['upgrade', '--yes'])
    expect(keyless.report.error.code).toBe('MISSING_KEY')
    expect(gemini.requests).toEqual([])
  })

  test('interrupted midway, it keeps what landed and draws only the rest next time', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one', 'two', 'three')), gemini)
    await site.write(CONFIG, moved)
    gemini.reset()
    gemini.setLatency(600)
    const args = ['upgrade', '--yes', '--concurrency', '1', '--json']
    const { child, ended } = startCli(site.root, args, keyed(gemini))
    while (gemini.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ generated: 2, isInterrupted: true })
    expect((await runJson(site, ['outdated'])).report).toHaveLength(1)
    expect((await runJson(site, ['verify'])).code).toBe(0)
    gemini.reset()
    gemini.setLatency(0)
    await runCommand(site.root, ['upgrade', '--yes'], keyed(gemini))
    expect(gemini.requests).toHaveLength(1)
    expect([...(await pinned(site)).values()].map(({ redrawn }) => redrawn)).toEqual([1, 1, 1])
  })

  test('survives a merge with a branch that still has the old picture', async () => {
    const { site, gemini } = await family()
    const union = ['lock', 'ledger'].map((name) => `gemini-image.${name} merge=union\n`)
    await site.write('.gitattributes', union.join(''))
    commitAll(site)
    git(site.root, 'checkout', '--quiet', '-b', 'other')
    await site.write('src/new.prompt.md', promptFile('new', { model: 'gemini-3-pro-image' }))
    await site.write('src/more.js', "import './new.prompt.md?gemini-image'\n")
    await drawn(site, gemini)
    commitAll(site)
    git(site.root, 'checkout', '--quiet', 'main')
    await runCommand(site.root, ['upgrade', '--yes'], keyed(gemini))
    commitAll(site)
    git(site.root, 'merge', '--quiet', '--no-edit', 'other')
    expect(await entryOf(site, 'src/hero.prompt.md')).toMatchObject({ redrawn: 1 })
    expect((await runJson(site, ['outdated'])).report).toEqual([])
    // It was merged the other way round as well.
    git(site.root, 'checkout', '--quiet', 'other')
    git(site.root, 'merge', '--quiet', '--no-edit', 'main')
    expect(await entryOf(site, 'src/hero.prompt.md')).toMatchObject({ redrawn: 1 })
  })
})

describe('a model that ends', () => {
  async function old(): Promise<{ site: Site; gemini: Awaited<ReturnType<typeof startGemini>> }> {
    const gemini = await startGemini()
    const site = await siteOf({
      hero: promptFile('A fox', { model: 'gemini-old   # while it lasts' }),
    })
    // The fake server knows Google's models only.
    await site.write(
      CONFIG,
      ending()
        .replace('gemini-old', 'gemini-3-pro-image')
        .replace("successor: 'gemini-3-pro-image'", "successor: 'gemini-nano-banana-2.1'"),
    )
    await site.write(
      'src/hero.prompt.md',
      promptFile('A fox', { model: 'gemini-3-pro-image   # while it lasts' }),
    )
    return { site: await drawn(site, gemini), gemini }
  }

  test('its successor is written only after a yes', async () => {
    const { site, gemini } = await old()
    const before = await site.read('src/hero.prompt.md')
    expect((await runJson(site, ['outdated'])).report).toMatchObject([
      { why: 'ending', model: 'gemini-3-pro-image', next: 'gemini-nano-banana-2.1' },
    ])
    const asked = await runJson(site, ['upgrade'], keyed(gemini))
    expect(asked).toMatchObject({ code: 1, report: { error: { code: 'INVALID_ARGUMENT' } } })
    const no = await inTerminal(site, ['upgrade'], { input: 'n\n', env: keyed(gemini) })
    expect(no.screen).toContain('Write the successor into 1 prompt file? (y/N)')
    expect(no.code).toBe(0)
    expect(await site.read('src/hero.prompt.md')).toBe(before)
    const yes = await inTerminal(site, ['upgrade'], { input: 'y\n', env: keyed(gemini) })
    expect(yes.code).toBe(0)
    expect(await site.read('src/hero.prompt.md')).toBe(
      before.replace('gemini-3-pro-image', 'gemini-nano-banana-2.1'),
    )
    expect(gemini.requests).toHaveLength(1)
    expect((await runJson(site, ['plan'])).report.missing).toBe(1)
  })

  test('a successor that cannot draw it is not written', async () => {
    const { site, gemini } = await old()
    const wide = promptFile('A fox', { model: 'gemini-3-pro-image', size: '4K' })
    await site.write('src/hero.prompt.md', wide)
    await site.write(
      CONFIG,
      (await site.read(CONFIG)).replace('gemini-nano-banana-2.1', 'gemini-2.5-flash-image'),
    )
    await drawn(site, gemini)
    const { code, report, stderr } = await runJson(site, ['upgrade', '--yes'], keyed(gemini))
    expect(code).toBe(0)
    expect(report.renamed).toEqual([])
    expect(stderr).toContain('was left as it is')
    expect(await site.read('src/hero.prompt.md')).toBe(wide)
  })

  test('that the options name is changed there', async () => {
    const { site, gemini } = await old()
    await site.write('src/hero.prompt.md', promptFile('A fox'))
    await site.write(
      CONFIG,
      (await site.read(CONFIG)).replace('{ models', "{ model: 'gemini-3-pro-image', models"),
    )
    const { report, stderr } = await runJson(site, ['upgrade', '--yes'], keyed(gemini))
    expect(report.renamed).toEqual([])
    expect(stderr).toContain('option "model"')
  })
})
