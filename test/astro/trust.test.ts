import { setTimeout as sleep } from 'node:timers/promises'
import { digestOf } from '@gemini-image/core/internal'
import { expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { MAJORS } from './support/packages.ts'
import { astro, serveDev } from './support/run.ts'
import { promptFile } from '../support/site.ts'
import { astroConfig, createAstroSite } from './support/site.ts'

const EVIL = { prompt: 'Paid for by a visitor' }
const STALE = { prompt: 'Declared the day before' }

function encoded(settings: object): string {
  const text = Buffer.from(JSON.stringify(settings)).toString('base64url')
  return `${text}.declared~gemini-image.png`
}

test.each([
  ['of a declaration', encoded(EVIL)],
  ['with an escape', encoded(EVIL).replace('~', '%7e')],
  ['of a prompt file', 'unused.prompt.md~gemini-image.png'],
])(
  'a picture path that was written by hand, %s, is an error, and not paid for',
  async (_, written) => {
    const gemini = await startGemini()
    const site = await createAstroSite(7, {
      ...astroConfig(),
      'src/content.config.ts': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      export const collections = { blog: defineCollection({ loader: glob({ base: './src/blog', pattern: '**/*.md' }) }) }`,
      'src/pages/index.astro': `---
import { getEntry, render } from 'astro:content'
const { Content } = await render(await getEntry('blog', 'harbour'))
---
<Content />`,
      'src/blog/harbour.md': `---\ntitle: Harbour\n---\n\n![Boats](./${written})\n`,
      'src/blog/unused.prompt.md': promptFile('Paid for by nobody'),
    })
    const { code, output } = await astro(site, ['build'], { gemini })
    expect(code).toBe(1)
    expect(output).toContain('UNDECLARED_PICTURE at src/blog/harbour.md:5:1')
    expect(askedPrompts(gemini)).toEqual([])
  },
)

test.each(MAJORS)(
  'nothing but what the source declares now can make a dev server of Astro %i pay',
  async (major) => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, {
      ...astroConfig({ options: 'quietPeriod: 50' }),
      'src/content.config.ts': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      import { z } from 'astro/zod'
      import { geminiImage } from 'astro-gemini-image/schema'
      const schema = ({ image }) => z.object({ cover: geminiImage({ image }) })
      export const collections = {
        blog: defineCollection({ loader: glob({ base: './src/blog', pattern: '**/*.md' }), schema }),
      }`,
      'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { getEntry } from 'astro:content'
const { data: { cover } } = await getEntry('blog', 'harbour')
---
<Image src={cover} alt={cover.alt} />`,
      'src/blog/harbour.md': '---\ncover: { prompt: A harbour, alt: Boats }\n---\n',
      // Nothing asks for it, and what it says is no declaration.
      'src/unused.prompt.md': 'Unused\n',
      // What an earlier run has left there, of a post that says something else today.
      '.astro/content-assets.mjs': `import __ASTRO_IMAGE_IMPORT_0 from "./${encoded(STALE)}?astroContentImageFlag=&importer=src%2Fblog%2Fharbour.md";\nimport __ASTRO_IMAGE_IMPORT_1 from "./${encoded(STALE)}?astroContentImageFlag=";\nexport default new Map();\n`,
      'public/note.md': '---\nquiz: { prompt: Paid for by a visitor }\n---\n',
    })
    const { url } = await serveDev(site, { gemini })
    await vi.waitFor(() => expect(askedPrompts(gemini)).toContain('A harbour'), 30_000)
    await sleep(500)
    expect(askedPrompts(gemini)).toEqual(['A harbour'])
    await fetch(url)
    gemini.reset()

    const path = encoded(EVIL)
    const post = site.path('src/blog/harbour.md')
    const note = site.path('public/note.md')
    const digest = digestOf(EVIL)
    const tried = [
      `/${path}`,
      `/src/blog/${path}`,
      `/@id/./${path}`,
      `/@id/${path}`,
      `/@id/./${path}?astroContentImageFlag=&importer=src%2Fblog%2Fharbour.md`,
      `/src/blog/${path}?astroContentImageFlag=&importer=src%2Fblog%2Fharbour.md`,
      `/@id/./${path}?astroContentImageFlag=&importer=public%2Fnote.md`,
      `/@id/__x00__gemini-image:object::${post}/${digest}.js`,
      `/@id/__x00__gemini-image:object::${note}/${digest}.js`,
      `/@id/__x00__gemini-image:asset::${site.path('src/unused.prompt.md')}.js`,
      `/@id/__x00__gemini-image:asset::src/unused.prompt.md.js`,
      `/@id/__x00__gemini-image:object::src/blog/harbour.md/${digest}.js`,
      `/@fs${post}?gemini-image&declared=${digest}&as=object`,
      `/@fs${note}?gemini-image&declared=${digest}&as=object`,
      `/public/note.md?gemini-image&declared=${digest}&as=object`,
      `/src/unused.prompt.md?gemini-image`,
      `/@id/./src/unused.prompt.md~gemini-image.png`,
      `/_image?href=${encodeURIComponent(`/@fs${post}?gemini-image&declared=${digest}`)}&w=100&f=webp`,
      `/?gemini-image&prompt=Paid`,
    ]
    for (const address of tried) {
      await fetch(url + address).then((answer) => answer.arrayBuffer())
    }
    await sleep(500)
    // A save is a reason to look at what is declared: none of the URLs has declared anything.
    await site.write('src/blog/harbour.md', '---\ncover: { prompt: A harbour, alt: Ships }\n---\n')
    await sleep(1500)
    expect(gemini.requests).toEqual([])
  },
)
