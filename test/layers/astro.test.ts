import { expect, test } from 'vitest'
import { astroConfig, createAstroSite } from '../astro/support/site.ts'
import { buildAstro } from '../astro/support/run.ts'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { addFonts, decode, differenceBox } from './site.ts'

const CARD = `---
alt: A calm sea
aspectRatio: 16:9
layers:
  - scrim: bottom
  - { text: '{{title}}', font: /fonts/latin.woff, size: 11 }
  - { text: '{{author}}', font: /fonts/latin.woff, size: 5 }
---

A calm sea
`

const post = (title: string, og: string): string =>
  `---\ntitle: ${title}\nauthor: Ada Lovelace\nog: ${og}\nsquare: ${og}\n---\n\nText.\n`

const INLINE = `{ prompt: A harbour, alt: Boats, layers: [{ text: '{{title}}', font: /fonts/latin.woff }] }`

test('each post of a blog has its title on the picture beside its links, for one call a picture', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(7, {
    ...astroConfig({ settings: `site: 'https://example.com'` }),
    'src/content.config.ts': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      import { z } from 'astro/zod'
      import { ogImage } from 'astro-gemini-image/schema'
      const blog = defineCollection({
        loader: glob({ base: './src/blog', pattern: '**/*.md' }),
        schema: ({ image }) => z.object({ title: z.string(), author: z.string(), og: ogImage({ image }), square: ogImage({ image }, { shape: 'square' }) }),
      })
      export const collections = { blog }`,
    'src/pages/[slug].astro': `---
import { getCollection } from 'astro:content'
import { OgTags } from 'astro-gemini-image/components'
export async function getStaticPaths() {
  return (await getCollection('blog')).map((post) => ({ params: { slug: post.id }, props: { post } }))
}
const { title, og, square } = Astro.props.post.data
---
<html lang="en"><head><title>{title}</title>
  <OgTags of={[og, square]} />
</head><body></body></html>`,
    'src/card.prompt.md': CARD,
    'src/blog/one.md': post('Boats at night', '../card.prompt.md'),
    'src/blog/two.md': post('Boats by day', '../card.prompt.md'),
    'src/blog/three.md': post('A harbour', INLINE),
  })
  await addFonts(site)
  const build = async (key: boolean): Promise<Map<string, Buffer>> => {
    await buildAstro(site, key ? { gemini } : { env: { GEMINI_IMAGE_MODE: 'frozen' } })
    const pictures = new Map<string, Buffer>()
    for (const slug of ['one', 'two', 'three']) {
      const page = await site.read(`dist/${slug}/index.html`)
      const addresses = [...page.matchAll(/og:image" content="([^"]+)"/g)].map(
        ([, one = '']) => one,
      )
      const [address = '', square = ''] = addresses
      expect(addresses).toHaveLength(2)
      expect(await describeImage(await site.bytes(`dist${new URL(square).pathname}`))).toBe(
        'jpeg 1200x1200',
      )
      expect(page).toContain('name="twitter:card" content="summary_large_image"')
      expect(page).toContain('og:image:width" content="1200"')
      expect(page).toContain('og:image:height" content="630"')
      expect(page).toContain('og:image:type" content="image/jpeg"')
      expect(address).toMatch(/^https:\/\/example\.com\//)
      pictures.set(slug, await site.bytes(`dist${new URL(address).pathname}`))
    }
    return pictures
  }
  const first = await build(true)
  const [one, two, three] = await Promise.all([...first.values()].map((bytes) => decode(bytes)))
  for (const { width, height } of [one!, two!, three!]) expect([width, height]).toEqual([1200, 630])
  // One picture, with other words at the bottom.
  const box = differenceBox(one!, two!)!
  expect(box.top).toBeGreaterThan(630 / 2)
  expect(gemini.requests).toHaveLength(2)

  await site.write('src/blog/one.md', post('Ships at night', '../card.prompt.md'))
  await site.write('src/blog/three.md', post('Another harbour', INLINE))
  const second = await build(false)
  expect(second.get('one')).not.toEqual(first.get('one'))
  expect(second.get('two')).toEqual(first.get('two'))
  expect(second.get('three')).not.toEqual(first.get('three'))
  expect(gemini.requests).toHaveLength(2)
})
