import { SourceMap, type SourceMapPayload } from 'node:module'
import { expect } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Ability, Built, Host, Run } from './host.ts'
import { expectNamed, expectShipped, run, snapshot, times } from './output.ts'

/** What every host is to do alike. */
export interface Case {
  readonly name: string
  /** Only for hosts that have it. */
  readonly needs?: Ability
  check(host: Host): Promise<void>
}

/** A row of cases that a build and a look at its output decide. */
export const CASES: readonly Case[] = [
  {
    name: 'an import is the URL of the picture, with all that is known of it beside it',
    async check(host) {
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
    async check(host) {
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
    async check(host) {
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
    async check(host) {
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
    async check(host) {
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
    async check(host) {
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
    async check(host) {
      const { gemini } = await built(host, {
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('Anna at sea', { references: '[./anna.prompt.md]' }),
        'src/anna.prompt.md': promptFile('Anna'),
      })
      expect(gemini.requests.map(({ prompt }) => prompt)).toEqual(['Anna', 'Anna at sea'])
    },
  },
  {
    name: 'the pictures of a set, and of an earlier turn, are those that are asked for',
    async check(host) {
      const { site, gemini } = await built(host, {
        'src/main.js': `
          import york from './poster.prompt.md?gemini-image&each=New%20York'
          import same from './poster.prompt.md?gemini-image&each=New York'
          import code, { alt } from './poster.prompt.md?each=C#&gemini-image'
          import coded from './poster.prompt.md?gemini-image&each=C%23'
          import small, { width } from './poster.prompt.md?each=New York&width=100&as=url&gemini-image'
          import draft from './room.prompt.md?gemini-image&turn=0'
          import room from './room.prompt.md?gemini-image'
          import whole from './room.prompt.md?gemini-image&turn=1'
          globalThis.shown = { york, same, code, coded, alt, small, width, draft, room, whole }`,
        'src/poster.prompt.md': promptFile('The words {{words}}', {
          alt: 'A poster, {{words}}',
          each: '{ words: [New York, "C#", Nobody asks] }',
        }),
        'src/room.prompt.md': promptFile('A room', { turns: '[At night]' }),
      })
      expect(askedPrompts(gemini).toSorted()).toEqual([
        'A room',
        'A room\nAt night',
        'The words C#',
        'The words New York',
      ])
      const { alt, width, small, whole, same, coded, ...originals } = await run(site)
      expect({ alt, width, whole, same, coded }).toEqual({
        alt: 'A poster, C#',
        width: 100,
        whole: originals['room'],
        same: originals['york'],
        coded: originals['code'],
      })
      expect(new Set(Object.values(originals)).size).toBe(4)
      expect(Object.values(originals)).not.toContain(small)
      await expectShipped(site, originals)
      await site.remove('dist')
      expect(await host.build(site, { env: { CI: 'true' } })).toEqual(FINE)
      await expectShipped(site, originals)
    },
  },
  {
    name: 'what is not in a set is an error before anything is paid for',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `
          import one from './poster.prompt.md?gemini-image&each=Spanich'
          globalThis.shown = { one }`,
        'src/poster.prompt.md': promptFile('Hello in {{language}}', {
          each: '{ language: [English, Spanish] }',
        }),
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(
        /NOT_IN_SET at src\/poster\.prompt\.md:3:7[^]*src\/main\.js asks for it[^]*Did you mean "Spanish"/,
      )
      expect(gemini.requests).toEqual([])
    },
  },
  {
    name: 'a prompt file that nothing asks for is left alone',
    async check(host) {
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
    async check(host) {
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
    async check(host) {
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
    async check(host) {
      const site = await createSite({
        'src/main.js': `\nimport hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
      })
      const { errors } = await host.build(site, {})
      expect(errors.join('\n')).toMatch(/PROMPT_FILE_NOT_FOUND at src\/main\.js:2:19/)
    },
  },
  {
    name: 'with everything pinned nothing is asked, nothing written, and the same bytes come out',
    async check(host) {
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
    name: 'a picture whose bytes are not those that are pinned is not shipped',
    async check(host) {
      const { site, gemini } = await built(host, {
        'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const [object = ''] = await site.list('.gemini-image')
      await site.remove('dist')
      await site.write(`.gemini-image/${object}`, 'other bytes')
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toContain('CORRUPT_OBJECT')
      expect(await site.list('dist', true)).toEqual([])
      expect(gemini.requests).toHaveLength(1)
    },
  },
  {
    name: 'source maps lead to the source as it was written',
    needs: 'source-maps',
    async check(host) {
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
    name: 'pictures without alternative text are an error before anything is paid for',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `
          import hero from './hero.prompt.md?gemini-image'
          import leaf from './leaf.prompt.md?gemini-image'
          globalThis.shown = { hero, leaf }`,
        'src/hero.prompt.md': promptFile('A harbour', { alt: '' }),
        'src/leaf.prompt.md': promptFile('A leaf', { alt: '', altDraft: 'A leaf, unseen' }),
      })
      for (const mode of ['auto', 'frozen', 'placeholder'] as const) {
        const run = { env: keyed(gemini), options: { mode } }
        const said = (await host.build(site, run)).errors.join('\n')
        for (const place of ['src/hero.prompt.md:5:1', 'src/leaf.prompt.md:6:1']) {
          expect(said).toContain(`MISSING_ALT at ${place}`)
        }
      }
      expect(gemini.requests).toEqual([])
      await site.write('src/hero.prompt.md', promptFile('A harbour', { alt: "''" }))
      await site.write('src/leaf.prompt.md', promptFile('A leaf'))
      expect(await host.build(site, { env: keyed(gemini) })).toEqual(FINE)
    },
  },
  {
    name: 'a macro without the plugin says what to add when it runs',
    async check(host) {
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
