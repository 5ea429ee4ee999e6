import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { promptFile } from '../support/site.ts'
import { KEY } from '../support/vite.ts'
import { buildAstro, serveBuilt } from './support/run.ts'
import { astroConfig, createAstroSite, NODE_SERVER, type AstroSite } from './support/site.ts'

const PAGE = `---
import { ClientRouter } from 'astro:transitions'
import { Image } from 'astro:assets'
import { getEntry } from 'astro:content'
import { GeminiImage } from 'astro-gemini-image/components'
import { geminiImage } from 'astro-gemini-image/macro'
import fence, { alt } from '../fence.prompt.md?gemini-image'
const { data: { cover } } = await getEntry('blog', 'harbour')
const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
---
<html lang={Astro.currentLocale ?? 'en'}><head><title>Blog</title><ClientRouter /></head><body>
  <Image src={cover} alt={cover.alt} transition:name="cover" />
  <Image src={fence} alt={alt} />
  <Image src={leaf} alt={leaf.alt} />
  <GeminiImage prompt="A fox" alt="Fox" />
</body></html>
`

const FILES = {
  'src/content.config.ts': `
    import { defineCollection } from 'astro:content'
    import { glob } from 'astro/loaders'
    import { z } from 'astro/zod'
    import { geminiImage } from 'astro-gemini-image/schema'
    const schema = ({ image }) => z.object({ cover: geminiImage({ image }) })
    export const collections = {
      blog: defineCollection({ loader: glob({ base: './src/blog', pattern: '**/*.md' }), schema }),
    }`,
  'src/blog/harbour.md': '---\ncover: { prompt: A harbour, alt: Boats }\n---\n\nText.\n',
  'src/fence.prompt.md': promptFile('In the fence', { alt: 'Fence' }),
  'src/pages/index.astro': PAGE,
}

const ALTS = ['Boats', 'Fence', 'Leaf', 'Fox']

/** The pictures of a page: alternative text → address. */
function picturesIn(html: string): Record<string, string> {
  const tags = [...html.matchAll(/<img[^>]*>/g)].map(([tag]) => tag)
  const attribute = (name: string, tag: string): string =>
    new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? ''
  return Object.fromEntries(tags.map((tag) => [attribute('alt', tag), attribute('src', tag)]))
}

async function shippedText(site: AstroSite): Promise<string> {
  const names = await site.list('dist', true)
  const texts = names.filter((name) => /\.(?:m?js|html|json|css)$/.test(name))
  const read = texts.map((name) => readFile(site.path(`dist/${name}`), 'utf8'))
  return (await Promise.all(read)).join('\n')
}

// The oldest and the newest: what hands out originals has changed between them.
describe.each([5, 7] as const)('hosting of Astro %i', (major) => {
  test('base, assetsPrefix, build.assets, locales and view transitions go on working', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, {
      ...FILES,
      'src/pages/de/index.astro': PAGE.replaceAll("'../", "'../../"),
      ...astroConfig({
        settings: `base: '/notes', build: { assets: 'static', assetsPrefix: 'https://cdn.example' },
          i18n: { locales: ['en', 'de'], defaultLocale: 'en' },`,
      }),
    })
    await buildAstro(site, { gemini })
    expect(gemini.requests).toHaveLength(4)
    for (const page of ['index.html', 'de/index.html']) {
      const html = await site.read(`dist/${page}`)
      expect(html).toContain(page.startsWith('de') ? 'lang="de"' : 'lang="en"')
      expect(html).toContain('data-astro-transition-scope')
      const pictures = picturesIn(html)
      expect(Object.keys(pictures)).toEqual(ALTS)
      for (const src of Object.values(pictures)) {
        expect(src).toMatch(/^https:\/\/cdn\.example\/static\/[\w.-]+\.webp$/)
        const file = src.replace('https://cdn.example/', 'dist/')
        expect(await describeImage(await site.bytes(file))).toBe('webp 1024x1024')
      }
    }
    // Astro deletes originals that only derivatives stand for. Before Astro 7, it copies the images in
    // content, which counts as a use of the original.
    const images = (await site.list('dist/static')).filter((name) => /\.(?:jpg|webp)$/.test(name))
    const originals = images.filter((name) => name.endsWith('.jpg'))
    expect(originals.map((name) => name.split('.')[0])).toEqual(major < 7 ? ['harbour-cover'] : [])
    const others = images.filter((name) => !name.startsWith('harbour-cover.'))
    expect(others).toHaveLength(3)
  })

  test('a server renders pages on demand and beforehand, without lockfile, store or key', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, {
      ...FILES,
      'src/pages/before.astro': PAGE.replace('---', '---\nexport const prerender = true'),
      ...astroConfig(NODE_SERVER),
    })
    await buildAstro(site, { gemini })
    expect(gemini.requests).toHaveLength(4)
    for (const path of ['gemini-image.lock', '.gemini-image', 'src']) await site.remove(path)
    const { url } = await serveBuilt(site)
    for (const page of ['/', '/before']) {
      const pictures = picturesIn(await (await fetch(url + page)).text())
      expect(Object.keys(pictures)).toEqual(ALTS)
      for (const src of Object.values(pictures)) {
        const answer = await fetch(url + src)
        expect(answer.status).toBe(200)
        if (major > 5) expect(answer.headers.get('content-type')).toBe('image/webp')
        const bytes = new Uint8Array(await answer.arrayBuffer())
        // In a server build, Astro 5 hands out originals for pages that are rendered beforehand.
        expect(await describeImage(bytes)).toMatch(major === 5 ? /1024x1024$/ : /^webp 1024x1024$/)
      }
    }
    expect(await shippedText(site)).not.toContain(KEY)
  })
})

test('a picture of the newest Astro comes through where its image plugin has another name', async () => {
  const gemini = await startGemini()
  const renamed = `{
    name: 'renames', enforce: 'pre',
    configResolved({ plugins }) {
      for (const one of plugins) if (one.name === 'astro:assets:esm') one.name = 'astro:some-day'
    },
  }`
  const settings = `vite: { plugins: [${renamed}] },`
  const site = await createAstroSite(7, { ...FILES, ...astroConfig({ settings }) })
  await buildAstro(site, { gemini })
  const pictures = picturesIn(await site.read('dist/index.html'))
  expect(Object.keys(pictures)).toEqual(ALTS)
  for (const src of Object.values(pictures)) {
    expect(await describeImage(await site.bytes(`dist${src}`))).toBe('webp 1024x1024')
  }
})
