import { symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { start, type Ended } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const MODULES = path.join(import.meta.dirname, 'jest/node_modules')
const JEST = path.join(MODULES, 'jest/bin/jest.js')

function configOf(more: string): string {
  return `
    import { withGeminiImage } from 'unplugin-gemini-image/jest'
    export default withGeminiImage({ cacheDirectory: '<rootDir>/.jest', ${more} })`
}

/** What a test of a component sees of pictures. */
const TEST = `
  import { geminiImage, geminiPicture } from 'unplugin-gemini-image/macro'
  import hero, { alt, width, height, color, model } from './hero.prompt.md?gemini-image'
  import picture from './hero.prompt.md?gemini-image&as=picture&widths=400;800&formats=webp;png'
  import object from './hero.prompt.md?gemini-image&as=object'
  import sign, { alt as signAlt } from './sign.prompt.md?each=C%23&gemini-image'
  import * as expected from './expected.json'

  const leaf = geminiImage({ prompt: 'A leaf', alt: 'A leaf', aspectRatio: '4:3' })
  const small = geminiPicture({ prompt: 'A leaf', alt: 'A leaf', rendition: { width: 320 } })

  test('pictures', () => {
    const { src, prompt } = object
    expect({ hero, alt, width, height, color, model, src, prompt }).toEqual(expected.hero)
    expect(signAlt).toBe('Sign, C#')
    expect(picture.sources).toEqual(expected.sources)
    expect([picture.img.width, picture.img.height, picture.img.alt]).toEqual([800, 447, alt])
    expect([leaf.src, leaf.width, leaf.height, leaf.alt]).toEqual(expected.leaf)
    expect(small.img.width).toBe(320)
  })`

const HERO = {
  hero: '/src/hero.prompt.md',
  alt: 'Boats',
  width: 1376,
  height: 768,
  color: '#808080',
  model: 'placeholder',
  src: '/src/hero.prompt.md',
  prompt: 'A harbour at dawn',
}

const SOURCE = {
  type: 'image/webp',
  srcset: '/src/hero.prompt.md?400.webp 400w, /src/hero.prompt.md?800.webp 800w',
  sizes: '(min-width: 800px) 800px, 100vw',
}

function expectation(hero: Partial<typeof HERO> = {}, file = 'hero.test.js'): string {
  const name = file.replace(/\W/g, '-').replace(/-m?js$/, '')
  const leaf = [`/src/${file}#${name}-a-leaf`, 1200, 896, 'A leaf']
  return JSON.stringify({ hero: { ...HERO, ...hero }, sources: [SOURCE], leaf })
}

async function siteOf(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await createSite({
    'package.json': '{ "name": "site", "private": true }',
    'babel.config.json': '{ "plugins": ["@babel/plugin-transform-modules-commonjs"] }',
    'jest.config.mjs': configOf(''),
    'src/hero.prompt.md': promptFile('A harbour at dawn', { alt: 'Boats', aspectRatio: '16:9' }),
    'src/sign.prompt.md': promptFile('A sign, {{words}}', {
      alt: 'Sign, {{words}}',
      each: "{ words: [New York, 'C#'] }",
    }),
    ...files,
  })
  await symlink(MODULES, site.path('node_modules'), 'junction')
  return site
}

/** Runs Jest. In CI, it writes no snapshots and shows no progress. */
function jest(
  site: Site,
  node: readonly string[] = [],
  env: Record<string, string> = { CI: 'true' },
): Promise<Ended> {
  return start([...node, JEST, '--runInBand'], site.root, env).ended
}

/** What Jest says where it does not pass. */
async function failureOf(run: Promise<Ended>): Promise<string> {
  const { code, output } = await run
  return code === 0 ? '' : output
}

test('what is not pinned has the size that it will have, and nothing is needed, drawn or written', async () => {
  const gemini = await startGemini()
  const site = await siteOf({
    'src/hero.test.js': TEST,
    // Nothing else in it is ours.
    'src/sign.test.js': `
      import { alt } from './sign.prompt.md?each=New York&gemini-image'
      test('a picture of a set', () => expect(alt).toBe('Sign, New York'))`,
    'src/sheet.test.js': `
      import signs from './sign.prompt.md?gemini-image&size=100&as=sheet'
      test('a sheet', () => {
        expect(signs).toMatchObject({ width: 104, height: 206, meta: { image: signs.src } })
        expect(Object.keys(signs.frames)).toEqual(['New York', 'C#'])
      })`,
    'src/expected.json': expectation(),
  })
  expect(await failureOf(jest(site, [], keyed(gemini)))).toBe('')
  expect(gemini.requests).toEqual([])
  expect(await site.list('.')).toEqual([
    '.jest',
    'babel.config.json',
    'jest.config.mjs',
    'node_modules',
    'package.json',
    'src',
  ])
})

test('what is pinned is told from the lockfile alone, and an edit is not hidden by Jest’s cache', async () => {
  const gemini = await startGemini()
  const site = await siteOf({
    // What tests alone ask for is never generated.
    'src/hero.js': TEST.slice(0, TEST.indexOf("test('pictures'")),
    'src/hero.test.js': TEST,
    'src/expected.json': expectation(),
  })
  expect(await failureOf(jest(site))).toBe('')
  await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  const paid = gemini.requests.length
  expect(paid).toBe(4)
  await site.remove('.gemini-image')
  const lock = await site.read('gemini-image.lock')
  const line = lock.split('\n').find((one) => one.includes('src/hero.prompt.md')) ?? ''
  const [, color = ''] = /"color":"(#[0-9a-f]{6})"/.exec(line.replaceAll(' ', '')) ?? []
  expect(color).not.toBe('')
  const alt = 'Boats at dawn'
  await site.write(
    'src/hero.prompt.md',
    promptFile('A harbour at dawn', { alt, aspectRatio: '16:9' }),
  )
  const [, model = ''] = /"model":"([^"]+)"/.exec(line.replaceAll(' ', '')) ?? []
  await site.write('src/expected.json', expectation({ alt, color, model }))
  expect(await failureOf(jest(site))).toBe('')
  expect(gemini.requests).toHaveLength(paid)
})

