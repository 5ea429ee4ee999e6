import { expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { components } from './parts/components.ts'
import { content, CONTENT_PLACES } from './parts/content.ts'
import { images } from './parts/images.ts'
import { labels } from './parts/labels.ts'
import { MAJORS } from './support/packages.ts'
import { astro, buildAstro } from './support/run.ts'
import { createAstroSite, type AstroSite } from './support/site.ts'

const PARTS = [content, components, images, labels]
const FILES = {
  // Astro takes Markdown among its pages for a page.
  'src/pages/posts/cover.prompt.md': promptFile('A secret'),
  ...Object.assign({}, ...PARTS.map(({ files }) => files)),
}

/** Pages in which nothing has changed when the picture of the mole has. */
const SAME = ['components', 'mdx', 'plain', 'images', 'metadata', 'labels']

const withoutMole = (html: string): string => html.replace(/<figure id="mole"[^]*?<\/figure>/, '')

async function shippedBut(site: AstroSite, name: string): Promise<string[]> {
  return (await site.list('dist/_astro')).filter((one) => !one.startsWith(name))
}

test.each(MAJORS)(
  'a site of Astro %i has content, components, images and labels, each picture paid for once',
  async (major) => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, FILES)
    const page = (name: string): Promise<string> => site.read(`dist/${name}/index.html`)
    await buildAstro(site, { gemini })
    expect(askedPrompts(gemini)).toEqual(PARTS.flatMap(({ prompts }) => prompts).toSorted())
    for (const { check } of PARTS) await check(site, major)
    expect((await site.list('dist', true)).filter((file) => file.includes('prompt'))).toEqual([])
    const posts = await page('content')
    const others = await Promise.all(SAME.map(page))
    const shipped = await shippedBut(site, 'mole.')

    // A second build takes all entries from the content store: no schema is run. What a prompt file says has changed;
    // the post that names it has not.
    gemini.reset()
    await site.write('src/blog/mole.prompt.md', promptFile('The old mole', { alt: 'Old stones' }))
    await buildAstro(site, { gemini })
    expect(askedPrompts(gemini)).toEqual(['The old mole'])
    expect(await Promise.all(SAME.map(page))).toEqual(others)
    expect(await shippedBut(site, 'mole.')).toEqual(shipped)
    const later = await page('content')
    expect(later).toContain('alt="Old stones"')
    expect(withoutMole(later)).toBe(withoutMole(posts))

    // Frozen, it fails with one list of all that is missing, and its places.
    await Promise.all(['gemini-image.lock', '.gemini-image'].map((file) => site.remove(file)))
    const { code, output } = await astro(site, ['build'], { env: { CI: 'true' } })
    expect(code).toBe(1)
    expect(output).toContain('MISSING_PICTURE')
    for (const place of CONTENT_PLACES) expect(output).toContain(place)
  },
  240_000,
)
