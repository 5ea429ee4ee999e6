import { symlink } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { accept, openEditor } from './editor.ts'
import { drawn, entryOf, plain, siteOf } from './stage.ts'

const CONFIG = `export default {
  model: 'nano-banana-pro',
  styles: {
    brand: 'Flat shapes, petrol blue.',
    pencil: 'A pencil drawing.',
  },
  presets: { card: { widths: [400] }, wide: { widths: [1600] } },
}
`

const SCHEMA = `import { geminiImage } from 'astro-gemini-image/schema'
import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'
const posts = defineCollection({ schema: z.object({ title: z.string(), cover: geminiImage() }) })
export const collections = { posts }
`

/** Every file of a site with its text, but for what Node.js keeps. */
async function snapshot(site: Site): Promise<readonly (readonly [string, string])[]> {
  const names = await site.list('.', true)
  const all = names.map(async (name) => [name, await site.read(name).catch(() => '')] as const)
  return Promise.all(all)
}

/** What an error marks in a text. */
function marked(
  text: string,
  {
    start,
    end,
  }: { start: { line: number; character: number }; end: { line: number; character: number } },
): string {
  expect(end.line).toBe(start.line)
  return (text.split('\n')[start.line] ?? '').slice(start.character, end.character)
}

test('a person types: errors come and go, each at its place, with code and hint', async () => {
  const site = await siteOf(plain('hero'))
  const { type, log, end } = await openEditor(site)
  const wrong = promptFile('A fox', { aspectRatio: '16:10', seed: 'many', modell: 'nano-banana' })
  const found = await type('src/hero.prompt.md', wrong)
  expect(
    found.map(({ code, severity, source, range }) => [
      code,
      severity,
      source,
      marked(wrong, range),
    ]),
  ).toEqual([
    ['INVALID_VALUE', 1, 'gemini-image', 'many'],
    ['UNKNOWN_KEY', 1, 'gemini-image', 'modell'],
  ])
  expect(found[1]?.message).toContain('"modell" is not a setting of a picture.')
  expect(found[1]?.message).toMatch(/What to do: Did you mean "model"\?/)
  const better = promptFile('A fox', { aspectRatio: '16:10' })
  const [ratio, ...others] = await type('src/hero.prompt.md', better)
  expect(others).toEqual([])
  expect([ratio?.code, ratio && marked(better, ratio.range)]).toEqual([
    'UNSUPPORTED_ASPECT_RATIO',
    '16:10',
  ])
  expect(await type('src/hero.prompt.md', promptFile('A fox', { aspectRatio: '16:9' }))).toEqual([])
  const [alt] = await type('src/hero.prompt.md', 'A fox in the snow\n')
  expect([alt?.code, alt?.severity]).toEqual(['MISSING_ALT', 2])
  expect(alt && marked('A fox in the snow\n', alt.range)).toBe('A fox in the snow')
  const broken = '---\nalt: "A fox\nsize: 1K\n---\nA fox\n'
  expect((await type('src/hero.prompt.md', broken)).map(({ code }) => code)).toContain(
    'MALFORMED_YAML',
  )
  const windows = promptFile('A fox', { size: '9K' }).replaceAll('\n', '\r\n')
  const [size] = await type('src/hero.prompt.md', windows)
  expect([size?.code, size && marked(windows, size.range)]).toEqual(['UNSUPPORTED_SIZE', '9K'])
  // Nothing of it was saved.
  expect(await site.read('src/hero.prompt.md')).toBe(promptFile('hero'))
  expect(await end()).toBe(0)
  expect(log()).toBe('')
})

