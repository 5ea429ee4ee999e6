import { hash } from 'node:crypto'
import { stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readFileLabel } from '@gemini-image/core/internal'
import { describe, expect, test } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { start } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { pinned, runJson, type Json } from './stage.ts'

const HERO = promptFile('A harbour at dawn', { alt: 'Boats', aspectRatio: '16:9' })

/** A project without a bundler: nothing imports its prompt files. */
function projectOf(files: Readonly<Record<string, string>> = {}): Promise<Site> {
  return createSite({ 'hero.prompt.md': HERO, ...files })
}

/** Emits, and gives what `--json` says of it. */
async function emit(site: Site, gemini: FakeGemini, ...args: readonly string[]): Promise<Json> {
  const { code, report, stderr } = await runJson(site, ['emit', ...args], keyed(gemini))
  expect(`${code} ${stderr}`).toMatch(/^0 /)
  return report
}

async function manifestOf(site: Site, folder: string): Promise<Json> {
  return JSON.parse(await site.read(`${folder}/manifest.json`))
}

/** Everything below a folder with its bytes and the moment of its last change. */
async function stateOf(site: Site, folder: string): Promise<Record<string, string>> {
  const names = await site.list(folder, true)
  const states = names.map(async (name) => {
    const stats = await stat(site.path(folder, name), { bigint: true })
    const content = stats.isFile() ? (await site.bytes(`${folder}/${name}`)).toString('base64') : ''
    return [name, `${stats.mtimeNs} ${content}`] as const
  })
  return Object.fromEntries(await Promise.all(states))
}

/** How a command ends that is expected to fail. */
async function failing(
  site: Site,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const { code, report } = await runJson(site, ['emit', ...args], env)
  expect(code).toBe(1)
  return `${report.error.code} ${report.error.message}`
}

