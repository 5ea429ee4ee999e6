import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { startCli } from '../support/process.ts'
import { createSite, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { commitAll, drawn, entryOf, git, pinned, runJson, inTerminal, type Json } from './stage.ts'

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"

/** A module that declares these pictures, one a line from the second on. */
function moduleOf(...settings: readonly string[]): string {
  const lines = settings.map((one, index) => `export const p${index} = geminiImage({ ${one} })\n`)
  return MACRO + lines.join('')
}

/** A site with a content layer: its schema names the field "cover". */
function contentSite(more: Readonly<Record<string, string>> = {}): Promise<Site> {
  return createSite({
    'src/content.config.ts': `import { geminiImage } from 'astro-gemini-image/schema'
      export const schema = ({ image }) => z.object({ title: z.string(), cover: geminiImage({ image }).optional() })`,
    'src/content/harbour.md':
      '---\ntitle: Harbour\ncover:\n  prompt: A harbour\n  alt: Boats\n---\n\nText\n\n```gemini-image\n---\nalt: A gull\n---\nA gull\n```\n',
    'src/content/quiz.md': '---\nquestion: { prompt: What is it? }\n---\n',
    'src/data/people.yaml': 'ann:\n  cover: { prompt: Ann, alt: Ann }\n',
    ...more,
  })
}

const placesIn = ({ rows }: { rows: readonly { state: string; place: string }[] }): string[] =>
  rows.map(({ state, place }) => `${state} ${place}`).toSorted()

test('what is declared in source code and content is planned, drawn by name, checked and pruned', async () => {
  const gemini = await startGemini()
  const site = await contentSite({
    'src/page.ts': moduleOf("prompt: 'A leaf', alt: ''", "prompt: 'A tree', alt: ''"),
    'src/Other.vue': `<script setup>\n${moduleOf("prompt: 'A leaf on a stone', alt: ''")}</script>`,
  })
  const before = await runJson(site, ['plan'])
  expect(before.code).toBe(2)
  expect(placesIn(before.report)).toEqual([
    'missing src/Other.vue:3:41',
    'missing src/content/harbour.md:14:1',
    'missing src/content/harbour.md:4:11',
    'missing src/data/people.yaml:2:20',
    'missing src/page.ts:2:41',
    'missing src/page.ts:3:41',
  ])
  const generate = async (...names: readonly string[]): Promise<string[]> => {
    gemini.reset()
    const { code, output } = await runCommand(
      site.root,
      ['generate', ...names, '--yes'],
      keyed(gemini),
    )
    expect(`${code} ${output}`).toMatch(/^0 /)
    return askedPrompts(gemini)
  }
  expect(await generate('page-a-leaf')).toEqual(['A leaf'])
  expect(await generate('harbour-cover')).toEqual(['A harbour'])
  expect(await generate('src/page.ts')).toEqual(['A tree'])
  expect(await generate('src/content/harbour.md:14')).toEqual(['A gull'])
  expect(await generate('src/data/**', 'src/Other.vue#other-a-leaf-on-a-stone')).toEqual([
    'A leaf on a stone',
    'Ann',
  ])
  expect(await runJson(site, ['status'])).toMatchObject({
    code: 0,
    report: { pictures: { pinned: 6, missing: 0, unused: 0 } },
  })
  expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { sound: 6 } })

  await site.write('src/page.ts', moduleOf("prompt: 'A tree', alt: ''"))
  await site.write('src/content/harbour.md', '---\ntitle: Harbour\n---\n')
  const { report } = await runJson(site, ['prune', '--yes'])
  expect(report.entries).toHaveLength(3)
  expect(placesIn((await runJson(site, ['plan'])).report)).toEqual([
    'pinned src/Other.vue:3:41',
    'pinned src/data/people.yaml:2:20',
    'pinned src/page.ts:2:41',
  ])
})

test('a name that stands for several is refused with their lines, any of which will do', async () => {
  const site = await createSite({
    'src/page.ts': moduleOf(
      "prompt: 'A leaf on white paper in the autumn'",
      "prompt: 'A leaf on white paper in the winter'",
    ),
  })
  for (const name of ['page-a-leaf-on-white-paper-in', 'src/page.ts']) {
    const { code, report } = await runJson(site, ['explain', name])
    expect(code).toBe(1)
    expect(report.error.message).toContain(
      `"${name}" stands for several pictures: page-a-leaf-on-white-paper-in (src/page.ts:2:41), page-a-leaf-on-white-paper-in (src/page.ts:3:41).`,
    )
  }
  for (const name of ['src/page.ts:3', './src/page.ts:3', 'src/page.ts:3:41']) {
    const { report } = await runJson(site, ['explain', name])
    expect(report.request.prompt).toContain('winter')
  }
})

