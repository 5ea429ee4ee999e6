import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { drawn, plain, runJson, siteOf } from './stage.ts'

function picture(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 64, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

const config = (style: string, town: string): string =>
  `export default { styles: { house: '${style}' }, vars: { town: '${town}' } }\n`

async function rich(): Promise<Site> {
  const gemini = await startGemini()
  const text = [
    '---',
    'alt: A fox',
    'style: house',
    'references: [./ref.png]',
    'turns: [Add snow., Add a star.]',
    '---',
    'A fox',
    'in {{town}}',
  ]
  const files = { 'gemini-image.config.mjs': config('As a woodcut.', 'Basel') }
  const site = await siteOf({ hero: text.join('\n') }, files)
  await site.write('src/ref.png', await picture('red'))
  return drawn(site, gemini)
}

async function changesOf(site: Site): Promise<Record<string, unknown>[]> {
  const { report, code } = await runJson(site, ['explain', 'hero'])
  expect(code).toBe(0)
  return report.former?.changes
}

async function edit(site: Site, file: string, from: string, to: string): Promise<void> {
  await site.write(file, (await site.read(file)).replace(from, to))
}

test('what is pinned has not changed', async () => {
  const site = await rich()
  const { report } = await runJson(site, ['explain', 'hero'])
  expect(report).toMatchObject({
    picture: 'src/hero.prompt.md',
    state: 'pinned',
    isProvisional: false,
    references: ['src/ref.png'],
    inputs: ['src/ref.png'],
    request: { prompt: 'A fox\nin Basel\n\nAs a woodcut.', model: 'nano-banana' },
    waitsFor: [],
  })
  expect(report.former).toBeUndefined()
  expect(report.pinned.from).toBe('src/hero.prompt.md')
  // What does not count changes nothing.
  await edit(site, 'src/hero.prompt.md', 'alt: A fox', 'alt: A red fox')
  expect((await runJson(site, ['explain', 'hero'])).report.state).toBe('pinned')
})

test.each([
  ['the prompt', 'src/hero.prompt.md', 'A fox\nin', 'An owl\nin', 'prompt', '- A fox', '+ An owl'],
  [
    'a style',
    'gemini-image.config.mjs',
    'woodcut',
    'drawing',
    'prompt',
    '- As a woodcut.',
    '+ As a drawing.',
  ],
  ['a variable', 'gemini-image.config.mjs', 'Basel', 'Bern', 'prompt', '- in Basel', '+ in Bern'],
  [
    'a turn',
    'src/hero.prompt.md',
    'Add a star',
    'Add two',
    'turns[1].prompt',
    '- Add a star.',
    '+ Add two.',
  ],
  [
    'a turn more',
    'src/hero.prompt.md',
    'Add a star.]',
    'Add a star., Add two.]',
    'turns[2]',
    '',
    '+ {"prompt":"Add two."',
  ],
  [
    'the model',
    'src/hero.prompt.md',
    'alt:',
    'model: nano-banana-pro\nalt:',
    'model',
    '- nano-banana\n',
    '+ nano-banana-pro',
  ],
  [
    'the shape',
    'src/hero.prompt.md',
    'alt:',
    'aspectRatio: 16:9\nalt:',
    'aspectRatio',
    '- 1:1',
    '+ 16:9',
  ],
])('%s that changed is named, and nothing else', async (_, file, from, to, part, less, more) => {
  const site = await rich()
  const { fingerprint, pinned } = (await runJson(site, ['explain', 'hero'])).report
  await edit(site, file, from, to)
  const { report } = await runJson(site, ['explain', 'hero'])
  expect(report.state).toBe('missing')
  expect(report.former).toMatchObject({ fingerprint, pinned: { file: pinned.file } })
  const parts = report.former.changes.map((change: { part: string }) => change.part)
  // A turn inherits the shape.
  expect(parts.filter((name: string) => !/^turns.*(?:aspectRatio)$/.test(name))).toEqual([part])
  const { stdout } = await runCommand(site.root, ['explain', 'hero'])
  const changes = stdout.slice(stdout.indexOf('Since then:'))
  expect(changes).toContain(less)
  expect(changes).toContain(more)
  expect(changes).not.toContain('    - in Basel\n    - ')
})

test('a reference that changed is named by its file', async () => {
  const site = await rich()
  await site.write('src/ref.png', await picture('blue'))
  expect(await changesOf(site)).toMatchObject([
    { part: 'references[0].sha256', reference: 'src/ref.png' },
  ])
  const { stdout } = await runCommand(site.root, ['explain', 'hero'])
  expect(stdout).toMatch(
    /references\[0\]\.sha256 {2}src\/ref\.png\n +- [0-9a-f]{64}\n +\+ [0-9a-f]{64}/,
  )
})

test('an alias that stands for another model now changes nothing', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('hero')), gemini)
  await site.write(
    'gemini-image.config.mjs',
    "export default { aliases: { 'nano-banana': 'gemini-3-pro-image' } }",
  )
  const { report } = await runJson(site, ['explain', 'hero'])
  expect(report).toMatchObject({ state: 'pinned' })
  const { stdout } = await runCommand(site.root, ['explain', 'hero'])
  expect(stdout).toContain('which model an alias stands for today (gemini-3-pro-image)')
})