test('pictures by language are told apart', async () => {
  const site = await siteOf({
    'src/poster.prompt.md': promptFile('A poster in {{language}}', {
      alt: '{ en: A poster, de: Ein Plakat, fr: Une affiche }',
      each: '{ language: [en, de] }',
    }),
    'src/poster.test.js': `
      import { inLanguage } from 'unplugin-gemini-image/languages'
      import urls, { alt } from './poster.prompt.md?gemini-image&by=language'
      import pictures from './poster.prompt.md?gemini-image&widths=400&formats=webp&as=img&by=language'
      test('posters', () => {
        const [en, de] = ['en', 'de'].map((one) => '/src/poster.prompt.md?each=' + one)
        expect(urls).toEqual({ en, de, fr: en })
        expect(alt).toEqual({ en: 'A poster', de: 'Ein Plakat', fr: 'Une affiche' })
        expect(inLanguage(pictures, 'de-AT')).toMatchObject({ src: de + '?400.webp', alt: alt.de })
      })`,
    'jest.config.mjs': configOf("transformIgnorePatterns: ['/nothing/'],"),
  })
  expect(await failureOf(jest(site))).toBe('')
})

test('ECMAScript modules get the same', async () => {
  const site = await siteOf({
    'jest.config.mjs': configOf("transform: {}, testMatch: ['**/*.test.mjs'],"),
    'src/hero.test.mjs': TEST.replace(
      "import * as expected from './expected.json'",
      "import { createRequire } from 'node:module'\nconst expected = createRequire(import.meta.url)('./expected.json')",
    ),
    'src/expected.json': expectation({}, 'hero.test.mjs'),
  })
  expect(await failureOf(jest(site, ['--experimental-vm-modules']))).toBe('')
})