describe('what is written', () => {
  test('is one labelled file for each prompt file, with all that is known of it but the prompt', async () => {
    const gemini = await startGemini()
    const site = await projectOf({
      'content/posts/train.prompt.md': promptFile('A night train', { alt: '""' }),
    })
    const done = await emit(site, gemini, 'static/pictures', '--public-path', '/pictures')
    expect(done).toMatchObject({ pictures: 2, generated: 2, removed: [], kept: [] })
    expect(await site.list('static/pictures', true)).toEqual([
      'content',
      'content/posts',
      'content/posts/train.jpg',
      'hero.jpg',
      'index.d.ts',
      'index.js',
      'manifest.json',
    ])
    const { pictures } = await manifestOf(site, 'static/pictures')
    expect(Object.keys(pictures)).toEqual(['content/posts/train', 'hero'])
    expect(pictures.hero).toMatchObject({
      src: '/pictures/hero.jpg',
      file: 'hero.jpg',
      width: 1376,
      height: 768,
      format: 'jpeg',
      type: 'image/jpeg',
      alt: 'Boats',
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
      placeholder: expect.stringMatching(/^data:image\/png;base64,/),
      digitalSourceType: 'trainedAlgorithmicMedia',
      text: '',
      images: ['/pictures/hero.jpg'],
      parts: [{ image: '/pictures/hero.jpg' }],
    })
    expect(pictures['content/posts/train'].alt).toBe('')
    const module = await import(pathToFileURL(site.path('static/pictures/index.js')).href)
    expect(module.default).toEqual(pictures)
    const bytes = await site.bytes('static/pictures/hero.jpg')
    expect(await describeImage(bytes)).toBe('jpeg 1376x768')
    expect(await readFileLabel(bytes)).toMatchObject({ sourceType: 'trainedAlgorithmicMedia' })
    for (const text of Object.values(await stateOf(site, 'static/pictures'))) {
      const content = Buffer.from(text.split(' ')[1] ?? '', 'base64').toString('latin1')
      expect(content).not.toMatch(/A harbour at dawn|A night train/)
      expect(content).not.toContain(KEY)
    }
  })

  test('is renditions as well, where they are asked for', async () => {
    const gemini = await startGemini()
    const site = await projectOf({
      'gemini-image.config.js':
        'export default { presets: { card: { width: 300, height: 300 } } }\n',
    })
    const sizes = [
      '--widths',
      '400,800',
      '--formats',
      'avif,webp',
      '--public-path',
      'https://a.example/p/',
    ]
    await emit(site, gemini, 'out', ...sizes)
    const { hero } = (await manifestOf(site, 'out')).pictures
    expect(hero.picture).toMatchObject({
      sources: [
        {
          type: 'image/avif',
          srcset: 'https://a.example/p/hero@400.avif 400w, https://a.example/p/hero@800.avif 800w',
          sizes: '(min-width: 800px) 800px, 100vw',
        },
      ],
      img: { src: 'https://a.example/p/hero@800.webp', width: 800, height: 447, alt: 'Boats' },
    })
    const seen: string[] = []
    for (const { file, width, height } of hero.renditions) {
      const bytes = await site.bytes(`out/${file}`)
      expect(await describeImage(bytes)).toBe(
        `${file.endsWith('avif') ? 'heif' : 'webp'} ${width}x${height}`,
      )
      expect(await readFileLabel(bytes)).toMatchObject({ by: 'xmp' })
      seen.push(file)
    }
    expect(seen).toEqual(['hero@400.avif', 'hero@800.avif', 'hero@400.webp', 'hero@800.webp'])
    // Another choice takes the place of the first one, and the picture is not paid for again.
    await emit(site, gemini, 'out', '--preset', 'card', '--formats', 'jpeg', '--hash')
    const names = (await site.list('out')).filter((name) => name.endsWith('.jpg'))
    expect(names).toEqual([
      expect.stringMatching(/^hero\.[0-9a-f]{8}\.jpg$/),
      expect.stringMatching(/^hero@300\.[0-9a-f]{8}\.jpg$/),
      expect.stringMatching(/^hero@600\.[0-9a-f]{8}\.jpg$/),
    ])
    expect(await site.list('out')).toHaveLength(6)
    expect(gemini.requests).toHaveLength(1)
  })

  test('has names that no two pictures share', async () => {
    const gemini = await startGemini()
    const site = await projectOf({ 'hero@400.prompt.md': promptFile('Another') })
    await emit(site, gemini, 'out', '--widths', '400', '--formats', 'jpeg')
    const images = (await site.list('out')).filter((name) => name.endsWith('.jpg'))
    expect(images).toEqual(['hero.jpg', 'hero@400.jpg', 'hero@@400.jpg', 'hero@@400@400.jpg'])
    const { pictures } = await manifestOf(site, 'out')
    expect(pictures['hero@400'].file).toBe('hero@@400.jpg')
  })

  test('is what names and --from choose', async () => {
    const gemini = await startGemini()
    const site = await projectOf({
      'app/art/base.prompt.md': promptFile('Base'),
      'app/art/card.prompt.md': promptFile('Card', { references: '[./base.prompt.md]' }),
    })
    await emit(site, gemini, 'out', 'card', '--from', 'app/art')
    expect(Object.keys((await manifestOf(site, 'out')).pictures)).toEqual(['card'])
    // The picture that it refers to was drawn for it; the hero was not.
    expect(gemini.requests.map(({ prompt }) => prompt)).toEqual(['Base', 'Card'])
    expect(await failing(site, ['out', '--from', 'ap'], keyed(gemini))).toContain(
      'INVALID_ARGUMENT',
    )
    expect(await site.list('out')).toContain('card.jpg')
  })

  test('is type-checked: a picture that is not there does not compile', async () => {
    const gemini = await startGemini()
    const check = (right: string, wrong: string): string =>
      `import pictures, { type PictureName } from './out'\n${right}\n// @ts-expect-error\n${wrong}\nexport const name: PictureName = 'hero'\n`
    const site = await projectOf({
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: 'preserve',
          types: [],
          skipLibCheck: false,
        },
        files: ['use.ts'],
      }),
    })
    const compiled = async (text: string): Promise<string> => {
      await site.write('use.ts', text)
      const { output } = await start([TSC, '-p', '.'], site.root, {}).ended
      return output
    }
    await emit(site, gemini, 'out', '--public-path', '/p', '--widths', '400')
    const web = `export const [alt, src, set]: string[] = [pictures['hero'].alt, pictures.hero.src, pictures.hero.picture.img.srcset]`
    expect(await compiled(check(web, `pictures['heros'].alt`))).toBe('')
    await emit(site, gemini, 'out')
    expect(
      await compiled(
        check('export const source: number = pictures.hero.src', 'pictures.hero.picture'),
      ),
    ).toBe('')
  })
})

