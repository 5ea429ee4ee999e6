import { SourceMap, type SourceMapPayload } from 'node:module'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseLockfile } from '@gemini-image/core'
import { expect } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Ability, Built, Host, Run } from './host.ts'

/** What every host is to do alike. */
export interface Case {
  readonly name: string
  /** Only for hosts that have it. */
  readonly needs?: Ability
  run(host: Host): Promise<void>
}

/** A row of cases that a build and a look at its output decide. */
export const CASES: readonly Case[] = [
  {
    name: 'an import is the URL of the picture, with all that is known of it beside it',
    async run(host) {
      const { site } = await built(host, {
        'src/main.js': `
          import hero, { alt, width, height, format, prompt, model, images, parts } from './hero.prompt.md?gemini-image'
          globalThis.shown = { hero, alt, width, height, format, prompt, model, images, parts }`,
        'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" }),
      })
      const shown = await run(site)
      expect(shown).toMatchObject({ alt: 'Boats', prompt: 'A harbour', format: 'jpeg' })
      expect(shown).toMatchObject({ width: 1376, height: 768, images: [shown['hero']] })
      expect(shown['model']).toMatch(/^gemini-/)
      await expectShipped(site, { hero: shown['hero'] })
    },
  },
  {
    name: 'what is imported as an object has everything in it',
    async run(host) {
      const { site } = await built(host, {
        'src/main.js': `
          import hero from './hero.prompt.md?gemini-image&as=object'
          globalThis.shown = { ...hero }`,
        'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
      })
      const shown = await run(site)
      expect(shown).toMatchObject({ alt: 'Boats', width: 1024, height: 1024, prompt: 'A harbour' })
      await expectShipped(site, { hero: shown['src'] })
    },
  },
  {
    name: 'a macro is the picture, and two that say the same are paid for once',
    async run(host) {
      const macro = `import { geminiImage } from 'unplugin-gemini-image/macro'`
      const { site, gemini } = await built(host, {
        'src/other.js': `${macro}\nexport const other = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })`,
        'src/main.js': `
          ${macro}
          import { other } from './other.js'
          const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
          globalThis.shown = { leaf: leaf.src, other: other.src, alt: leaf.alt, width: leaf.width }`,
      })
      expect(askedPrompts(gemini)).toEqual(['A leaf'])
      const shown = await run(site)
      expect(shown).toMatchObject({ alt: 'Leaf', width: 1024, other: shown['leaf'] })
      await expectShipped(site, { main: shown['leaf'] })
    },
  },
  {
    name: 'new URL() is the URL of the picture',
    needs: 'new-url',
    async run(host) {
      const { site } = await built(host, {
        'src/main.js': `globalThis.shown = { hero: new URL('./hero.prompt.md?gemini-image', import.meta.url).href }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const { hero } = await run(site)
      await expectShipped(site, { hero })
    },
  },
  {
    name: 'url() in a stylesheet is the picture',
    needs: 'css',
    async run(host) {
      const { site } = await built(host, {
        'src/main.js': `import './main.css'`,
        'src/main.css': `main { background: url("./hero.prompt.md?gemini-image") }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      await expectNamed(site, 'hero')
    },
  },
  {
    name: 'src in a page is the picture',
    needs: 'html',
    async run(host) {
      const { site } = await built(host, {
        'index.html': `<!doctype html><title>Page</title><img alt="" src="./src/hero.prompt.md?gemini-image">`,
        'src/main.js': '',
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      await expectNamed(site, 'hero', 'index.html')
    },
  },
  {
    name: 'a picture that refers to another has it drawn before',
    async run(host) {
      const { gemini } = await built(host, {
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('Anna at sea', { references: '[./anna.prompt.md]' }),
        'src/anna.prompt.md': promptFile('Anna'),
      })
      expect(gemini.requests.map(({ prompt }) => prompt)).toEqual(['Anna', 'Anna at sea'])
    },
  },
  {
    name: 'a prompt file that nothing asks for is left alone',
    async run(host) {
      const { gemini } = await built(host, {
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('A harbour'),
        'src/unused.prompt.md': promptFile('Unused'),
      })
      expect(askedPrompts(gemini)).toEqual(['A harbour'])
    },
  },
  {
    name: 'what is missing in frozen mode is one error that lists all of it, with places and prices',
    async run(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `
          import one from './one.prompt.md?gemini-image'
          import two from './two.prompt.md?gemini-image'
          globalThis.shown = { one, two }`,
        'src/one.prompt.md': promptFile('One'),
        'src/two.prompt.md': promptFile('Two'),
      })
      const env = { ...keyed(gemini), CI: 'true' }
      const { errors } = await host.build(site, { env })
      expect(errors).toHaveLength(1)
      expect(errors[0]).toMatch(
        /MISSING_PICTURE[^]*src\/one\.prompt\.md:5:1[^]*src\/two\.prompt\.md:5:1/,
      )
      expect(errors[0]).toMatch(/\$0\.\d\d/)
      expect(gemini.requests).toEqual([])
      expect(await site.list('.gemini-image')).toEqual([])
      expect(await site.list('')).not.toContain('gemini-image.lock')
    },
  },
  {
    name: 'a mistake is an error with its code and place, and nothing is paid for',
    async run(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('A harbour', { aspectRatio: "'7:3'" }),
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(/UNSUPPORTED_ASPECT_RATIO at src\/hero\.prompt\.md:3:14/)
      expect(errors).toHaveLength(1)
      expect(gemini.requests).toEqual([])
    },
  },
  {
    name: 'a prompt file that is not there is an error at the import',
    async run(host) {
      const site = await createSite({
        'src/main.js': `\nimport hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
      })
      const { errors } = await host.build(site, {})
      expect(errors.join('\n')).toMatch(/PROMPT_FILE_NOT_FOUND at src\/main\.js:2:19/)
    },
  },
  {
    name: 'with everything pinned nothing is asked, nothing written, and the same bytes come out',
    async run(host) {
      const files = {
        'src/main.js': `
          import hero from './hero.prompt.md?gemini-image'
          import { geminiImage } from 'unplugin-gemini-image/macro'
          globalThis.shown = { hero, leaf: geminiImage({ prompt: 'A leaf', alt: 'Leaf' }).src }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      }
      const { site, gemini } = await built(host, files)
      const first = await snapshot(site)
      const written = await times(site)
      await site.remove('dist')
      expect(await host.build(site, { env: { ...keyed(gemini), CI: 'true' } })).toEqual(FINE)
      expect(gemini.requests).toHaveLength(2)
      expect(await snapshot(site)).toEqual(first)
      expect(await times(site)).toEqual(written)
    },
  },
  {
    name: 'a picture that is not the one that was pinned is refused, and nothing is shipped',
    async run(host) {
      const { site, gemini } = await built(host, {
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const [object] = await site.list('.gemini-image')
      await site.write(`.gemini-image/${object}`, 'no picture')
      await site.remove('dist')
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(/CORRUPT_OBJECT/)
      expect(errors).toHaveLength(1)
      expect(await site.list('dist')).toEqual([])
    },
  },
  {
    name: 'source maps lead to the source as it was written',
    async run(host) {
      const { site } = await built(host, {
        'src/main.js': [
          `import { geminiImage } from 'unplugin-gemini-image/macro'`,
          `const leaf = geminiImage({`,
          `  prompt: 'A leaf', alt: 'Leaf',`,
          `})`,
          `globalThis.shown = { leaf, mark: 'after the macro' }`,
        ].join('\n'),
      })
      const code = (await site.read('dist/main.js')).split('\n')
      const line = code.findIndex((text) => text.includes('after the macro'))
      const column = code[line]?.indexOf('after the macro') ?? -1
      const map = new SourceMap(JSON.parse(await site.read('dist/main.js.map')) as SourceMapPayload)
      const entry = map.findEntry(line, column) as { originalLine: number; originalSource: string }
      expect(entry.originalSource).toMatch(/src\/main\.js$/)
      expect(entry.originalLine).toBe(4)
    },
  },
  {
    name: 'a macro without the plugin says what to add when it runs',
    async run(host) {
      const site = await createSite({
        'src/main.js': `
          import { geminiImage } from 'unplugin-gemini-image/macro'
          try { geminiImage({ prompt: 'A leaf' }) } catch (error) { globalThis.shown = { error } }`,
      })
      expect(await host.build(site, { options: false })).toMatchObject({ errors: [] })
      const { error } = await run(site)
      expect(String(error)).toMatch(/plugins: \[geminiImage\(\)\]/)
    },
  },
]

const FINE: Built = { errors: [], warnings: [] }

/** A site that was built without an error, with pictures that the fake server has drawn. */
async function built(
  host: Host,
  files: Readonly<Record<string, string>>,
  options: Run['options'] = {},
): Promise<{ site: Site; gemini: FakeGemini }> {
  const gemini = await startGemini()
  const site = await createSite(files)
  expect(await host.build(site, { env: keyed(gemini), options })).toEqual(FINE)
  return { site, gemini }
}

/** Runs what was built, and gives what it shows. */
async function run(site: Site): Promise<Record<string, unknown>> {
  const place = globalThis as { shown?: Record<string, unknown> }
  delete place.shown
  await import(pathToFileURL(site.path('dist/main.js')).href)
  return place.shown ?? {}
}

/** Each URL leads to a file of `dist` that is the very object which the lockfile pins. */
async function expectShipped(site: Site, urls: Readonly<Record<string, unknown>>): Promise<void> {
  const objects = await objectsOf(site)
  for (const url of Object.values(urls)) {
    const name = path.posix.basename(new URL(String(url), 'http://site.example').pathname)
    const files = (await site.list('dist', true)).filter((file) => path.basename(file) === name)
    expect(files, `${String(url)} in dist`).toHaveLength(1)
    const bytes = await site.bytes(`dist/${files[0]}`)
    expect(objects.some((object) => object.equals(bytes))).toBe(true)
  }
}

/** A picture was shipped, and something that was shipped names it. */
async function expectNamed(site: Site, slug: string, by?: string): Promise<void> {
  const files = await site.list('dist', true)
  const picture = await findAsync(files, async (file) => {
    if (!/\.jpe?g$/.test(file)) return false
    const bytes = await site.bytes(`dist/${file}`)
    return (await objectsOf(site)).some((object) => object.equals(bytes))
  })
  expect(picture, `a picture of ${slug} in ${files.join()}`).toBeDefined()
  const texts = files.filter((file) => (by ? file === by : /\.(?:js|css|html)$/.test(file)))
  const shipped = await Promise.all(texts.map((file) => site.read(`dist/${file}`)))
  expect(shipped.join('\n')).toContain(path.basename(picture ?? ''))
  expect(shipped.join('\n')).not.toContain('?gemini-image')
}

async function findAsync<T>(
  list: readonly T[],
  test: (one: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const one of list) if (await test(one)) return one
  return undefined
}

async function objectsOf(site: Site): Promise<Buffer[]> {
  const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  const { entries } = parseLockfile(await site.read('gemini-image.lock'), place)
  return Promise.all([...entries.values()].map(({ file }) => site.bytes(`.gemini-image/${file}`)))
}

/** Every file of `dist`, with its content. */
async function snapshot(site: Site): Promise<Record<string, string>> {
  const files = (await site.list('dist', true)).filter((file) => path.extname(file) !== '')
  const texts = files.map(async (file) => [
    file,
    (await site.bytes(`dist/${file}`)).toString('base64'),
  ])
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>
}

/** When the lockfile and the objects were written. */
async function times(site: Site): Promise<Record<string, number>> {
  const files = [
    'gemini-image.lock',
    ...(await site.list('.gemini-image')).map((one) => `.gemini-image/${one}`),
  ]
  const read = files.map(async (file) => [file, (await stat(site.path(file))).mtimeMs] as const)
  return Object.fromEntries(await Promise.all(read))
}