test('settings and their values are proposed, those of the project among them', async () => {
  const site = await siteOf(plain('hero'), {
    'gemini-image.config.js': CONFIG,
    'src/brand.style.md': 'Flat.\n',
  })
  await site.write('src/photos/room.png', await picture())
  const { complete, type } = await openEditor(site)
  const labels = async (text: string): Promise<readonly string[]> =>
    (await complete('src/hero.prompt.md', text)).map(({ label }) => label)
  const keys = await labels('---\nalt: A fox\n¦\n---\nA fox\n')
  expect(keys).toEqual(expect.arrayContaining(['model', 'aspectRatio', 'references', 'turns']))
  expect(keys).not.toContain('alt')
  expect(keys).not.toContain('prompt')
  const models = await complete('src/hero.prompt.md', '---\nmodel: ¦\n---\nA fox\n')
  expect(models.map(({ label }) => label)).toEqual(expect.arrayContaining(['nano-banana-pro']))
  expect(models.find(({ label }) => label === 'nano-banana-pro')?.detail).toMatch(/Nano Banana Pro/)
  expect(await labels('---\nmodel: imagen-4.0-generate-001\naspectRatio: ¦\n---\n')).not.toContain(
    '21:9',
  )
  expect(await labels('---\naspectRatio: 2¦\n---\n')).toContain('21:9')
  expect(await labels('---\nsize: ¦\n---\n')).toEqual(['1K', '2K', '4K'])
  expect(await labels('---\noutput: ¦\n---\n')).toEqual([
    'image',
    'images',
    'text-and-image',
    'text',
  ])
  expect(await labels('---\nstyle: ¦\n---\n')).toEqual(
    expect.arrayContaining(['brand', 'pencil', './brand.style.md']),
  )
  expect(await labels('---\ngrounding:\n  ¦\n---\n')).toEqual(['web', 'images'])
  expect(await labels('---\ngrounding: { web: ¦\n---\n')).toEqual(['true', 'false'])
  expect(await labels('---\nreferences:\n  - ./photos/¦\n---\n')).toEqual(['./photos/room.png'])
  expect(await labels('---\nreferences: [./¦\n---\n')).toEqual(['./photos/'])
  expect(await labels('---\nreferences:\n  - image: ./photos/room.png\n    as: ¦\n---\n')).toEqual([
    'object',
    'character',
    'style',
  ])
  expect(await labels('---\nreferences: [../../¦\n---\n')).toEqual([])
  expect(await labels('---\nturns:\n  - prompt: Now\n    ¦\n---\n')).toEqual([
    'aspectRatio',
    'size',
    'references',
    'grounding',
    'thinking',
    'output',
  ])
  expect(await labels('---\ntemplate: sticker\nslots:\n  subject: a fox\n  ¦\n---\n')).toContain(
    'style',
  )
  expect(await labels('---\nalt: A fox\n---\nA fox ¦\n')).toEqual([])
  const typed = '---\nalt: A fox\nasp¦\n---\nA fox\n'
  const ratio = (await complete('src/hero.prompt.md', typed)).find(
    ({ label }) => label === 'aspectRatio',
  )
  const text = ratio ? accept(typed, ratio) : ''
  expect(text).toContain('\naspectRatio: \n')
  expect(JSON.stringify(ratio?.documentation)).toContain('Default: `1:1`.')
  expect(await type('src/hero.prompt.md', text)).toEqual([])
  const asked = "import a from './hero.prompt.md?gemini-image&as=picture&preset=¦'\n"
  expect((await complete('src/main.js', asked)).map(({ label }) => label)).toEqual(['card', 'wide'])
})

function picture(): Promise<Buffer> {
  const create = { width: 64, height: 64, channels: 3, background: 'red' } as const
  return sharp({ create }).png().toBuffer()
}

test('macros: settings are proposed, errors shown, and the picture, in text that is not saved', async () => {
  const site = await siteOf({}, { 'src/page.ts': '' })
  const { type, complete, hover } = await openEditor(site)
  const open =
    "import { geminiImage } from 'unplugin-gemini-image/macro'\nconst leaf = geminiImage({\n  prompt: 'A leaf',\n  ¦"
  const labels = async (text: string): Promise<readonly string[]> =>
    (await complete('src/page.ts', text)).map(({ label }) => label)
  expect(await labels(open)).toEqual(expect.arrayContaining(['aspectRatio', 'alt']))
  expect(await labels(open)).not.toContain('prompt')
  const value = open.replace('¦', 'aspectRatio: ¦\n})\n')
  const ratio = (await complete('src/page.ts', value)).find(({ label }) => label === '16:9')
  expect(ratio && accept(value, ratio)).toContain("aspectRatio: '16:9'\n")
  const quoted = open.replace('¦', "thinking: 'hi¦\n})\n")
  expect(await labels(quoted)).toContain('high')
  expect(await labels(`${open.replace('¦', '})\n')}¦`)).toEqual([])
  const wrong = open.replace('¦', "alt: 'A leaf',\n  aspectRatio: '16:10',\n})\n")
  const [error, ...others] = await type('src/page.ts', wrong)
  expect(others).toEqual([])
  expect([error?.code, error && marked(wrong, error.range)]).toEqual([
    'UNSUPPORTED_ASPECT_RATIO',
    "'16:10'",
  ])
  const dynamic = open.replace('¦', 'alt: name,\n})\n')
  const [unknown] = await type('src/page.ts', dynamic)
  expect([unknown?.code, unknown && marked(dynamic, unknown.range)]).toEqual(['NOT_STATIC', 'name'])
  const right = open.replace('¦', "alt: 'A leaf',\n})¦\n")
  expect(await hover('src/page.ts', right)).toMatch(
    /not generated yet.*Generating it costs \$0\.\d+/,
  )
  const lost = "import x from './gone.prompt.md?gemini-image'\n"
  const [missing] = await type('src/page.ts', lost)
  expect([missing?.code, missing && marked(lost, missing.range)]).toEqual([
    'PROMPT_FILE_NOT_FOUND',
    './gone.prompt.md?gemini-image',
  ])
})