const TSC = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')

describe('a second run', () => {
  test('writes nothing, asks for nothing, and leaves the moments of all files as they are', async () => {
    const gemini = await startGemini()
    const site = await projectOf()
    const args = ['out', '--widths', '400', '--public-path', '/']
    await emit(site, gemini, ...args)
    const before = await stateOf(site, 'out')
    expect(await emit(site, gemini, ...args)).toMatchObject({
      written: [],
      removed: [],
      generated: 0,
    })
    expect(await stateOf(site, 'out')).toEqual(before)
    expect(gemini.requests).toHaveLength(1)
    await site.write('hero.prompt.md', HERO.replace('Boats', 'Boats at dawn'))
    const { written } = await emit(site, gemini, ...args)
    expect(written).toEqual(['index.js', 'manifest.json'])
  })

  test('removes the files of a declaration that is gone, and nothing else', async () => {
    const gemini = await startGemini()
    const site = await projectOf({
      'posts/a.prompt.md': promptFile('A'),
      'posts/b.prompt.md': promptFile('B'),
      'out/photo.jpg': 'a photo of mine',
      'out/posts/notes.txt': 'notes',
    })
    await emit(site, gemini, 'out', '--widths', '400')
    await site.remove('posts/a.prompt.md')
    await site.remove('posts/b.prompt.md')
    await site.write('out/posts/b.jpg', 'a photo that took its place')
    const done = await emit(site, gemini, 'out', '--widths', '400')
    expect(done.kept).toEqual(['posts/b.jpg'])
    expect(await site.list('out', true)).toEqual([
      'hero.jpg',
      'hero@400.avif',
      'hero@400.jpg',
      'hero@400.webp',
      'index.d.ts',
      'index.js',
      'manifest.json',
      'photo.jpg',
      'posts',
      'posts/b.jpg',
      'posts/notes.txt',
    ])
    await site.remove('out/posts')
    await site.write('posts/c.prompt.md', promptFile('C'))
    await emit(site, gemini, 'out')
    await site.remove('posts/c.prompt.md')
    await emit(site, gemini, 'out')
    expect(await site.list('out')).not.toContain('posts')
  })

  test('is refused where a declaration is broken: its picture is not one that is gone', async () => {
    const gemini = await startGemini()
    const site = await projectOf({ 'art/leaf.prompt.md': promptFile('A leaf') })
    for (const [args, kept] of [
      [[], 'art/leaf.jpg'],
      [['--from', 'art'], 'leaf.jpg'],
      [['art/**'], 'art/leaf.jpg'],
      [['leaf'], 'art/leaf.jpg'],
    ] as const) {
      await site.write('art/leaf.prompt.md', promptFile('A leaf'))
      await emit(site, gemini, 'out', ...args)
      await site.write('art/leaf.prompt.md', promptFile('A leaf', { size: '3K' }))
      expect(await failing(site, ['out', ...args], keyed(gemini))).toMatch(
        /art\/leaf\.prompt\.md:\d/,
      )
      expect(await site.list('out', true)).toContain(kept)
    }
    await emit(site, gemini, 'out', 'hero')
    // What is wrong may stand elsewhere.
    await site.write(
      'art/leaf.prompt.md',
      promptFile('A leaf', { references: '[../base.prompt.md]' }),
    )
    await site.write('base.prompt.md', promptFile('Base', { size: '3K' }))
    const said = await failing(site, ['out', '--from', 'art'], keyed(gemini))
    expect(said).toMatch(/base\.prompt\.md:\d/)
  })

  test('believes no manifest that names files of somebody else', async () => {
    const gemini = await startGemini()
    const site = await projectOf({ 'photo.jpg': 'mine', 'out/notes.txt': 'mine' })
    await emit(site, gemini, 'out')
    const manifest = await manifestOf(site, 'out')
    manifest.files['../photo.jpg'] = hash('sha256', 'mine')
    manifest.files['notes.txt'] = hash('sha256', 'mine')
    manifest.files['../hero.prompt.md'] = hash('sha256', HERO)
    await site.write('out/manifest.json', JSON.stringify(manifest))
    await emit(site, gemini, 'out')
    expect(await site.read('photo.jpg')).toBe('mine')
    expect(await site.read('out/notes.txt')).toBe('mine')
    expect(await site.read('hero.prompt.md')).toBe(HERO)
  })
})

