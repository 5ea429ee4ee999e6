import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { withAlt } from '../support/with-alt.ts'
import { MAJORS } from './support/packages.ts'
import { astro, buildAstro } from './support/run.ts'
import { astroConfig, createAstroSite } from './support/site.ts'

const FILES = {
  ...astroConfig({ imports: `import mdx from '@astrojs/mdx'`, integrations: 'mdx()' }),
  'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { geminiImage } from 'astro-gemini-image/macro'
import { GeminiImage, GeminiPicture } from 'astro-gemini-image/components'
import { leaf } from '../leaf.ts'
// geminiImage({ prompt: 'Commented out' })
const tree = geminiImage({ prompt: 'A tree', alt: 'The tree' })
const classes = ['a', 'b']
---
<html lang="en"><body>
  <Image src={tree} alt={tree.alt} id="tree" />
  <Image src={leaf} alt={leaf.alt} id="leaf" width={200} />
  <GeminiImage
    id="fox"
    prompt="A fox"
    aspectRatio="16:9"
    alt="A 'fox'"
    class:list={classes}
    layout="constrained"
    settings={{ style: 'ink' }}
  />
  <GeminiPicture id="owl" prompt=\`An
    owl\` alt="" formats={['avif', 'webp']} widths={[400, 800]} sizes="400px" />
  <GeminiImage picture={leaf} alt="Again" id="again" />
</body></html>
`,
  'src/leaf.ts': `import { geminiImage } from 'astro-gemini-image/macro'
export const leaf = geminiImage({ prompt: 'A leaf', alt: 'The leaf' })
`,
  'src/pages/mdx.mdx': `import { GeminiImage } from 'astro-gemini-image/components'

# It's MDX

<GeminiImage prompt="A newt" alt="The newt" />

![A gull](../gull.prompt.md)

\`\`\`gemini-image
---
alt: ''
---
A rope
\`\`\`
`,
  'src/gull.prompt.md': withAlt('A gull\n'),
  'src/pages/plain.md':
    '# Plain\n\n![A gull](../gull.prompt.md)\n\n```gemini-image\n---\nalt: Knot\n---\nA knot\n```\n',
  'gemini-image.config.mjs': `export default { styles: { ink: 'In ink.' } }\n`,
}

const PROMPTS = [
  'A fox\n\nIn ink.',
  'A gull',
  'A knot',
  'A leaf',
  'A newt',
  'A rope',
  'A tree',
  'An\nowl',
]

/** The tag of an element, by its id. */
function tagOf(id: string, html: string): string {
  return new RegExp(`<[^<]*id="${id}"[^>]*>`).exec(html)?.[0] ?? ''
}

describe.each(MAJORS)('macros and components of Astro %i', (major) => {
  test('are pictures of Astro, paid for once', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, FILES)
    await buildAstro(site, { gemini })
    expect(askedPrompts(gemini).toSorted()).toEqual(PROMPTS)
    const html = await site.read('dist/index.html')
    expect(tagOf('tree', html)).toMatch(/src="\/_astro\/[^"]+".* alt="The tree"/)
    expect(tagOf('leaf', html)).toMatch(/alt="The leaf".*width="200" height="200"/)
    expect(tagOf('fox', html)).toMatch(/alt="A (?:&#39;|')fox(?:&#39;|')"/)
    expect(tagOf('fox', html)).toMatch(/class="a b"/)
    expect(tagOf('fox', html)).toMatch(/srcset=".*1376w/)
    expect(tagOf('fox', html)).not.toMatch(/prompt|aspectRatio|settings|style="\{/)
    expect(tagOf('owl', html)).toMatch(/alt=""|alt /)
    expect(html).toMatch(
      /<source srcset="[^"]*400w[^"]*800w[^"]*" type="image\/avif" sizes="400px"/,
    )
    expect(tagOf('again', html)).toMatch(/alt="Again"/)
    for (const page of ['mdx', 'plain']) {
      const text = await site.read(`dist/${page}/index.html`)
      const images = [...text.matchAll(/<img[^>]*? src="(\/_astro\/[^"]+)"/g)]
      expect(images).toHaveLength(page === 'mdx' ? 3 : 2)
      for (const [, src] of images) {
        expect(await describeImage(await site.bytes(`dist${src}`))).toBe('webp 1024x1024')
      }
      expect(text).toContain('alt="A gull"')
      expect(text).toContain(page === 'mdx' ? 'alt="The newt"' : 'alt="Knot"')
    }
    gemini.reset()
    await buildAstro(site, { gemini })
    expect(gemini.requests).toEqual([])
  })

  test('what is not a literal is an error at its place, before anything is paid for', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, {
      ...FILES,
      'src/pages/wrong.astro': `---
import { GeminiImage } from 'astro-gemini-image/components'
const { title } = Astro.props
---
<GeminiImage prompt={title} alt="" />
`,
    })
    const { code, output } = await astro(site, ['build'], { gemini })
    expect(code).toBe(1)
    expect(output).toContain('NOT_STATIC at src/pages/wrong.astro:5:22')
    expect(gemini.requests).toEqual([])
  })
})