test('what was never pinned, what waits, and whose file is lost is told so', async () => {
  const gemini = await startGemini()
  const site = await siteOf({
    ...plain('hero'),
    child: promptFile('Child', { references: '[./hero.prompt.md]' }),
  })
  const never = await runJson(site, ['explain', 'child'])
  expect(never.report).toMatchObject({ isProvisional: true, waitsFor: ['src/hero.prompt.md'] })
  expect((await runCommand(site.root, ['explain', 'hero'])).stdout).toContain('is not pinned')
  await drawn(site, gemini)
  await site.write('src/hero.prompt.md', promptFile('other'))
  await drawn(site, gemini)
  const { file } = (await runJson(site, ['explain', 'hero'])).report.pinned
  await site.remove(`.gemini-image/${file}`)
  const lost = await runJson(site, ['explain', 'hero'])
  // There was another picture before, and that is beside the point.
  expect(lost.report).toMatchObject({ state: 'missing', pinned: { file } })
  expect(lost.report.former).toBeUndefined()
  expect((await runCommand(site.root, ['explain', 'hero'])).stdout).toContain(
    'not all of its files are there',
  )
})

test('of several variants, the one that is picked is compared with', async () => {
  const gemini = await startGemini()
  const site = await siteOf({ hero: promptFile('A', { variants: '3' }) })
  await drawn(site, gemini)
  for (const pick of ['1', '2', '3']) {
    await site.write('src/hero.prompt.md', promptFile('B', { variants: '3', pick }))
    expect(await changesOf(site)).toEqual([{ part: 'prompt', before: 'A', after: 'B' }])
  }
})

test('names: paths, globs, suggestions, several matches, and what is broken', async () => {
  const site = await siteOf({ ...plain('hero', 'logo'), bad: '---\nsize: 9K\n---\nBad' })
  for (const name of ['hero', 'src/hero.prompt.md', './src/hero.prompt.md', 'src/h*.prompt.md']) {
    expect((await runJson(site, ['explain', name])).report.picture).toBe('src/hero.prompt.md')
  }
  const unknown = await runJson(site, ['explain', 'herro'])
  expect(unknown.code).toBe(1)
  expect(unknown.report.error).toMatchObject({ code: 'UNKNOWN_PICTURE' })
  expect(unknown.report.error.message).toContain('Did you mean "hero"?')
  const several = await runJson(site, ['explain', 'src/*'])
  expect(several.report.error.message).toContain('src/hero.prompt.md, src/logo.prompt.md')
  const broken = await runJson(site, ['explain', 'bad'])
  expect(broken.report.error).toMatchObject({
    code: 'UNSUPPORTED_SIZE',
    place: { file: 'src/bad.prompt.md', line: 2 },
  })
})

test('a prompt cannot make the terminal do anything', async () => {
  const site = await siteOf({ hero: promptFile('A \u001B[2J\u001B]0;x\u0007 fox') })
  const { stdout } = await runCommand(site.root, ['explain', 'hero'])
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
  expect(stdout).toContain('fox')
})

test('explains the code of an error, in any folder, and names a page that is there', async () => {
  const site = await createSite({})
  const { stdout, code } = await runCommand(site.root, ['explain', 'MISSING_KEY'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^MISSING_KEY: .*\.\n\n.*GEMINI_IMAGE_MODE=placeholder.*\n\nRead on: /)
  const [, page = ''] = /^Read on: (.*)$/m.exec(stdout) ?? []
  expect(await readFile(site.path(page), 'utf8')).toMatch(/^# Options and modes$/m)
})

test('says what a code that does not exist may mean', async () => {
  const site = await createSite({})
  const { stderr, code } = await runCommand(site.root, ['explain', 'MISING_KEY'])
  expect(code).toBe(1)
  expect(stderr).toContain('Did you mean "MISSING_KEY"?')
})

test('a failure names the command that says more of it, where there is more', async () => {
  const saidOf = async (pictures: Record<string, string>): Promise<string> => {
    const site = await siteOf(pictures)
    return (await runCommand(site.root, ['generate', '--yes'])).stderr
  }
  const [wrong, malformed] = ['---\nmodel: nope\n---\nA fox', '---\nalt: "\n---\nA fox']
  expect(await saidOf({ hero: promptFile('A fox') })).toMatch(
    /^ {2}What to do: .*\n {2}More: npx gemini-image explain MISSING_KEY\n$/m,
  )
  expect(await saidOf({ wrong, other: wrong, malformed })).toMatch(
    /^ {2}More: npx gemini-image explain MALFORMED_YAML \(or UNKNOWN_MODEL\)\n$/m,
  )
  expect(await saidOf({ hero: '---\nsize: 1k\nalt: A fox\n---\nA fox' })).not.toContain('More:')
})