describe('source code and content are edited where a person says so', () => {
  test.each([
    [
      'src/page.ts',
      moduleOf("prompt: 'A leaf', variants: 3"),
      'page-a-leaf',
      ['variants: 3', 'variants: 3, pick: 2'],
    ],
    [
      'src/page.ts',
      moduleOf("prompt: 'A leaf', variants: 3, pick: 1"),
      'page-a-leaf',
      ['pick: 1', 'pick: 2'],
    ],
    [
      'src/content/post.md',
      '---\ncover: { prompt: A leaf, variants: 3 } # leaf\n---\n',
      'post-cover',
      ['variants: 3', 'variants: 3, pick: 2'],
    ],
    [
      'src/content/post.json',
      '{ "cover": { "prompt": "A leaf", "variants": 3 } }\n',
      'post-cover',
      ['"variants": 3', '"variants": 3, "pick": 2'],
    ],
    [
      'src/content/post.toml',
      '[cover]\nprompt = "A leaf"\nvariants = 3\n',
      'post-cover',
      ['variants = 3', 'pick = 2\nvariants = 3'],
    ],
  ] as const)('by pick: %s', async (file, text, name, [before, after]) => {
    const site = await contentSite({ [file]: text })
    const unasked = await runJson(site, ['pick', name, '2'])
    expect(unasked.report.error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(unasked.report.error.message).toContain('What to do: add --yes.')
    const dry = await runJson(site, ['pick', name, '2', '--dry-run'])
    expect(dry.report.diff).toContain(`--- a/${file}`)
    expect(unasked.report.error.message).toContain(dry.report.diff.split('\n').at(-1))
    expect(await site.read(file)).toBe(text)
    expect((await runJson(site, ['variants', name])).report.variants).toHaveLength(3)
    expect((await runJson(site, ['pick', name, '2', '--yes'])).code).toBe(0)
    expect(await site.read(file)).toBe(text.replace(before, after))
    const { variants } = (await runJson(site, ['variants', name])).report
    expect(variants.map(({ isPicked }: Json) => isPicked)).toEqual([false, true, false])
  })

  test('by pick, in a terminal: the edit is shown, and a no changes nothing', async () => {
    const text = moduleOf("prompt: 'A leaf', variants: 3")
    const site = await createSite({ 'src/page.ts': text })
    const no = await inTerminal(site, ['pick', 'page-a-leaf', '2'], { input: 'n\n' })
    expect(no.screen).toContain('variants: 3, pick: 2')
    expect(await site.read('src/page.ts')).toBe(text)
    await inTerminal(site, ['pick', 'page-a-leaf', '2'], { input: 'y\n' })
    expect(await site.read('src/page.ts')).toContain('variants: 3, pick: 2')
  })

  test('and never by upgrade', async () => {
    const gemini = await startGemini()
    // The fake server knows Google's models only.
    const text = moduleOf("prompt: 'A leaf', model: 'gemini-3-pro-image', alt: ''")
    const site = await createSite({
      'src/page.ts': text,
      'gemini-image.config.mjs': `const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
        export default { models: { 'gemini-3-pro-image': { shutdown: soon, successor: 'gemini-nano-banana-2.1' } } }`,
    })
    await drawn(site, gemini)
    expect((await runJson(site, ['outdated'])).report).toMatchObject([
      { picture: 'src/page.ts#page-a-leaf', why: 'ending' },
    ])
    const { code, output } = await runCommand(site.root, ['upgrade', '--yes'], keyed(gemini))
    expect(code).toBe(0)
    expect(output).toContain(
      'src/page.ts:2:58 is in no prompt file and was left as it is: write model: "gemini-nano-banana-2.1" there by hand.',
    )
    expect(await site.read('src/page.ts')).toBe(text)
  })
})

test('explain does not take one declaration of a file for what another was', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/page.ts': moduleOf(
      "prompt: 'A leaf on paper', alt: ''",
      "prompt: 'A tall tree in fog', alt: ''",
    ),
  })
  await drawn(site, gemini)
  await site.write(
    'src/page.ts',
    moduleOf(
      "prompt: 'A tall tree in the fog at dawn', alt: ''",
      "prompt: 'One leaf on paper', alt: ''",
      "prompt: 'A lighthouse', alt: ''",
      "prompt: 'A leaf on paper', size: '2K', alt: ''",
    ),
  )
  const formerOf = async (line: number): Promise<unknown> => {
    const { report } = await runJson(site, ['explain', `src/page.ts:${line}`])
    return report.former?.pinned.request.prompt
  }
  expect(await formerOf(2)).toBe('A tall tree in fog')
  expect(await formerOf(3)).toBe('A leaf on paper')
  expect(await formerOf(4)).toBeUndefined()
  expect(await formerOf(5)).toBe('A leaf on paper')

  // What another declaration shows now was never this one's.
  await site.write(
    'src/page.ts',
    moduleOf("prompt: 'A leaf on paper', alt: ''", "prompt: 'A leaf on white paper', alt: ''"),
  )
  expect(await formerOf(3)).toBeUndefined()
})

