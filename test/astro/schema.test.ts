import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { MAJORS, type Major } from './support/packages.ts'
import { astro, buildAstro, serveDev, stop } from './support/run.ts'
import { createAstroSite, type AstroSite } from './support/site.ts'

afterAll(closeBrowser)

const post = (cover: string): string => `---\ntitle: A post\ncover: ${cover}\n---\n\nText.\n`

function siteOf(major: Major, cover: string): Promise<AstroSite> {
  return createAstroSite(major, {
    'src/content.config.ts': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      import { z } from 'astro/zod'
      import { geminiImage } from 'astro-gemini-image/schema'
      const blog = defineCollection({
        loader: glob({ base: './src/blog', pattern: '**/*.md' }),
        schema: ({ image }) => z.object({
          title: z.string(),
          cover: geminiImage({ image }),
          maybe: geminiImage({ image }).optional(),
          either: z.union([geminiImage({ image }), image()]).optional(),
        }),
      })
      export const collections = { blog }`,
    'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { getCollection } from 'astro:content'
import { GeminiImage } from 'astro-gemini-image/components'
import { geminiImage } from 'astro-gemini-image/macro'
import hero, { alt, grounding } from '../hero.prompt.md?gemini-image'
import object from '../hero.prompt.md?gemini-image&as=object'
const [post] = await getCollection('blog')
const { cover, maybe } = post!.data
const text: string = cover.alt + cover.prompt + cover.model + (maybe?.alt ?? '') + object.alt
const leaf = geminiImage({ prompt: 'A leaf', aspectRatio: '16:9', alt: '' })
---
<html lang="en"><head><title>{text}</title></head><body>
  <Image src={cover} alt={cover.alt} />
  <Image src={hero} alt={alt} data-grounded={grounding !== undefined} />
  <Image src={leaf} alt={leaf.alt} width={leaf.width} />
  <GeminiImage prompt="A fox" alt="" aspectRatio="16:9" width={400} densities={[1, 2]} />
</body></html>`,
    'src/hero.prompt.md': '---\nalt: Hero\n---\n\nA hero\n',
    'src/blog/post.md': post(cover),
  })
}

describe.each(MAJORS)('the schema helper in Astro %i', (major) => {
  test('types are injected, and neither sync nor check asks for anything', async () => {
    const gemini = await startGemini()
    const site = await siteOf(major, '{ prompt: A harbour, alt: Boats }')
    const synced = await astro(site, ['sync'], { gemini })
    expect(synced).toMatchObject({ code: 0 })
    await site.write(
      'src/pages/wrong.astro',
      `---
import { geminiImage } from 'astro-gemini-image/macro'
import { getCollection } from 'astro:content'
const [post] = await getCollection('blog')
const leaf = geminiImage({ prompt: 'A leaf', aspectratio: '16:9' })
post!.data.cover.title
---
`,
    )
    const checked = await astro(site, ['check'], { gemini })
    expect(checked.code).toBe(1)
    // All else is right.
    expect(checked.output).toMatch(/\b2 errors/)
    expect(checked.output).toContain('aspectratio')
    expect(checked.output).toContain("'title' does not exist")
    expect(gemini.requests).toEqual([])
  })

  test('what would stay a string in silence is an error that says what to write', async () => {
    const site = await siteOf(major, 'https://example.com/cover.jpg')
    const all = [
      ['https://example.com/cover.jpg', '"https://example.com/cover.jpg" declares no picture'],
      ['', 'A picture is missing here'],
      ['gemini:a harbour', '"gemini:a harbour" declares no picture'],
      ['./cover.jpg', '"./cover.jpg" declares no picture'],
      ['A harbour at dawn', '"A harbour at dawn" declares no picture'],
      ['{ src: ./cover.jpg }', 'This declares no picture'],
    ] as const
    // What differs between the majors is how they report an error, not what is one.
    for (const [cover, found] of all.slice(0, major === 7 ? all.length : 2)) {
      await site.write('src/blog/post.md', post(cover))
      const { code, output } = await astro(site, ['build'])
      expect(code).toBe(1)
      expect(output).toContain(found)
      expect(output).toContain('prompt: …')
    }
  })

  test('a wrong setting is an error at its place in the frontmatter', async () => {
    const gemini = await startGemini()
    const site = await siteOf(major, '{ prompt: A harbour, aspectratio: 16:9 }')
    const { code, output } = await astro(site, ['build'], { gemini })
    expect(code).toBe(1)
    expect(output).toContain('UNKNOWN_KEY at src/blog/post.md:3:29')
    expect(output).toContain('Did you mean "aspectRatio"?')
    await site.write('src/blog/post.md', post('./nowhere.prompt.md'))
    const second = await astro(site, ['build'], { gemini })
    expect(second.code).toBe(1)
    expect(second.output).toContain('PROMPT_FILE_NOT_FOUND at src/blog/post.md:3:8')
    expect(gemini.requests).toEqual([])
    await site.write('src/blog/post.md', post('{ prompt: A harbour, alt: Boats }'))
    await buildAstro(site, { gemini })
  })

  test.skipIf(skipBrowser)('a dev server shows the error in its overlay', async () => {
    const site = await siteOf(major, '{ prompt: A harbour, aspectRatio: 16:10 }')
    const server = await serveDev(site)
    const page = await openPage(server.url)
    const overlay = page.locator('vite-error-overlay')
    await overlay.waitFor({ state: 'attached' })
    const text = await page.evaluate(
      () => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '',
    )
    expect(text).toContain('UNSUPPORTED_ASPECT_RATIO')
    expect(text).toContain('src/blog/post.md:3:')
    await stop(server)
  })
})
