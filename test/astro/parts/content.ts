import { expect } from 'vitest'
import { describeImage } from '../../support/images.ts'
import { promptFile } from '../../support/site.ts'
import type { Part } from './part.ts'

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

const IN_TOML = `+++
title = "The lighthouse"
[cover]
prompt = "A lighthouse"
alt = "A light"
+++

Text.
`

const prompts = [
  'A coil of rope',
  'A gull',
  'A harbour at dawn',
  'A lighthouse',
  'A mug of the shop',
  'A portrait of Ann',
  'A quay',
  'First of the gallery',
  'Second of the gallery',
  'The mole',
]

/** Frontmatter, data files, loaders of one's own, and Markdown. */
export const content: Part = {
  files: {
    'src/content.config.ts': CONFIG,
    'src/pages/content.astro': PAGE,
    'src/blog/harbour.md': POST,
    'src/blog/mole.md': '---\ntitle: The mole\ncover: ./mole.prompt.md\n---\n\nText.\n',
    'src/blog/mole.prompt.md': promptFile('The mole', { alt: 'Stones' }),
    'src/blog/lighthouse.md': IN_TOML,
    'src/blog/second.prompt.md': promptFile('Second of the gallery'),
    'src/blog/gull.prompt.md': promptFile('A gull'),
    'src/authors.json':
      '[{ "id": "ann", "cover": { "prompt": "A portrait of Ann", "alt": "Ann" } }]',
    'src/places/quay.yaml': 'cover:\n  prompt: A quay\n  alt: A quay\n',
  },
  prompts,
  check: async (site) => {
    const html = await site.read('dist/content/index.html')
    expect(html).toMatch(/id="harbour" data-prompt="A harbour at dawn" data-size="1376x768"/)
    expect(html).toMatch(/id="mole" data-prompt="The mole" data-size="1024x1024"/)
    for (const alt of [
      'Boats',
      'Stones',
      'Ann',
      'A quay',
      'A mug',
      'A gull',
      'A rope',
      'A light',
    ]) {
      expect(html).toContain(`alt="${alt}"`)
    }
    const images = [...html.matchAll(/<img[^>]*? src="(\/_astro\/[^"]+)"/g)].map(([, src]) => src)
    expect(images).toHaveLength(prompts.length)
    for (const src of images) {
      expect(await describeImage(await site.bytes(`dist${src}`))).toMatch(/^webp /)
    }
  },
}

/** Where {@link content} declares pictures. */
export const CONTENT_PLACES: readonly string[] = [
  'src/blog/harbour.md:4:11',
  'src/blog/harbour.md:8:15',
  'src/blog/harbour.md:18:1',
  'src/blog/lighthouse.md:4:10',
  'src/blog/mole.prompt.md:5:1',
  'src/authors.json:1:38',
  'src/places/quay.yaml:2:11',
  'src/content.config.ts:1:1',
]