describe('a file that is in the way', () => {
  test('stops it before anything is changed', async () => {
    const gemini = await startGemini()
    const site = await projectOf({
      'a.prompt.md': promptFile('A'),
      'b.prompt.md': promptFile('B'),
      'out/hero.jpg': 'a photo of mine',
      'elsewhere.jpg': 'mine as well',
    })
    await symlink(site.path('elsewhere.jpg'), site.path('out/b.jpg'))
    const said = await failing(site, ['out'], keyed(gemini))
    expect(said).toMatch(/^INVALID_ARGUMENT /)
    expect(said).toContain('out/hero.jpg')
    expect(said).toContain('out/b.jpg')
    expect(await site.list('out')).toEqual(['b.jpg', 'hero.jpg'])
    expect(await site.read('elsewhere.jpg')).toBe('mine as well')
    expect(await site.read('out/hero.jpg')).toBe('a photo of mine')
    // What was paid for is pinned, whatever became of the folder.
    expect((await pinned(site)).size).toBe(3)
  })

  test.each(['manifest.json', 'index.js', 'index.d.ts'])(
    '%s of a site stops it before it spends',
    async (name) => {
      const gemini = await startGemini()
      const site = await projectOf({ [`static/${name}`]: '{ "name": "A web app" }' })
      expect(await failing(site, ['static'], keyed(gemini))).toContain(`static/${name}`)
      expect(gemini.requests).toEqual([])
      expect(await site.list('static')).toEqual([name])
    },
  )

  test('a picture that somebody has changed since is not written over', async () => {
    const gemini = await startGemini()
    const site = await projectOf()
    await emit(site, gemini, 'out')
    await site.write('out/hero.jpg', 'touched up by hand')
    expect(await failing(site, ['out'], keyed(gemini))).toContain('out/hero.jpg')
    expect(await site.read('out/hero.jpg')).toBe('touched up by hand')
  })
})

