import { execFile } from 'node:child_process'
import { mkdir, rename, symlink, truncate } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { importing, prompting, setStage, type Stage } from '../errors/stage.ts'
import { createSite } from '../support/site.ts'
import { CLI, start } from '../support/process.ts'
import { KINDS, outcomeOf, type Kind, type KindName } from './kinds.ts'

/** What may be wrong with a file: brings it about where a good one is. */
type Fault = (file: string, stage: Stage, good: string | Uint8Array) => Promise<unknown>

const SECRET = 'do_not_send_4711'
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 4711\n`

const FAULTS = {
  'a link out of the root': async (file, { site }, good) => {
    const other = await createSite({})
    await other.write('elsewhere', good)
    await replace(site.path(file), (at) => symlink(other.path('elsewhere'), at))
  },
  'a link inside the root': async (file, { site }) => {
    await site.write('kept/x', '')
    await rename(site.path(file), site.path('kept', file))
    await symlink(path.join('kept', file), site.path(file))
  },
  'a link to itself': (file, { site }) => replace(site.path(file), (at) => symlink(file, at)),
  'a pipe': (file, { site }) =>
    replace(site.path(file), (at) => promisify(execFile)('mkfifo', [at])),
  'a folder': (file, { site }) => replace(site.path(file), (at) => mkdir(at)),
  'a device': (file, { site }) => replace(site.path(file), (at) => symlink('/dev/zero', at)),
  'UTF-16': (file, { site }, good) =>
    site.write(file, Buffer.from(`\uFEFF${String(good)}`, 'utf16le')),
  'UTF-16 without a mark': (file, { site }, good) =>
    site.write(file, Buffer.from(String(good), 'utf16le')),
  'Latin-1': (file, { site }, good) =>
    site.write(file, Buffer.from(`${String(good)}D\u00FCnen`, 'latin1')),
  'a Git LFS pointer': (file, { site }) => site.write(file, POINTER),
  'ignored by git': (file, { site }) => site.write('.gitignore', `kept\n${file}\n`),
} satisfies Record<string, Fault>

type FaultName = keyof typeof FAULTS | 'too large'

async function replace(at: string, work: (at: string) => Promise<unknown>): Promise<void> {
  await rename(at, `${at}.gone`)
  await work(at)
}

const CORRUPT = (code: string): Record<FaultName, string> => ({
  'a link out of the root': 'FILE_OUTSIDE_ROOT',
  'a link inside the root': 'fine',
  'a link to itself': code,
  'a pipe': code,
  'a folder': code,
  'a device': 'FILE_OUTSIDE_ROOT',
  'too large': code,
  'UTF-16': code,
  'UTF-16 without a mark': code,
  'Latin-1': code,
  'a Git LFS pointer': code,
  'ignored by git': 'fine',
})

/** What each kind of file says to each fault. */
const SAYS: Record<KindName, Record<FaultName, string>> = {
  'a prompt file': {
    'a link out of the root': 'FILE_OUTSIDE_ROOT',
    'a link inside the root': 'fine',
    'a link to itself': 'UNREADABLE_FILE',
    'a pipe': 'PROMPT_FILE_NOT_FOUND',
    'a folder': 'PROMPT_FILE_NOT_FOUND',
    'a device': 'FILE_OUTSIDE_ROOT',
    'too large': 'UNREADABLE_FILE',
    'UTF-16': 'NOT_UTF8',
    'UTF-16 without a mark': 'NOT_UTF8',
    'Latin-1': 'NOT_UTF8',
    'a Git LFS pointer': 'UNREADABLE_FILE',
    'ignored by git': 'PRIVATE_FILE',
  },
  'a style file': {
    'a link out of the root': 'UNKNOWN_STYLE',
    'a link inside the root': 'fine',
    'a link to itself': 'UNREADABLE_FILE',
    'a pipe': 'UNKNOWN_STYLE',
    'a folder': 'UNKNOWN_STYLE',
    'a device': 'UNKNOWN_STYLE',
    'too large': 'UNREADABLE_FILE',
    'UTF-16': 'NOT_UTF8',
    'UTF-16 without a mark': 'NOT_UTF8',
    'Latin-1': 'NOT_UTF8',
    'a Git LFS pointer': 'UNREADABLE_FILE',
    'ignored by git': 'PRIVATE_FILE',
  },
  'a reference': {
    'a link out of the root': 'REFERENCE_OUTSIDE_ROOT',
    'a link inside the root': 'fine',
    'a link to itself': 'UNREADABLE_FILE',
    'a pipe': 'REFERENCE_NOT_FOUND',
    'a folder': 'REFERENCE_NOT_FOUND',
    'a device': 'REFERENCE_OUTSIDE_ROOT',
    'too large': 'REFERENCE_TOO_LARGE',
    // An image is no text.
    'UTF-16': 'UNSUPPORTED_REFERENCE',
    'UTF-16 without a mark': 'UNSUPPORTED_REFERENCE',
    'Latin-1': 'UNSUPPORTED_REFERENCE',
    'a Git LFS pointer': 'UNSUPPORTED_REFERENCE',
    'ignored by git': 'fine',
  },
  'a font': {
    'a link out of the root': 'FILE_OUTSIDE_ROOT',
    'a link inside the root': 'fine',
    'a link to itself': 'UNREADABLE_FILE',
    'a pipe': 'LAYER_FILE_NOT_FOUND',
    'a folder': 'LAYER_FILE_NOT_FOUND',
    'a device': 'FILE_OUTSIDE_ROOT',
    'too large': 'UNREADABLE_FILE',
    // It is no text.
    'UTF-16': 'UNREADABLE_FONT',
    'UTF-16 without a mark': 'UNREADABLE_FONT',
    'Latin-1': 'UNREADABLE_FONT',
    'a Git LFS pointer': 'UNREADABLE_FONT',
    'ignored by git': 'fine',
  },
  'an image of a layer': {
    'a link out of the root': 'FILE_OUTSIDE_ROOT',
    'a link inside the root': 'fine',
    'a link to itself': 'UNREADABLE_FILE',
    'a pipe': 'LAYER_FILE_NOT_FOUND',
    'a folder': 'LAYER_FILE_NOT_FOUND',
    'a device': 'FILE_OUTSIDE_ROOT',
    'too large': 'UNREADABLE_FILE',
    // It is no text.
    'UTF-16': 'UNSUPPORTED_LAYER',
    'UTF-16 without a mark': 'UNSUPPORTED_LAYER',
    'Latin-1': 'UNSUPPORTED_LAYER',
    'a Git LFS pointer': 'UNSUPPORTED_LAYER',
    'ignored by git': 'fine',
  },
  'the lockfile': CORRUPT('CORRUPT_LOCKFILE'),
  'the record of batch jobs': CORRUPT('CORRUPT_BATCH_RECORD'),
  'the ledger': {
    ...CORRUPT('UNREADABLE_FILE'),
    // Broken bytes are those of a line, which is told and not counted.
    'UTF-16': 'fine',
    'UTF-16 without a mark': 'fine',
    'Latin-1': 'fine',
  },
}

const CELLS = Object.entries(SAYS).flatMap(([kind, row]) =>
  Object.entries(row).map(([fault, says]) => [kind as KindName, fault as FaultName, says] as const),
)

test.for(CELLS)('%s, %s: %s', async ([kindName, faultName, says]) => {
  const kind: Kind = KINDS[kindName]
  const stage = await setStage()
  const good = await kind.good()
  await kind.prepare?.(stage)
  await stage.site.write(kind.file, good)
  const spoil: Fault =
    faultName === 'too large'
      ? (file, { site }) => truncate(site.path(file), kind.tooLarge)
      : FAULTS[faultName]
  await spoil(kind.file, stage, good)
  expect(await outcomeOf(() => kind.use(stage))).toBe(says)
  expect(stage.gemini.requests).toHaveLength(says === 'fine' ? 1 : 0)
})

test.for([
  ['/.env', 'is private: ".env" begins with a dot'],
  ['/.aws/credentials', 'is private: ".aws" begins with a dot'],
  ['./link.md', 'is private: ".env" begins with a dot'],
  ['/drafts/brand.md', 'by the pattern "drafts/" in .gitignore'],
  ['/notes/brand.md', 'by the pattern "*.md" in .gitignore'],
] as const)('the style %s is text for no model: it %s', async ([style, says]) => {
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': prompting(`style: ${style}`),
    '.env': SECRET,
    '.aws/credentials': SECRET,
    '.gitignore': 'drafts/\n',
    'drafts/brand.md': SECRET,
    'notes/.gitignore': '*.md\n!kept.md\n',
    'notes/brand.md': SECRET,
    'notes/kept.md': 'In ink.',
  })
  await symlink('.env', stage.site.path('link.md'))
  const error = await stage.fail()
  expect(error).toMatchObject({ code: 'PRIVATE_FILE' })
  expect((error as Error).message).toContain('at scene.prompt.md:2:8')
  expect((error as Error).message).toContain(says)
  await stage.site.write('scene.prompt.md', prompting('style: /notes/kept.md'))
  await stage.prepare()
  expect(JSON.stringify(stage.gemini.requests)).not.toContain(SECRET)
})

test('a hidden prompt file, and one in a hidden folder, are not drawn; the folder of a theme is', async () => {
  const stage = await setStage({
    '.scene.prompt.md': prompting('alt: ""'),
    '.cache/scene.prompt.md': prompting('alt: ""'),
    '.vitepress/theme/scene.prompt.md': prompting('alt: ""'),
  })
  const draw = (file: string): Promise<string> =>
    outcomeOf(() => stage.driver().image(stage.site.path(file)))
  expect(await draw('.scene.prompt.md')).toBe('PRIVATE_FILE')
  expect(await draw('.cache/scene.prompt.md')).toBe('PRIVATE_FILE')
  expect(stage.gemini.requests).toEqual([])
  expect(await draw('.vitepress/theme/scene.prompt.md')).toBe('fine')
})

test('a project that git ignores as a whole is drawn all the same', async () => {
  const stage = await setStage({ '.git/HEAD': '', '.gitignore': 'site/\n' })
  await stage.site.write('site/main.js', importing('scene'))
  await stage.site.write('site/scene.prompt.md', prompting('alt: ""'))
  const run = { options: { root: stage.site.path('site') } }
  expect(await stage.prepare(run)).toMatchObject({ generated: 1 })
})

test('the encoding is told at the first letter that shows it', async () => {
  const stage = await setStage({ 'main.js': importing('scene') })
  const text = '---\nalt: "\uFFFD"\n---\nA kite\n\nover D\u00FCnen'
  const [before, after] = text.split('\u00FC')
  await stage.site.write(
    'scene.prompt.md',
    Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xfc]), Buffer.from(after ?? '')]),
  )
  const { message } = (await stage.fail()) as Error
  expect(message).toContain('NOT_UTF8 at scene.prompt.md:6:7')
  expect(message).toContain('Latin-1 (Windows-1252), where the byte 0xFC is "\u00FC"')
  expect(message).toContain('UTF-8: editors call it "Save with Encoding"')
})

test('source code in Latin-1 may ask for pictures, and declares none', async () => {
  const stage = await setStage({ 'scene.prompt.md': prompting('alt: ""') })
  const latin1 = (text: string): Buffer => Buffer.from(`// D\u00FCnen\n${text}`, 'latin1')
  await stage.site.write('main.js', latin1(importing('scene')))
  expect(await stage.prepare()).toMatchObject({ generated: 1 })
  const macro = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"
  await stage.site.write(
    'macro.js',
    latin1(`${macro}geminiImage({ prompt: 'A d\u00FCne', alt: '' })`),
  )
  expect(await stage.fail()).toMatchObject({ code: 'NOT_UTF8', loc: { line: 1, column: 4 } })
})

