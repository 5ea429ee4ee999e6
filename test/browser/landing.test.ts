import { afterAll, expect, test } from 'vitest'
import { astro } from '../astro/support/run.ts'
import { astroConfig, createAstroSite } from '../astro/support/site.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { addFonts } from '../layers/site.ts'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { servedAt } from '../support/preview.ts'
import { expectScenes, HERO } from '../support/scenes.ts'
import { createSite, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { frameworksShowing } from './frameworks.ts'

afterAll(closeBrowser)

/** For phones and desks, by day and by night, with a title in the language of the page. */
const PICTURE = `---
each: { language: [en, de] }
vars: { title: { en: Boats that come home late, de: 'Boote, die spät heimkommen' } }
alt: '{{title}}'
aspectRatio: 16:9
scenes:
  phone: { aspectRatio: 9:16, media: '(max-width: 600px)' }
  dark: { prompt: The same harbour at night., scheme: dark }
  late: { from: phone, prompt: The same harbour at night., scheme: dark }
layers:
  - scrim: bottom
  - { text: '{{title}}', font: /fonts/latin.woff, size: 10 }
---

A harbour
`

const SPECIFIER = `${HERO}&by=language`

/** Makes sure that the price of every scene in every language is said before it is drawn, and what they share is counted once. */
async function expectPlan(site: Site, gemini: FakeGemini): Promise<void> {
  const { output } = await runCommand(site.root, ['plan'], keyed(gemini))
  for (const language of ['en', 'de']) {
    for (const scene of ['', '-phone', '-dark', '-late']) {
      const row = new RegExp(`^missing +hero-${language}${scene} .*\\$0\\.\\d+–`, 'm')
      expect(output).toMatch(row)
    }
  }
  expect(output).toContain('8 missing. To generate what is missing costs $0.1412–$0.1592.')
  expect(gemini.requests).toEqual([])
}

/** Makes sure that every page shows one file, and that the words are in it in its own language. */
async function expectPages(site: Site, addressOf: (language: string) => string): Promise<void> {
  for (const language of ['en', 'de']) {
    await expectScenes(addressOf(language), false, `hero-${language}`)
  }
  const files = (await site.list('dist', true)).filter((name) => /hero-.*\.avif$/.test(name))
  const contents = await Promise.all(files.map((name) => site.bytes(`dist/${name}`)))
  const different = new Set(contents.map((bytes) => bytes.toString('base64')))
  expect([...different]).toHaveLength(files.length)
  expect(files.length).toBeGreaterThanOrEqual(8)
}

test.skipIf(skipBrowser)('a landing page by shape, light and language', async () => {
  const gemini = await startGemini({ drawing: 'scene' })
  const { React } = frameworksShowing(SPECIFIER, 'document.documentElement.lang')
  const site = await createSite({
    ...React?.files,
    'index.html': `<!doctype html><html lang="en"><title>Page</title>
<script>document.documentElement.lang = new URLSearchParams(location.search).get('lang')</script>
<style>body { margin: 0 } .wide { display: block; width: 100%; height: auto }</style>
<div id="app"></div><script type="module" src="/src/main.js"></script></html>`,
    'src/hero.prompt.md': PICTURE,
    'gemini-image.config.mjs': `export default { languages: ['en', 'de'] }\n`,
  })
  await addFonts(site)
  await expectPlan(site, gemini)
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(4)
  await buildSite(site, { options: { mode: 'frozen' } })
  expect(gemini.requests).toHaveLength(4)
  const address = await servedAt(site)
  await expectPages(site, (language) => `${address}?lang=${language}`)
})

const PAGE = `---
import { GeminiPicture } from 'astro-gemini-image/components'
import { getCollection } from 'astro:content'
import hero from '../../${SPECIFIER.slice(2)}'
export const getStaticPaths = () => [{ params: { lang: undefined } }, { params: { lang: 'de' } }]
const locale = Astro.currentLocale
const posts = (await getCollection('posts')).filter(({ data }) => data.lang === locale)
---
<!doctype html><html lang={locale}><head><title>Blog</title>
<style is:global>body { margin: 0 } .wide { display: block; width: 100%; height: auto }</style></head>
<body><GeminiPicture picture={hero} class="wide" loading="eager" />
<ul id="below">{posts.map(({ data }) => <li data-cover={data.cover.src}>{data.title}: {data.cover.alt}</li>)}</ul></body></html>
`

test.skipIf(skipBrowser)('an Astro blog by shape, light and language', async () => {
  const gemini = await startGemini({ drawing: 'scene' })
  const post = (lang: string, title: string): string =>
    `---\ntitle: ${title}\nlang: ${lang}\ncover: ../hero.prompt.md?each=${lang}\n---\nText.\n`
  const site = await createAstroSite(7, {
    ...astroConfig({ settings: `i18n: { locales: ['en', 'de'], defaultLocale: 'en' },` }),
    'src/content.config.js': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      import { z } from 'astro/zod'
      import { geminiImage } from 'astro-gemini-image/schema'
      const schema = ({ image }) => z.object({ title: z.string(), lang: z.string(), cover: geminiImage({ image }) })
      export const collections = {
        posts: defineCollection({ loader: glob({ base: './src/posts', pattern: '*.md' }), schema }),
      }`,
    'src/hero.prompt.md': PICTURE,
    'src/posts/harbour.en.md': post('en', 'Harbour'),
    'src/posts/harbour.de.md': post('de', 'Hafen'),
    'src/pages/[...lang]/index.astro': PAGE,
  })
  await addFonts(site)
  await expectPlan(site, gemini)
  expect(await astro(site, ['build'], { gemini })).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(4)
  expect(await astro(site, ['build'])).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(4)
  expect(await site.read('dist/index.html')).toContain('Harbour: Boats that come home late')
  expect(await site.read('dist/de/index.html')).toContain('Hafen: Boote, die spät heimkommen')
  const address = await servedAt(site)
  await expectPages(site, (language) => `${address}${language === 'en' ? '' : 'de/'}`)
})
