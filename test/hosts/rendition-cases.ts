import path from 'node:path'
import sharp from 'sharp'
import { ogMeta, ogTags, type RenderedPreview } from 'unplugin-gemini-image/og'
import { expect } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { readPacket } from '../support/xmp.ts'
import type { Host, Run } from './host.ts'
import type { Case } from './cases.ts'
import { OWN_FORM_CASES } from './own-form-cases.ts'
import { run, shippedFile, snapshot } from './output.ts'

/** `as=picture` and the like, on every host. */
export const RENDITION_CASES: readonly Case[] = [
  {
    name: 'as=picture is the picture in sizes and formats, each labelled',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `
          import hero, { alt, width, height, color, placeholder } from './hero.prompt.md?gemini-image&widths=300;600&as=picture'
          globalThis.shown = { hero, alt, width, height, color, placeholder }`,
        'src/hero.prompt.md': HERO,
      })
      const { hero, ...shown } = (await run(site)) as { hero: Picture } & Record<string, unknown>
      expect(shown).toMatchObject({ alt: 'Boats', width: 600, height: 335 })
      expect(shown['color']).toMatch(/^#[0-9a-f]{6}$/)
      expect(String(shown['placeholder']).length).toBeLessThan(1024)
      expect(hero).toMatchObject({ color: shown['color'], placeholder: shown['placeholder'] })
      expect(hero.sources.map(({ type }) => type)).toEqual(['image/avif', 'image/webp'])
      const sizes = '(min-width: 600px) 600px, 100vw'
      expect(hero.img).toMatchObject({ alt: 'Boats', width: 600, height: 335, sizes })
      const srcsets = [...hero.sources, hero.img].map(({ srcset }) => srcset)
      for (const [index, format] of ['heif', 'webp', 'jpeg'].entries()) {
        expect(await readSrcset(site, srcsets[index] ?? '')).toEqual({
          '300w': `${format} 300x167 labelled`,
          '600w': `${format} 600x335 labelled`,
        })
      }
      expect(srcsets[2]).toContain(`${hero.img.src} 600w`)
      // Of several, a browser takes one: none of them is part of the script.
      expect(srcsets.join()).not.toContain('data:')
    },
  },
  {
    name: 'as=img, as=srcset and as=url are cut to a ratio and encoded once',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `
          import img from './hero.prompt.md?gemini-image&ratio=1:1&widths=200;400&as=img'
          import srcset from './hero.prompt.md?gemini-image&ratio=1:1&widths=200;400&as=srcset'
          import url from './hero.prompt.md?gemini-image&width=120&height=80&density=1&formats=png&as=url'
          globalThis.shown = { img, srcset, url }`,
        'src/hero.prompt.md': HERO,
      })
      const shown = await run(site)
      const { img, srcset, url } = shown as { img: Picture['img']; srcset: string; url: string }
      expect(img).toMatchObject({ width: 400, height: 400, alt: 'Boats', srcset })
      expect(await readSrcset(site, srcset)).toEqual({
        '200w': 'webp 200x200 labelled',
        '400w': 'webp 400x400 labelled',
      })
      expect(await readSrcset(site, `${url} 1x`)).toEqual({ '1x': 'png 120x80 labelled' })
    },
  },
  {
    name: 'a macro gives renditions, of the picture that another macro declares alike',
    async check(host) {
      const site = await builtSite(
        host,
        {
          'src/main.js': `
          import { geminiImage, geminiPicture as picture } from 'unplugin-gemini-image/macro'
          const whole = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
          const small = picture({ prompt: 'A leaf', alt: 'Leaf', rendition: { widths: [120, 240], formats: ['webp', 'png'] } })
          const square = picture({ prompt: 'A leaf', alt: 'Leaf', rendition: { preset: 'tile' } })
          globalThis.shown = { whole, small, square }`,
        },
        { presets: { tile: { width: 90, height: 60, density: [1], formats: ['png'] } } },
      )
      const shown = await run(site)
      const { small, square } = shown as { small: Picture; square: Picture }
      expect(shown['whole']).toMatchObject({ alt: 'Leaf', width: 1024 })
      expect(small.img).toMatchObject({ alt: 'Leaf', width: 240 })
      expect(await readSrcset(site, small.sources[0]?.srcset ?? '')).toEqual({
        '120w': 'webp 120x120 labelled',
        '240w': 'webp 240x240 labelled',
      })
      expect(await readSrcset(site, square.img.srcset)).toEqual({ '1x': 'png 90x60 labelled' })
    },
  },
  {
    name: 'as=url in a stylesheet is one file of the size that is asked for',
    needs: 'css',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `import './main.css'`,
        'src/main.css': `main { background: url("./hero.prompt.md?gemini-image&as=url&widths=240&formats=webp") }`,
        'src/hero.prompt.md': HERO,
      })
      expect(await shippedImages(site)).toEqual(['webp 240x134 labelled'])
    },
  },
  {
    name: 'as=url in a page is one file of the size that is asked for',
    needs: 'html',
    async check(host) {
      const site = await builtSite(host, {
        'index.html': `<!doctype html><title>Page</title><img alt="" src="./src/hero.prompt.md?gemini-image&as=url&widths=240&formats=webp">`,
        'src/main.js': '',
        'src/hero.prompt.md': HERO,
      })
      expect(await shippedImages(site)).toEqual(['webp 240x134 labelled'])
    },
  },
  {
    name: 'as=url in new URL() is one file of the size that is asked for',
    needs: 'new-url',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `globalThis.shown = { hero: new URL('./hero.prompt.md?gemini-image&as=url&widths=240&formats=webp', import.meta.url).href }`,
        'src/hero.prompt.md': HERO,
      })
      expect(await shippedImages(site)).toEqual(['webp 240x134 labelled'])
    },
  },
  {
    name: 'as=icons is all icons of a site, and as=og the picture beside a link',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `
          import icons from './hero.prompt.md?gemini-image&as=icons'
          import og from './hero.prompt.md?gemini-image&as=og'
          import icon from './hero.prompt.md?gemini-image&size=64&as=icon'
          import maskable from './hero.prompt.md?gemini-image&as=maskable'
          import apple from './hero.prompt.md?gemini-image&as=apple-touch-icon'
          globalThis.shown = { icons, og, icon, maskable, apple }`,
        'src/hero.prompt.md': HERO,
      })
      const { icons, og, icon, maskable, apple } = (await run(site)) as unknown as Shown
      expect(og).toMatchObject({ width: 1200, height: 630, type: 'image/jpeg', alt: 'Boats' })
      expect(await read(site, og.src)).toBe('jpeg 1200x630 labelled')
      expect(icon).toMatchObject({ sizes: '64x64', type: 'image/png', purpose: 'any' })
      expect(await read(site, icon.src)).toBe('png 64x64 labelled')
      const manifest = icons.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)
      expect(manifest).toEqual(['192x192 any', '512x512 any', '512x512 maskable'])
      for (const { src, sizes } of [...icons.icons, icons.appleTouchIcon]) {
        expect(await read(site, src)).toBe(`png ${sizes} labelled`)
      }
      expect([maskable, apple]).toEqual([icons.icons.at(-1), icons.appleTouchIcon])
      expect(await readIco(site, icons.favicon.src)).toEqual(['16x16', '32x32', '48x48'])
      expect(icons.links.map(({ rel, sizes }) => `${rel} ${sizes}`)).toEqual([
        'icon 48x48 32x32 16x16',
        'icon 192x192',
        'icon 512x512',
        'apple-touch-icon 180x180',
      ])
    },
  },
  {
    name: 'as=og, as=og-square and as=og-portrait, and the tags that name them',
    async check(host) {
      const site = await builtSite(host, {
        'src/main.js': `
          import og from './hero.prompt.md?gemini-image&as=og'
          import square from './hero.prompt.md?gemini-image&as=og-square'
          import portrait from './hero.prompt.md?gemini-image&as=og-portrait'
          globalThis.shown = { og, square, portrait }`,
        'src/hero.prompt.md': HERO.replace('alt: Boats', `alt: '"Boats" & <birds>'`),
      })
      const shown = (await run(site)) as Record<string, RenderedPreview>
      // Some hosts have addresses of the file system where no browser runs.
      const [og, square, portrait] = ['og', 'square', 'portrait'].map((name) => {
        const one = shown[name] as RenderedPreview
        return { ...one, src: new URL(one.src, 'https://site.example').pathname }
      }) as [RenderedPreview, RenderedPreview, RenderedPreview]
      expect(square).toMatchObject({ width: 1200, height: 1200, type: 'image/jpeg' })
      expect(await read(site, square.src)).toBe('jpeg 1200x1200 labelled')
      expect(await read(site, portrait.src)).toBe('jpeg 1000x1500 labelled')
      const page = { site: new URL('https://site.example') }
      const tags = ogTags([square, portrait], page)
      const [{ content: src } = { content: '' }, ...others] = ogMeta(og, page)
      expect(src).toMatch(/^https:\/\/site\.example\/.*\.jpg$/)
      expect(await read(site, src)).toBe('jpeg 1200x630 labelled')
      expect(others).toEqual([
        { property: 'og:image:type', content: 'image/jpeg' },
        { property: 'og:image:width', content: '1200' },
        { property: 'og:image:height', content: '630' },
        { property: 'og:image:alt', content: '"Boats" & <birds>' },
        { name: 'twitter:card', content: 'summary_large_image' },
      ])
      const lines = tags.split('\n')
      expect(lines.filter((line) => line.startsWith('<meta property="og:image" '))).toHaveLength(2)
      expect(lines).toContain(
        '<meta property="og:image:alt" content="&quot;Boats&quot; &amp; &lt;birds&gt;">',
      )
      expect(lines.at(-1)).toBe('<meta name="twitter:card" content="summary">')
    },
  },
  {
    name: 'as=favicon and as=og in the head of a page are files',
    needs: 'html',
    async check(host) {
      const site = await builtSite(host, {
        'index.html': `<!doctype html><title>Page</title>
          <link rel="icon" href="./src/hero.prompt.md?gemini-image&as=favicon">
          <meta property="og:image" content="./src/hero.prompt.md?gemini-image&as=og">`,
        'src/main.js': '',
        'src/hero.prompt.md': HERO,
      })
      expect(await shippedImages(site)).toEqual(['jpeg 1200x630 labelled'])
      const page = await site.read('dist/index.html')
      const [, icon = ''] = /<link rel="?icon"? href="?([^"\s>]+)/.exec(page) ?? []
      expect(await readIco(site, icon)).toEqual(['16x16', '32x32', '48x48'])
      expect(page).not.toContain('prompt.md')
    },
  },
  {
    name: 'by=language is a picture for each language, in every form',
    async check(host) {
      const site = await builtSite(
        host,
        {
          'src/main.js': `
          import files, { alt } from './poster.prompt.md?gemini-image&by=language'
          import objects from './poster.prompt.md?gemini-image&as=object&by=language'
          import pictures from './poster.prompt.md?gemini-image&widths=300&formats=webp&as=picture&by=language'
          import texts from './hero.prompt.md?gemini-image&widths=300&as=img&by=language'
          globalThis.shown = { files, alt, objects: Object.entries(objects).map(([language, { src, alt }]) => [language, src, alt]), pictures, texts }`,
          'src/poster.prompt.md': promptFile('A poster in {{language}}', {
            alt: '{ en: A poster, de: Ein Plakat }',
            each: '{ language: [en, de] }',
          }),
          'src/hero.prompt.md': promptFile('A harbour', { alt: '{ en: Boats, pt-BR: Barcos }' }),
        },
        {},
        { calls: 3, drawing: 'scene' },
      )
      const shown = (await run(site)) as unknown as ByLanguage
      const { files, alt, objects, pictures, texts } = shown
      expect(alt).toEqual({ en: 'A poster', de: 'Ein Plakat' })
      expect(objects).toEqual([
        ['en', files['en'], 'A poster'],
        ['de', files['de'], 'Ein Plakat'],
      ])
      const [english, german] = await Promise.all(
        Object.values(files).map((src) => bytesOf(site, src)),
      )
      expect(english?.equals(german ?? Buffer.alloc(0))).toBe(false)
      const images = Object.values(pictures).map(({ img }) => img)
      expect(images.map((img) => img.alt)).toEqual(['A poster', 'Ein Plakat'])
      expect(images[0]?.src).not.toBe(images[1]?.src)
      for (const { src } of images) expect(await read(site, src)).toBe('webp 300x300 labelled')
      expect(Object.keys(texts)).toEqual(['en', 'pt-BR'])
      expect({ ...texts['en'], alt: 'Barcos' }).toEqual(texts['pt-BR'])
    },
  },
  {
    name: 'as=sheet is all pictures of a set in one file, and where each of them is',
    async check(host) {
      const site = await builtSite(
        host,
        {
          'src/main.js': `
            import sheet, { width, format } from './fox.prompt.md?gemini-image&size=96&as=sheet'
            import walk from './fox.prompt.md?gemini-image&each=walk left&width=96&density=1&as=img'
            globalThis.shown = { sheet, width, format, walk }`,
          'src/fox.prompt.md': FOX,
        },
        {},
        { calls: 3 },
      )
      const shown = await run(site)
      const { sheet, walk } = shown as { sheet: Sheet; walk: Picture['img'] }
      expect(shown).toMatchObject({ width: sheet.width, format: 'png' })
      expect(await read(site, sheet.src)).toBe(`png ${sheet.width}x${sheet.height} labelled`)
      expect(sheet.meta).toMatchObject({
        image: sheet.src,
        size: { w: sheet.width, h: sheet.height },
      })
      expect(Object.keys(sheet.frames)).toEqual(['idle', 'walk left', 'jump'])
      for (const { sourceSize } of Object.values(sheet.frames)) {
        expect(sourceSize).toEqual({ w: 96, h: 96 })
      }
      expect(walk).toMatchObject({ width: 96, height: 96, alt: 'A fox: walk left' })
    },
  },
  {
    name: 'renditions that are there are not made again, and give the same bytes',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `import hero from './hero.prompt.md?gemini-image&widths=300&as=picture'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': HERO,
      })
      await host.build(site, { env: keyed(gemini) })
      const first = await snapshot(site)
      await site.remove('dist')
      // Bytes of ours: whoever made them again would write over them.
      const cache = 'node_modules/.cache/gemini-image/renditions'
      const files = (await site.list(cache, true)).filter((file) => /-300\.\w+$/.test(file))
      expect(files).toHaveLength(3)
      expect(await host.build(site, { env: { CI: 'true' } })).toMatchObject({ errors: [] })
      expect(await snapshot(site)).toEqual(first)
      await site.remove(cache)
      await site.remove('dist')
      expect(await host.build(site, { env: { CI: 'true' } })).toMatchObject({ errors: [] })
      expect(await snapshot(site)).toEqual(first)
      expect(gemini.requests).toHaveLength(1)
    },
  },
  {
    name: 'more than a file is an error at the url() that takes one',
    needs: 'css',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `import './main.css'`,
        'src/main.css': `main {\n  background: url("./hero.prompt.md?gemini-image&as=picture")\n}`,
        'src/hero.prompt.md': HERO,
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(/INVALID_RENDITION at src\/main\.css:2:20[^]*as=url/)
    },
  },
  {
    name: 'by=language is an error at the url() that takes one file',
    needs: 'css',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `import './main.css'`,
        'src/main.css': `main {\n  background: url("./hero.prompt.md?gemini-image&by=language")\n}`,
        'src/hero.prompt.md': promptFile('A harbour', { alt: '{ en: Boats, de: Boote }' }),
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(/INVALID_RENDITION at src\/main\.css:2:20[^]*\?each=en/)
    },
  },
  {
    name: 'a rendition that cannot be made is an error at the import, and nothing is encoded',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `\nimport hero from './hero.prompt.md?gemini-image&widths=wide&as=picture'\nglobalThis.shown = { hero }`,
        'src/hero.prompt.md': HERO,
      })
      const { errors } = await host.build(site, { env: keyed(gemini) })
      expect(errors.join('\n')).toMatch(/INVALID_RENDITION at src\/main\.js:2:19[^]*widths[^]*wide/)
      expect(await site.list('node_modules/.cache/gemini-image/renditions')).toEqual([])
    },
  },
  ...OWN_FORM_CASES,
]

const FOX = promptFile('A fox', {
  alt: "'A fox: {{sheet}}'",
  transparent: 'true',
  sheet: '[idle, walk left, jump]',
})

const HERO = promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" })

interface Picture {
  readonly sources: readonly { readonly type: string; readonly srcset: string }[]
  readonly img: { readonly src: string; readonly srcset: string; readonly alt: string }
}

async function builtSite(
  host: Host,
  files: Readonly<Record<string, string>>,
  options: Run['options'] = {},
  { calls = 1, ...drawing }: { calls?: number; drawing?: 'scene' } = {},
): Promise<Site> {
  const gemini = await startGemini(drawing)
  const site = await createSite(files)
  const built = await host.build(site, { env: keyed(gemini), options })
  expect(built).toEqual({ errors: [], warnings: [] })
  expect(gemini.requests).toHaveLength(calls)
  return site
}

interface ByLanguage {
  readonly files: Readonly<Record<string, string>>
  readonly alt: Readonly<Record<string, string>>
  readonly objects: readonly (readonly string[])[]
  readonly pictures: Readonly<Record<string, Picture>>
  readonly texts: Readonly<Record<string, Picture['img']>>
}

interface Sheet {
  readonly src: string
  readonly width: number
  readonly height: number
  readonly frames: Readonly<Record<string, { readonly sourceSize: unknown }>>
  readonly meta: unknown
}

interface Shown {
  readonly og: { readonly src: string }
  readonly icon: Icon
  readonly maskable: Icon
  readonly apple: Icon
  readonly icons: {
    readonly favicon: Icon
    readonly icons: readonly Icon[]
    readonly appleTouchIcon: Icon
    readonly links: readonly { readonly rel: string; readonly sizes: string }[]
  }
}

interface Icon {
  readonly src: string
  readonly sizes: string
  readonly purpose?: string
}

/** What is behind a URL. */
async function bytesOf(site: Site, url: string): Promise<Buffer> {
  return url.startsWith('data:')
    ? Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
    : site.bytes(await shippedFile(site, url))
}

async function read(site: Site, url: string): Promise<string> {
  return describe(await bytesOf(site, url))
}

/** The images of an icon file, decoded: `16x16`. */
async function readIco(site: Site, url: string): Promise<string[]> {
  const ico = await bytesOf(site, url)
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
  const images = Array.from({ length: ico.readUInt16LE(4) }, async (_, index) => {
    const entry = ico.subarray(6 + 16 * index)
    const start = entry.readUInt32LE(12)
    const png = ico.subarray(start, start + entry.readUInt32LE(8))
    const { info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect([entry.readUInt8(0), entry.readUInt8(1)]).toEqual([info.width, info.height])
    return `${info.width}x${info.height}`
  })
  return Promise.all(images)
}

/** What the files of a srcset hold, by descriptor. */
async function readSrcset(site: Site, srcset: string): Promise<Record<string, string>> {
  const candidates = srcset.split(', ').map((candidate) => candidate.split(' '))
  const described = candidates.map(async ([url = '', descriptor = '']) => {
    return [descriptor, await read(site, url)] as const
  })
  return Object.fromEntries(await Promise.all(described))
}

/** What all images in `dist` hold. */
async function shippedImages(site: Site): Promise<string[]> {
  const files = await site.list('dist', true)
  const images = files.filter((file) => /\.(?:avif|jpe?g|png|webp)$/.test(path.basename(file)))
  return Promise.all(images.map(async (file) => describe(await site.bytes(`dist/${file}`))))
}

/** Read back from the bytes: `webp 300x167 labelled`. */
async function describe(bytes: Buffer): Promise<string> {
  const { format, width, height, xmp } = await sharp(bytes).metadata()
  const label = xmp ? Object.values(readPacket(xmp)) : []
  const isLabelled = label.some((value) => value.endsWith('/trainedAlgorithmicMedia'))
  return `${format} ${width}x${height} ${isLabelled ? 'labelled' : 'without a label'}`
}
