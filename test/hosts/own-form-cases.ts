import { expect } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Case } from './cases.ts'
import type { Host } from './host.ts'
import { run, shippedFile } from './output.ts'

const CONFIG = `
  import { defineConfig } from 'unplugin-gemini-image/config'
  import { sized } from './forms/sized.js'

  export default defineConfig({
    forms: {
      sized,
      plain: { value: ([set], { alt }) => Promise.resolve(alt + set.shown.width) },
      both: {
        makes: [{ form: 'og' }, { form: 'icon', size: 64 }],
        value: (sets, _, write) => sets.map(({ sources: [source] }) => write.url(source.files[0].file)),
      },
      badge2: {
        isOneFile: true,
        makes: () => ({ settings: { width: 48, height: 48, density: [1] }, formats: ['png'] }),
        value: ([set], _, write) => write.url(set.sources[0].files[0].file),
      },
    },
  })`

const SIZED = `
  import { defineForm } from 'unplugin-gemini-image/config'

  export const sized = defineForm({
    makes: (asked, { format }) => ({ settings: { widths: [60, 120], ...asked }, formats: ['webp', format] }),
    value: ([set], { alt, looks }, write) => ({
      alt,
      ...set.shown,
      sizes: set.sizes,
      isDark: looks.color.startsWith('#') && looks.placeholder.startsWith('data:image/'),
      'data-sets': set.sources.map(({ type, files }) => [type, write.srcset(files)]),
      css: \`image-set(\${set.sources[0].files.map(({ file }, index) => \`url("\${write.url(file)}") \${index + 1}x\`)})\`,
      none: null,
    }),
  })`

/** Forms of the option `forms`, on every host. */
export const OWN_FORM_CASES: readonly Case[] = [
  {
    name: 'a form of the configuration gives what its function makes of a picture',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `
          import hero, { alt } from './hero.prompt.md?gemini-image&as=sized'
          import square from './hero.prompt.md?ratio=1:1&widths=40&gemini-image&as=sized'
          import plain from './hero.prompt.md?gemini-image&widths=80&as=plain'
          import both from './hero.prompt.md?gemini-image&as=both'
          globalThis.shown = { hero, alt, square, plain, both }`,
      })
      const { hero, alt, square, plain, both } = (await run(site)) as unknown as Shown
      expect([alt, plain]).toEqual(['Boats', 'Boats80'])
      expect(hero).toMatchObject({ alt, width: 120, height: 67, isDark: true, none: null })
      expect(square).toMatchObject({ width: 40, height: 40 })
      const [[type, webp] = [], [other, jpeg] = []] = hero['data-sets']
      expect([type, other]).toEqual(['image/webp', 'image/jpeg'])
      expect(await filesOf(site, webp)).toEqual({ '60w': 'webp 60x33', '120w': 'webp 120x67' })
      expect(await filesOf(site, jpeg)).toEqual({ '60w': 'jpeg 60x33', '120w': 'jpeg 120x67' })
      const urls = [...hero.css.matchAll(/url\("([^"]+)"\)/g)].map(([, url = '']) => url)
      expect(urls).toEqual(webp?.split(', ').map((one) => one.split(' ')[0]))
      expect(await Promise.all(both.map((url) => shipped(site, url)))).toEqual([
        'jpeg 1200x630',
        'png 64x64',
      ])
    },
  },
  {
    name: 'a form of the configuration that is one file stands in a stylesheet',
    needs: 'css',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `import './main.css'`,
        'src/main.css': `main { background: url("./hero.prompt.md?gemini-image&as=badge2") }`,
      })
      const pictures = (await site.list('dist', true)).filter((file) => file.endsWith('.png'))
      expect(pictures).toHaveLength(1)
      expect(await describeImage(await site.bytes(`dist/${pictures[0]}`))).toBe('png 48x48')
    },
  },
  {
    name: 'a form of the configuration that throws is an error at the import',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'gemini-image.config.mjs': `export default { forms: { odd: { value: () => nothing.at(0) } } }`,
        'src/main.js': `\nimport hero from './hero.prompt.md?gemini-image&as=odd'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': HERO,
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      const said = errors.join('\n')
      expect(said).toMatch(/FORM_FAILED at src\/main\.js:2:19[^]*odd[^]*nothing is not defined/)
      expect(said).toMatch(/gemini-image\.config\.mjs:1:\d+[^]*forms\.odd/)
    },
  },
]

const HERO = promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" })

interface Shown {
  readonly alt: string
  readonly plain: string
  readonly both: readonly string[]
  readonly square: object
  readonly hero: {
    readonly css: string
    readonly 'data-sets': readonly (readonly [type: string, srcset: string])[]
  }
}

async function builtSite(host: Host, files: Readonly<Record<string, string>>): Promise<Site> {
  const gemini = await startGemini()
  const site = await createSite({
    'gemini-image.config.mjs': CONFIG,
    'forms/sized.js': SIZED,
    'src/hero.prompt.md': HERO,
    ...files,
  })
  expect(await host.build(site, { env: keyed(gemini) })).toEqual({ errors: [], warnings: [] })
  expect(gemini.requests).toHaveLength(1)
  return site
}

/** What the files of a srcset hold, by descriptor. */
async function filesOf(site: Site, srcset: string = ''): Promise<Record<string, string>> {
  const candidates = srcset.split(', ').map((candidate) => candidate.split(' '))
  const described = candidates.map(async ([url = '', descriptor = '']) => {
    return [descriptor, await shipped(site, url)] as const
  })
  return Object.fromEntries(await Promise.all(described))
}

async function shipped(site: Site, url: string): Promise<string> {
  const bytes = url.startsWith('data:')
    ? Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
    : await site.bytes(await shippedFile(site, url))
  return describeImage(bytes)
}