test('a search does not leave the project by a link to a folder', async () => {
  const other = await createSite({
    'main.js': importing('theirs'),
    'theirs.prompt.md': prompting('alt: ""', SECRET),
  })
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': prompting('alt: ""'),
    'shared/more.js': importing('more'),
    'shared/more.prompt.md': prompting('alt: ""', 'More'),
  })
  await symlink(other.root, stage.site.path('theirs'))
  await symlink('shared', stage.site.path('ours'))
  const { rows, unusedFiles } = await stage.driver().plan()
  const places = [...rows.map(({ declared }) => declared.place), ...unusedFiles]
  expect(places.map((place) => place.path).toSorted()).toEqual([
    'ours/more.prompt.md',
    'scene.prompt.md',
    'shared/more.prompt.md',
  ])
})

test('a search follows no link to a folder that it comes from', async () => {
  const stage = await setStage({
    'one/scene.prompt.md': prompting('alt: ""'),
    'two/more.prompt.md': prompting('alt: ""', 'More'),
  })
  await symlink('.', stage.site.path('root'))
  await symlink('..', stage.site.path('one/up'))
  await symlink('../two', stage.site.path('one/there'))
  await symlink('../one', stage.site.path('two/back'))
  const places = [
    'one/scene.prompt.md',
    'one/there/more.prompt.md',
    'two/back/scene.prompt.md',
    'two/more.prompt.md',
  ]
  const { unusedFiles } = await stage.driver().plan()
  expect(unusedFiles.map((place) => place.path).toSorted()).toEqual(places)
  // A glob of a module searches as well.
  await stage.site.write(
    'one/main.js',
    "import.meta.glob('../**/*.prompt.md', { query: '?gemini-image' })\nimport.meta.glob('./**/*.prompt.md?gemini-image')\n",
  )
  const { rows } = await stage.driver().plan()
  expect(rows.map(({ declared }) => declared.place.path).toSorted()).toEqual(places)
})