test('content: the fields of the schema are pictures, and no others', async () => {
  const site = await siteOf(plain('hero'), { 'src/content.config.ts': SCHEMA })
  const { type, complete, define } = await openEditor(site)
  const post = (cover: string): string => `---\ntitle: Harbour\ncover:\n${cover}---\n\nText.\n`
  const file = 'src/content/posts/harbour.md'
  const wrong = post('  prompt: A harbour\n  alt: A harbour\n  size: 9K\n')
  const [error, ...others] = await type(file, wrong)
  expect(others).toEqual([])
  expect([error?.code, error && marked(wrong, error.range)]).toEqual(['UNSUPPORTED_SIZE', '9K'])
  const keys = await complete(file, post('  prompt: A harbour\n  ¦\n'))
  expect(keys.map(({ label }) => label)).toContain('aspectRatio')
  const title = await complete(file, '---\ntitle:\n  ¦\ncover: x\n---\n')
  expect(title).toEqual([])
  const named = '---\ntitle: Harbour\ncover: ../../he¦ro.prompt.md\n---\n'
  expect(await define(file, named)).toBe(`${pathToFileURL(site.path('src/hero.prompt.md')).href}:0`)
  const lost = '---\ntitle: Harbour\ncover: ./gone.prompt.md\n---\n'
  const [missing] = await type(file, lost)
  expect([missing?.code, missing && marked(lost, missing.range)]).toEqual([
    'PROMPT_FILE_NOT_FOUND',
    './gone.prompt.md',
  ])
})

test('content in data files, fenced blocks and components say the same', async () => {
  const site = await siteOf({}, { 'src/content.config.ts': SCHEMA })
  const { type, complete, hover } = await openEditor(site)
  const labels = async (file: string, text: string): Promise<readonly string[]> =>
    (await complete(file, text)).map(({ label }) => label)
  const data = 'src/content/posts/a.yaml'
  const items =
    '- title: A\n  cover:\n    prompt: A fox\n    alt: A fox\n    thinking: ¦\n- title: B\n'
  expect(await labels(data, items)).toContain('high')
  const [level] = await type(data, items.replace('¦', 'hard'))
  expect(level && marked(items.replace('¦', 'hard'), level.range)).toBe('hard')
  const fence = '# A\n\n```gemini-image\n---\nalt: A fox\nformat: ¦\n---\nA fox\n```\n'
  expect(await labels('src/content/posts/b.md', fence)).toEqual(['png', 'jpeg'])
  const [format] = await type('src/content/posts/b.md', fence.replace('¦', 'gif'))
  expect(format && marked(fence.replace('¦', 'gif'), format.range)).toBe('gif')
  const tag =
    'import { GeminiImage } from \'astro-gemini-image/components\'\n;<GeminiImage prompt="A fox" alt="" size="9K" />\n'
  const [size] = await type('src/a.jsx', tag)
  expect([size?.code, size && marked(tag, size.range)]).toEqual(['UNSUPPORTED_SIZE', '9K'])
  const right = tag.replace('9K', '2K').replace('A fox', 'A ¦fox')
  expect(await hover('src/a.jsx', right)).toContain('not generated yet')
})

test('a shared store is left alone: what is lost here is said to be lost', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('hero')), gemini)
  await site.remove('.gemini-image')
  await site.write(
    'gemini-image.config.js',
    `import { writeFileSync } from 'node:fs'
const ask = () => writeFileSync(new URL('asked', import.meta.url), '')
export default { store: { shared: { get: ask, has: ask, put: ask, delete: ask } } }
`,
  )
  const { hover, type } = await openEditor(site, { env: keyed(gemini) })
  expect(await type('src/hero.prompt.md', promptFile('hero'))).toEqual([])
  expect(await hover('src/hero.prompt.md', promptFile('he¦ro'))).toContain('its file is lost')
  expect(await site.list('.')).not.toContain('asked')
  expect(await site.list('.gemini-image')).toEqual([])
  expect(gemini.requests).toHaveLength(1)
})

