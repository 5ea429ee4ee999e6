import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { promptFile } from '../support/site.ts'
import { MAJORS } from './support/packages.ts'
import { astro, buildAstro } from './support/run.ts'
import { createAstroSite } from './support/site.ts'

const CONFIG = `
import { defineCollection } from 'astro:content'
import { file, glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { geminiImage } from 'astro-gemini-image/schema'

const schema = ({ image }) => z.object({
  title: z.string().optional(),
  cover: geminiImage({ image }),
  gallery: z.array(geminiImage({ image })).optional(),
})
const blog = defineCollection({ loader: glob({ base: './src/blog', pattern: '**/*.md' }), schema })
const authors = defineCollection({ loader: file('src/authors.json'), schema })
const places = defineCollection({ loader: glob({ base: './src/places', pattern: '*.yaml' }), schema })
const shop = defineCollection({
  loader: () => [{ id: 'mug', cover: { prompt: 'A mug of the shop', alt: 'A mug' } }],
  schema,
})
export const collections = { blog, authors, places, shop }
`

const PAGE = `---
import { Image } from 'astro:assets'
import { getCollection, render } from 'astro:content'
const names = ['blog', 'authors', 'places', 'shop']
const entries = (await Promise.all(names.map((name) => getCollection(name)))).flat()
const post = entries.find(({ id }) => id === 'harbour')
const { Content } = await render(post)
---
<html lang="en"><body>
  {entries.map(({ id, data: { cover } }) => (
    <figure id={id} data-prompt={cover.prompt} data-size={cover.width + 'x' + cover.height}>
      <Image src={cover} alt={cover.alt} />
    </figure>
  ))}
  {post.data.gallery.map((picture) => <Image class="gallery" src={picture} alt={picture.alt} />)}
  <article><Content /></article>
</body></html>
`

const POST = `---
title: The harbour
cover:
  prompt: A harbour at dawn
  aspectRatio: 16:9
  alt: Boats
gallery:
  - { prompt: First of the gallery, alt: First }
  - ./second.prompt.md
---

![A gull](./gull.prompt.md)

\`\`\`gemini-image
---
alt: A rope
---
A coil of rope
\`\`\`
`

const FILES = {
  'src/content.config.ts': CONFIG,
  'src/pages/index.astro': PAGE,
  'src/blog/harbour.md': POST,
  'src/blog/mole.md': '---\ntitle: The mole\ncover: ./mole.prompt.md\n---\n\nText.\n',
  'src/blog/mole.prompt.md': promptFile('The mole', { alt: 'Stones' }),
  'src/blog/second.prompt.md': promptFile('Second of the gallery'),
  'src/blog/gull.prompt.md': promptFile('A gull'),
  'src/authors.json': '[{ "id": "ann", "cover": { "prompt": "A portrait of Ann", "alt": "Ann" } }]',
  'src/places/quay.yaml': 'cover:\n  prompt: A quay\n  alt: A quay\n',
}

const PROMPTS = [
  'A coil of rope',
  'A gull',
  'A harbour at dawn',
  'A mug of the shop',
  'A portrait of Ann',
  'A quay',
  'First of the gallery',
  'Second of the gallery',
  'The mole',
]

describe.each(MAJORS)('content of Astro %i', (major) => {
  test('declares pictures in frontmatter, data, loaders and bodies, paid for once', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, FILES)
    await buildAstro(site, { gemini })
    expect(askedPrompts(gemini).toSorted()).toEqual(PROMPTS)
    const html = await site.read('dist/index.html')
    expect(html).toMatch(/id="harbour" data-prompt="A harbour at dawn" data-size="1376x768"/)
    expect(html).toMatch(/id="mole" data-prompt="The mole" data-size="1024x1024"/)
    for (const alt of ['Boats', 'Stones', 'Ann', 'A quay', 'A mug', 'A gull', 'A rope']) {
      expect(html).toContain(`alt="${alt}"`)
    }
    const images = [...html.matchAll(/<img[^>]*? src="(\/_astro\/[^"]+)"/g)].map(([, src]) => src)
    expect(images).toHaveLength(PROMPTS.length)
    for (const src of images) {
      expect(await describeImage(await site.bytes(`dist${src}`))).toMatch(/^webp /)
    }
    // A second build takes all entries from the content store: no schema is run.
    gemini.reset()
    await buildAstro(site, { gemini })
    expect(await site.read('dist/index.html')).toBe(html)
    expect(gemini.requests).toEqual([])
    // What a prompt file says has changed; the post that names it has not.
    await site.write('src/blog/mole.prompt.md', promptFile('The old mole', { alt: 'Old stones' }))
    await buildAstro(site, { gemini })
    expect(askedPrompts(gemini)).toEqual(['The old mole'])
    expect(await site.read('dist/index.html')).toContain('alt="Old stones"')
  })

  test('is frozen with one list of all that is missing, and its places', async () => {
    const site = await createAstroSite(major, FILES)
    const { code, output } = await astro(site, ['build'], { env: { CI: 'true' } })
    expect(code).toBe(1)
    expect(output).toContain('MISSING_PICTURE')
    for (const place of [
      'src/blog/harbour.md:4:11',
      'src/blog/harbour.md:8:15',
      'src/blog/harbour.md:18:1',
      'src/blog/mole.prompt.md:5:1',
      'src/authors.json:1:38',
      'src/places/quay.yaml:2:11',
      'src/content.config.ts:1:1',
    ]) {
      expect(output).toContain(place)
    }
  })
})