test('a prompt file of another package of the workspace is drawn, one from elsewhere is not', async () => {
  const stage = await setStage({
    '.git/HEAD': '',
    'packages/ui/logo.prompt.md': prompting('alt: ""', 'A logo'),
    'apps/web/package.json': '{}',
  })
  const elsewhere = await createSite({ 'logo.prompt.md': prompting('alt: ""', SECRET) })
  const { site } = stage
  await mkdir(site.path('apps/web/node_modules'))
  await symlink('../../../packages/ui', site.path('apps/web/node_modules/ui'))
  await symlink('../../packages/ui/logo.prompt.md', site.path('apps/web/logo.prompt.md'))
  const draw = (file: string): Promise<string> =>
    outcomeOf(() => stage.driver({ options: { root: site.path('apps/web') } }).image(file))
  expect(await draw(site.path('packages/ui/logo.prompt.md'))).toBe('fine')
  // As bundlers call it that keep links.
  expect(await draw(site.path('apps/web/node_modules/ui/logo.prompt.md'))).toBe('fine')
  expect(await draw(site.path('apps/web/logo.prompt.md'))).toBe('FILE_OUTSIDE_ROOT')
  expect(await draw(elsewhere.path('logo.prompt.md'))).toBe('FILE_OUTSIDE_ROOT')
  expect(JSON.stringify(stage.gemini.requests)).not.toContain(SECRET)
})