test('hover shows the pinned picture, its state and its price, and what a setting means', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('hero'))
  await drawn(site, gemini)
  const before = await snapshot(site)
  const { length } = gemini.requests
  const { hover, define } = await openEditor(site, { env: keyed(gemini) })
  const entry = await entryOf(site, 'src/hero.prompt.md')
  const text = promptFile('hero')
  const card = (await hover('src/hero.prompt.md', text.replace('hero', 'he¦ro'))) ?? ''
  const file = pathToFileURL(site.path('.gemini-image', entry.file)).href
  expect(card).toContain(`![A picture](${file})`)
  expect(card).toContain(`pinned, ${entry.width} × ${entry.height}, ${entry.model}. Paid: $0.`)
  const asked = "import a from './he¦ro.prompt.md?gemini-image'\n"
  expect(await hover('src/main.js', asked)).toContain(file)
  expect(await define('src/main.js', asked)).toBe(
    `${pathToFileURL(site.path('src/hero.prompt.md')).href}:0`,
  )
  const edited = promptFile('he¦ro at night')
  expect(await hover('src/hero.prompt.md', edited)).toMatch(/not generated yet.*costs \$0\.\d+/)
  const setting = await hover('src/hero.prompt.md', promptFile('hero', { 'vari¦ants': '2' }))
  expect(setting).toContain('How many pictures are generated to choose from.')
  expect(setting).toContain('Default: `1`.')
  expect(gemini.requests).toHaveLength(length)
  expect(await snapshot(site)).toEqual(before)
  const code = await openEditor(site, { name: 'Visual Studio Code' })
  expect(await code.hover('src/hero.prompt.md', edited.replace(' at night', ''))).toContain(
    `(${file}|width=320)`,
  )
  const plainText = await openEditor(site, { formats: ['plaintext'] })
  const words = await plainText.hover('src/hero.prompt.md', edited.replace(' at night', ''))
  expect(words).toMatch(/^hero\.prompt\.md: pinned, /)
})

test('references and styles lead to where they are', async () => {
  const site = await siteOf(plain('hero', 'room'), {
    'gemini-image.config.js': CONFIG,
    'src/brand.style.md': 'Flat.\n',
  })
  await site.write('photos/room.png', await picture())
  const { define } = await openEditor(site)
  const at = (settings: string): Promise<string | undefined> =>
    define('src/hero.prompt.md', `---\nalt: A fox\n${settings}\n---\nA fox\n`)
  const uri = (file: string): string => `${pathToFileURL(site.path(file)).href}:0`
  expect(await at('references: [/photos/ro¦om.png]')).toBe(uri('photos/room.png'))
  expect(await at('references:\n  - image: ../photos/¦room.png')).toBe(uri('photos/room.png'))
  expect(await at('after: "./room.¦prompt.md?turn=0"')).toBe(uri('src/room.prompt.md'))
  expect(await at('style: ./br¦and.style.md')).toBe(uri('src/brand.style.md'))
  const config = pathToFileURL(site.path('gemini-image.config.js')).href
  expect(await at('style: pen¦cil')).toBe(`${config}:4`)
  expect(await at('style: [brand, pen¦cil]')).toBe(`${config}:4`)
  expect(await at('references: [/photos/go¦ne.png]')).toBe(undefined)
  expect(await at('references: [../../../../../pack¦age.json]')).toBe(undefined)
})

test('a configuration that changes, or is wrong, is that of the next look', async () => {
  const site = await siteOf(plain('hero'), { 'gemini-image.config.js': 'export default {}\n' })
  const { type } = await openEditor(site)
  const text = promptFile('A fox', { style: 'brand' })
  expect((await type('src/hero.prompt.md', text)).map(({ code }) => code)).toEqual([
    'UNKNOWN_STYLE',
  ])
  await site.write('gemini-image.config.js', CONFIG)
  expect(await type('src/hero.prompt.md', `${text}\n`)).toEqual([])
  await site.write('gemini-image.config.js', 'export default { budgget: 100 }\n')
  const [error] = await type('src/hero.prompt.md', `${text}\n\n`)
  expect(error?.code).toBe('INVALID_OPTION')
})