test('a pull request is told what became of the pictures of each file', async () => {
  const gemini = await startGemini()
  const site = await contentSite({
    'src/page.ts': moduleOf(
      "prompt: 'A leaf on paper', alt: ''",
      "prompt: 'A tall tree in fog', alt: ''",
      "prompt: 'A stone', alt: ''",
      "prompt: 'A cloud', alt: ''",
    ),
    'src/gone.ts': moduleOf("prompt: 'A bridge', alt: ''"),
    'src/moved.ts': moduleOf("prompt: 'A road', alt: ''"),
  })
  await drawn(site, gemini)
  const base = commitAll(site)
  await site.remove('src/gone.ts')
  await site.remove('src/moved.ts')
  await site.write('src/elsewhere.ts', moduleOf("prompt: 'A road', alt: ''"))
  const harbour = await site.read('src/content/harbour.md')
  await site.write('src/content/harbour.md', harbour.replace('A harbour', 'A harbour at dawn'))
  await site.write(
    'src/page.ts',
    moduleOf(
      "prompt: 'A cloud', alt: 'It moved, and has another alternative text'",
      "prompt: 'A tall tree in the fog', alt: ''",
      "prompt: 'A leaf on paper', size: '2K', alt: ''",
      "prompt: 'A lighthouse', alt: ''",
    ),
  )
  await runCommand(site.root, ['generate', 'page-a-leaf-on-paper', '--yes'], keyed(gemini))
  git(site.root, 'add', '--all')
  git(site.root, 'commit', '--quiet', '--message=Edited')
  const { code, stdout } = await runCommand(site.root, [
    'plan',
    '--format',
    'markdown',
    '--base',
    base,
  ])
  expect(code).toBe(2)
  const rows = stdout.split('\n').filter((line) => line.startsWith('| **'))
  const named = (name: string): string =>
    rows.find((row) => row.includes(`${name.replace('#', '&#35;')}</code>`)) ?? ''
  expect(rows).toHaveLength(6)
  expect(named('src/page.ts#page-a-leaf-on-paper')).toMatch(
    /\*\*changed\*\*.*page-a-leaf-on-paper\.[0-9a-f]{12}\.jpg.*page-a-leaf-on-paper\.[0-9a-f]{12}\.jpg/,
  )
  expect(named('src/page.ts#page-a-tall-tree-in-the-fog')).toMatch(
    /\*\*missing\*\*.*page-a-tall-tree-in-fog\./,
  )
  expect(named('src/page.ts#page-a-lighthouse')).toMatch(/\*\*missing\*\*(?!.*\.jpg)/)
  expect(named('src/page.ts#page-a-stone')).toMatch(/\*\*removed\*\*.*page-a-stone\./)
  expect(named('src/gone.ts#gone-a-bridge')).toMatch(/\*\*removed\*\*.*gone-a-bridge\./)
  expect(named('src/content/harbour.md#harbour-cover')).toMatch(
    /\*\*missing\*\*.*harbour-cover\.[0-9a-f]{12}\.jpg/,
  )
})

test('watch draws what is saved in source code and content, and asks for nothing refused twice', async () => {
  const gemini = await startGemini()
  gemini.fault({ kind: 'blocked', match: /^Bad$/, times: Infinity })
  const site = await contentSite({
    'src/page.ts': moduleOf("prompt: 'Bad', alt: ''"),
    'gemini-image.config.mjs': 'export default { quietPeriod: 100, retryDelay: 5 }\n',
  })
  const { child, ended } = startCli(site.root, ['watch'], keyed(gemini))
  let said = ''
  child.stderr?.on('data', (text: string) => (said += text))
  const settled = (times: number): Promise<void> =>
    vi.waitFor(() => expect(said.split('Watching.')).toHaveLength(times + 1), 15_000)
  await settled(1)
  expect(askedPrompts(gemini)).toEqual(['A gull', 'A harbour', 'Ann', 'Bad'])
  gemini.reset()
  gemini.fault({ kind: 'blocked', match: /^Bad$/, times: Infinity })
  await site.save('src/data/people.yaml', 'ann:\n  cover: { prompt: Ann in the rain, alt: Ann }\n')
  await settled(2)
  await site.save('src/page.ts', moduleOf("prompt: 'Bad', alt: ''", "prompt: 'Good', alt: ''"))
  await settled(3)
  await sleep(300)
  expect(askedPrompts(gemini)).toEqual(['Ann in the rain', 'Good'])
  expect(said).toContain('BLOCKED at src/page.ts:2:41')
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect((await entryOf(site, 'src/page.ts')).file).toMatch(/^page-good\./)
  expect((await pinned(site)).size).toBe(5)
})