test('a root that is a link is the project that it leads to', async () => {
  const stage = await setStage({
    'real/main.js': importing('scene'),
    'real/scene.prompt.md': prompting('style: ./brand.style.md\nreferences: [./friend.png]'),
    'real/brand.style.md': 'In ink.',
  })
  await stage.site.write('real/friend.png', await KINDS['a reference'].good())
  await symlink('real', stage.site.path('link'))
  const run = { options: { root: stage.site.path('link') } }
  expect(await stage.prepare(run)).toMatchObject({ generated: 1 })
  expect(await stage.prepare(run)).toMatchObject({ generated: 0 })
})

/** Faults of a picture that is pinned, and in whose place something else is by now. */
test.for([
  ['a link out of the root', 'FILE_OUTSIDE_ROOT', 'by way of a symbolic link'],
  ['a link inside the root', 'fine', ''],
  ['a pipe', 'CORRUPT_OBJECT', 'a pipe, a socket or a device'],
  ['a folder', 'CORRUPT_OBJECT', 'a folder'],
  ['a Git LFS pointer', 'CORRUPT_OBJECT', 'git lfs pull'],
] as const)('a stored picture, %s: %s', async ([fault, code, says]) => {
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': prompting('alt: ""'),
  })
  await stage.prepare()
  const [name = ''] = await stage.site.list('.gemini-image')
  const file = `.gemini-image/${name}`
  const good = await stage.site.bytes(file)
  if (fault === 'a link inside the root') {
    await rename(stage.site.path(file), stage.site.path('x.png'))
    await symlink('../x.png', stage.site.path(file))
  } else await FAULTS[fault](file, stage, good)
  const check = async (): Promise<void> => {
    const driver = stage.driver()
    await driver.prepare()
    await driver.image(stage.site.path('scene.prompt.md'))
    await driver.verify()
  }
  const outcome = await check().then(
    () => 'fine',
    (error: Error) => error.message,
  )
  expect(outcome).toMatch(code === 'fine' ? /^fine$/ : new RegExp(`^${code}`))
  expect(outcome).toContain(says)
  // Nothing is drawn anew for a picture that may still be restored.
  expect(stage.gemini.requests).toHaveLength(1)
})