test('transformers of a configuration and of its preset see code without macros, with their own settings', async () => {
  const transformer = `
    const babel = require('babel-jest')
    exports.createTransformer = ({ word }) => {
      const inner = babel.default.createTransformer()
      return {
        ...inner,
        process: (text, file, options) => {
          if (/\\bmacro\\b/.test(text)) throw new Error('A macro is left.')
          return inner.process(text.replaceAll('WORD', word), file, options)
        },
      }
    }`
  const site = await siteOf({
    'jest.config.mjs': configOf(
      "preset: './preset/jest-preset.json', moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1' },",
    ),
    'preset/jest-preset.json': JSON.stringify({
      transform: { [String.raw`\.js$`]: ['<rootDir>/transformer.cjs', { word: 'A leaf' }] },
    }),
    'transformer.cjs': transformer,
    'src/hero.test.js': `
      import { geminiImage } from 'unplugin-gemini-image/macro'
      import hero from '@/hero.prompt.md?gemini-image'
      import small from '@/hero.prompt.md?gemini-image&as=img&width=320'
      const leaf = geminiImage({ prompt: 'A leaf', alt: 'A leaf' })
      test('leaf', () => {
        expect([leaf.alt, hero, small.width]).toEqual(['WORD', '/src/hero.prompt.md', 320])
      })`,
  })
  expect(await failureOf(jest(site))).toBe('')
})

test('two lines do without the function, and a mistake is told with its place', async () => {
  const site = await siteOf({
    'jest.config.mjs': `export default {
      cacheDirectory: '<rootDir>/.jest',
      moduleNameMapper: { '^(.+\\\\.prompt\\\\.md)\\\\?.*$': '$1' },
      transform: { '\\\\.prompt\\\\.md$': 'unplugin-gemini-image/jest' },
    }`,
    'src/hero.test.js': `
      const hero = require('./hero.prompt.md?gemini-image')
      test('hero', () => expect([hero.default, hero.width]).toEqual(['/src/hero.prompt.md', 1376]))`,
  })
  expect(await failureOf(jest(site))).toBe('')
  await site.write('src/hero.prompt.md', '---\nalt: Boats\naspectRatoi: 16:9\n---\n\nA harbour\n')
  const { code, output } = await jest(site)
  expect(code).toBe(1)
  expect(output).toContain('UNKNOWN_KEY at src/hero.prompt.md:3:1')
  expect(output).not.toContain('node:worker_threads')
})

test('next/jest: an import is what next/image takes', async () => {
  const site = await siteOf({
    'babel.config.json': '{}',
    'app/page.jsx': 'export default () => null',
    'jest.config.mjs': `
      import nextJest from 'next/jest.js'
      import { withGeminiImage } from 'unplugin-gemini-image/jest'
      const config = nextJest({ dir: './' })({ cacheDirectory: '<rootDir>/.jest' })
      export default withGeminiImage(config)`,
    'src/hero.test.jsx': `
      import Image from 'next/image'
      import { renderToStaticMarkup } from 'react-dom/server'
      import { geminiImage } from 'unplugin-gemini-image/macro'
      import hero, { alt } from './hero.prompt.md?gemini-image'
      const leaf = geminiImage({ prompt: 'A leaf', alt: 'A leaf' })
      test('next/image', () => {
        const html = renderToStaticMarkup(<Image src={hero} alt={alt} placeholder="blur" />)
        expect(html).toContain(encodeURIComponent('/src/hero.prompt.md'))
        expect(html).toContain('width="1376" height="768"')
        expect([leaf.width, leaf.alt, typeof leaf.blurDataURL]).toEqual([1024, 'A leaf', 'string'])
      })`,
  })
  expect(await failureOf(jest(site))).toBe('')
})