describe('a folder that cannot be', () => {
  test.each([
    ['outside of the project', '../elsewhere/deep', 'FILE_OUTSIDE_ROOT'],
    ['behind a link that leads out', 'link/out', 'FILE_OUTSIDE_ROOT'],
    ['behind a link that leads nowhere', 'broken/out', 'INVALID_ARGUMENT'],
    ['a file', 'hero.prompt.md', 'INVALID_ARGUMENT'],
    ['below a file', 'hero.prompt.md/out', 'INVALID_ARGUMENT'],
    ['the store', '.gemini-image/out', 'INVALID_ARGUMENT'],
    ['the cache', 'node_modules/.cache/gemini-image', 'INVALID_ARGUMENT'],
  ])('%s is an error before anything is paid for', async (_, folder, code) => {
    const gemini = await startGemini()
    const [site, other] = [await projectOf(), await createSite({})]
    await symlink(other.root, site.path('link'))
    await symlink(site.path('nowhere'), site.path('broken'))
    expect(await failing(site, [folder], keyed(gemini))).toMatch(new RegExp(`^${code} `))
    expect(gemini.requests).toEqual([])
    expect(await other.list('.')).toEqual(['package.json'])
  })

  test('a link that stays inside is followed', async () => {
    const gemini = await startGemini()
    const site = await projectOf({ 'real/keep.txt': '' })
    await symlink(site.path('real'), site.path('link'))
    await emit(site, gemini, 'link')
    await emit(site, gemini, 'link')
    expect(await site.list('real')).toContain('hero.jpg')
  })
})

describe('what is not pinned', () => {
  test('is one error that lists all of it where CI is set, and costs nothing', async () => {
    const gemini = await startGemini()
    const site = await projectOf({ 'a/leaf.prompt.md': promptFile('A leaf') })
    for (const [args, env] of [
      [[], { CI: 'true' }],
      [['--mode', 'frozen'], {}],
    ] as const) {
      const said = await failing(site, ['out', ...args], { ...keyed(gemini), ...env })
      expect(said).toMatch(/^MISSING_PICTURE /)
      expect(said).toContain('hero.prompt.md:6:1')
      expect(said).toContain('a/leaf.prompt.md:5:1')
    }
    expect(gemini.requests).toEqual([])
    expect(await site.list('out')).toEqual([])
    await emit(site, gemini, 'out')
    const { code } = await runCommand(site.root, ['emit', 'out'], { CI: 'true' })
    expect(code).toBe(0)
  })

  test('is not drawn beyond the budget, and is a stand-in of its size where that is asked for', async () => {
    const gemini = await startGemini()
    const site = await projectOf()
    expect(await failing(site, ['out', '--budget', '0.01'], keyed(gemini))).toMatch(
      /^BUDGET_EXCEEDED /,
    )
    expect(await emit(site, gemini, 'out', '--mode', 'placeholder')).toMatchObject({
      placeholders: 1,
    })
    expect((await manifestOf(site, 'out')).pictures.hero.model).toBe('placeholder')
    expect(await describeImage(await site.bytes('out/hero.jpg'))).toBe('jpeg 1376x768')
    expect(gemini.requests).toEqual([])
    await emit(site, gemini, 'out')
    expect((await manifestOf(site, 'out')).pictures.hero.model).not.toBe('placeholder')
  })

  test('is an error before it is paid for where it has no alternative text, or no rendition can be made', async () => {
    const gemini = await startGemini()
    const site = await createSite({ 'hero.prompt.md': 'A harbour' })
    expect(await failing(site, ['out'], keyed(gemini))).toMatch(/^MISSING_ALT /)
    await site.write('hero.prompt.md', HERO)
    expect(await failing(site, ['out', '--widths', 'wide'], keyed(gemini))).toMatch(
      /^INVALID_RENDITION /,
    )
    expect(gemini.requests).toEqual([])
  })
})

test('an emitted folder asks for nothing, and prune leaves what it shows', async () => {
  const gemini = await startGemini()
  const alt = `"import x from './other.prompt.md?gemini-image'"`
  const site = await projectOf({
    'hero.prompt.md': promptFile('A harbour', { alt }),
    'other.prompt.md': promptFile('Other'),
  })
  await emit(site, gemini, 'src/pictures', 'hero')
  const { report } = await runJson(site, ['plan'])
  expect(report).toMatchObject({ missing: 0, problems: [] })
  await runJson(site, ['prune', '--yes'])
  expect(await emit(site, gemini, 'src/pictures', 'hero')).toMatchObject({
    written: [],
    generated: 0,
  })
  expect(gemini.requests).toHaveLength(1)
})