test('a broken or huge document ends nothing', async () => {
  const site = await siteOf(plain('hero'), { 'src/content.config.ts': SCHEMA })
  const { type, hover, complete, end, log } = await openEditor(site)
  const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[i]}`).join()}]\n`)
    .join('')}---\nA fox\n`
  const broken = [
    '---',
    '---\n',
    '---\n\t- [{',
    '\0\0\0',
    '\uFEFF---\nalt: x\n---\n\uD800',
    '---\n? [a]\n: b\n---\n',
    '---\n__proto__: 1\nconstructor: 2\n---\nA fox',
    `---\nturns:\n${'  - x\n'.repeat(5000)}---\nA fox\n`,
    `---\n${'a: {'.repeat(5000)}\n---\n`,
    bomb,
    'x'.repeat(3_000_000),
    `---\nalt: A fox\n---\n${'x\n'.repeat(900_000)}`,
  ]
  for (const text of broken) {
    for (const file of ['src/hero.prompt.md', 'src/content/posts/a.md', 'src/a.ts', 'src/a.vue']) {
      await type(file, text)
    }
    await hover('src/hero.prompt.md', `${text}¦`)
    await complete('src/hero.prompt.md', `${text.slice(0, 100)}¦${text.slice(100)}`)
  }
  const right = promptFile('A fox', { size: '9K' })
  expect((await type('src/hero.prompt.md', right)).map(({ code }) => code)).toEqual([
    'UNSUPPORTED_SIZE',
  ])
  expect(log()).not.toContain('DEFECT')
  expect(await end()).toBe(0)
})

test('what lies outside of the project is not looked at', async () => {
  const other = await createSite({ 'out.prompt.md': promptFile('A fox', { size: '9K' }) })
  const site = await siteOf(plain('hero'))
  await symlink(other.root, site.path('src/away'))
  const { send, type, told, hover, complete } = await openEditor(site)
  const wrong = promptFile('A fox', { size: '9K' })
  const outside = [
    other.path('out.prompt.md'),
    'src/away/out.prompt.md',
    'node_modules/x/a.prompt.md',
  ]
  for (const file of outside) {
    await send(file, wrong)
    expect(await hover(file, wrong.replace('A fox', 'A ¦fox'))).toBe(undefined)
    expect(await complete(file, '---\n¦\n---\n')).toEqual([])
  }
  expect(await type('src/hero.prompt.md', wrong)).toHaveLength(1)
  expect([...told.keys()]).toEqual([pathToFileURL(site.path('src/hero.prompt.md')).href])
  const reference = promptFile('A fox', { references: '[./away/out.prompt.md]' })
  const codes = (await type('src/hero.prompt.md', reference)).map(({ code }) => code)
  expect(codes).toEqual(['REFERENCE_OUTSIDE_ROOT'])
})

test('the server ends with its editor, and says what it is', async () => {
  const site = await siteOf(plain('hero'))
  const { child, initialized, log } = await openEditor(site, { env: { GEMINI_API_KEY: KEY } })
  expect(initialized.serverInfo).toMatchObject({ name: 'gemini-image' })
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  child.stdin?.end()
  expect(await ended).toBe(1)
  expect(log()).toBe('')
  onTestFinished(() => expect(log()).not.toContain(KEY))
})

test('languages of the site are known to the editor, and a text that is missing in one is told', async () => {
  const site = await siteOf(plain('hero'), {
    'project.inlang/settings.json': '{ "baseLocale": "en", "locales": ["en", "de"] }',
  })
  const { type, end } = await openEditor(site)
  const poster = (alt: string, languages = 'site'): string =>
    promptFile('A poster in {{language}}', { alt, each: `{ language: ${languages} }` })
  expect(await type('src/hero.prompt.md', poster('{ en: A poster, de: Ein Plakat }'))).toEqual([])
  const wrong = poster('{ en: A poster }')
  const found = await type('src/hero.prompt.md', wrong)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ code: 'MISSING_ALT' })
  expect(found[0]?.message).toContain('in de')
  expect(found[0] && marked(wrong, found[0].range)).toContain('site')
  const unknown = poster('{ en: A poster, de: Ein Plakat }', 'sight')
  expect(await type('src/hero.prompt.md', unknown)).toMatchObject([{ code: 'INVALID_VALUE' }])
  await end()
})
