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
          many: z.array(geminiImage({ image })).optional(),
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

/** What is no declaration, and what is said of it. */
const WRONG = [
  ['https://example.com/cover.jpg', '"https://example.com/cover.jpg" declares no picture'],
  ['', 'A picture is missing here'],
  ['gemini:a harbour', '"gemini:a harbour" declares no picture'],
  ['./cover.jpg', '"./cover.jpg" declares no picture'],
  ['A harbour at dawn', '"A harbour at dawn" declares no picture'],
  ['{ src: ./cover.jpg }', 'This declares no picture'],
] as const

describe.each(MAJORS)('the schema helper in Astro %i', (major) => {
  test('types are injected, and neither sync nor check asks for anything', async () => {
    const gemini = await startGemini()
    const site = await siteOf(major, '{ prompt: A harbour, alt: Boats }')
    await site.write(
      'src/pages/wrong.astro',
      `---
import { geminiImage } from 'astro-gemini-image/macro'
import { getCollection } from 'astro:content'
import sized from '../hero.prompt.md?as=picture&gemini-image'
import { alt as signAlt, width as signWidth } from '../sign.prompt.md?each=New York&gemini-image'
const [post] = await getCollection('blog')
const numbers: number[] = [sized.img.width, signWidth, signAlt.length]
const leaf = geminiImage({ prompt: 'A leaf', aspectratio: '16:9' })
post!.data.cover.title
---
`,
    )
    // It syncs first.
    const checked = await astro(site, ['check'], { gemini })
    expect(checked.code).toBe(1)
    // All else is right.
    expect(checked.output).toMatch(/\b2 errors/)
    expect(checked.output).toContain('aspectratio')
    expect(checked.output).toContain("'title' does not exist")
    expect(gemini.requests).toEqual([])
  })

  test('what is wrong in the frontmatter is an error at its place, or says what to write', async () => {
    const gemini = await startGemini()
    const site = await siteOf(major, '{ prompt: A harbour, aspectratio: 16:9 }')
    const { code, output } = await astro(site, ['build'], { gemini })
    expect(code).toBe(1)
    expect(output).toContain('UNKNOWN_KEY at src/blog/post.md:3:29')
    expect(output).toContain('Did you mean "aspectRatio"?')
    // All of this would stay a string in silence.
    const many = WRONG.map(([cover]) => `\n  - ${cover}`).join('')
    await site.write('src/blog/post.md', post(`{ prompt: A harbour, alt: Boats }\nmany:${many}`))
    const second = await astro(site, ['build'], { gemini })
    expect(second.code).toBe(1)
    for (const [, found] of WRONG) expect(second.output).toContain(found)
    expect(second.output.split('prompt: …').length).toBeGreaterThan(WRONG.length)
    expect(gemini.requests).toEqual([])
  })
})

test('a prompt file that is not there is an error at its place; once it is mended, the site is built', async () => {
  const gemini = await startGemini()
  const site = await siteOf(7, './nowhere.prompt.md')
  const { code, output } = await astro(site, ['build'], { gemini })
  expect(code).toBe(1)
  expect(output).toContain('PROMPT_FILE_NOT_FOUND at src/blog/post.md:3:8')
  expect(gemini.requests).toEqual([])
  await site.write('src/blog/post.md', post('{ prompt: A harbour, alt: Boats }'))
  await buildAstro(site, { gemini })
})

test.skipIf(skipBrowser).each([5, 7] as const)(
  'a dev server of Astro %i that starts with an error shows it in its overlay',
  async (major) => {
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
  },
)