const SETUID = 'process.setgid(54321); process.setuid(54321); process.argv.splice(1, 1)'

test.skipIf(process.getuid?.() !== 0).for([
  ['scene.prompt.md', 'UNREADABLE_FILE at scene.prompt.md:1:1'],
  ['brand.style.md', 'UNREADABLE_FILE at scene.prompt.md:2:8'],
  ['friend.png', 'UNREADABLE_FILE at scene.prompt.md:3:14'],
  ['gemini-image.lock', 'CORRUPT_LOCKFILE at gemini-image.lock:1:1'],
  ['gemini-image.batch', 'CORRUPT_BATCH_RECORD at gemini-image.batch:1:1'],
] as const)('%s that may not be read is told as that: %s', async ([file, says]) => {
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': prompting('style: ./brand.style.md\nreferences: [./friend.png]'),
    'brand.style.md': 'In ink.',
    'gemini-image.lock': KINDS['the lockfile'].good(),
    'gemini-image.batch': KINDS['the record of batch jobs'].good(),
  })
  const { site } = stage
  await site.write('friend.png', await KINDS['a reference'].good())
  await promisify(execFile)('chmod', ['600', site.path(file)])
  await promisify(execFile)('chmod', ['777', site.root])
  const run = `${SETUID}; await import(${JSON.stringify(CLI)})`
  const args = ['--input-type=module', '-e', run, '--', 'x', CLI, 'generate', '--yes']
  const env = { GEMINI_API_KEY: 'k', GOOGLE_GEMINI_BASE_URL: stage.gemini.url }
  const { output, code } = await start(args, site.root, env).ended
  expect(output).toContain(says)
  expect(output).toContain('give your user permission to read it')
  expect(code).toBe(1)
  expect(stage.gemini.requests).toEqual([])
})

test('an env file in UTF-16 is told as that', async () => {
  const stage = await setStage()
  await stage.site.write('.env', Buffer.from('\uFEFFGEMINI_API_KEY=x\n', 'utf16le'))
  const { output } = await start([CLI, 'generate', '--yes'], stage.site.root, {}).ended
  expect(output).toContain('NOT_UTF8 at .env:1:1')
})

test('a lockfile that breaks amid a run is blamed itself, and the paid picture is kept', async () => {
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': prompting('alt: ""'),
  })
  stage.gemini.setLatency(300)
  const failing = stage.fail()
  await vi.waitUntil(() => stage.gemini.requests.length === 1, 30_000)
  await stage.site.write('gemini-image.lock', 'version: 1\npictures:\n  half an entry\n')
  const { message } = (await failing) as Error
  expect(message).toContain('CORRUPT_LOCKFILE at gemini-image.lock:3:1')
  expect(message).toContain('scene.prompt.md is paid for ($0.0354) and kept in')
  expect(message).not.toContain('Nothing was generated')
})
