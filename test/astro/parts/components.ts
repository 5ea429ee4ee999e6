import { expect } from 'vitest'
import { describeImage } from '../../support/images.ts'
import { withAlt } from '../../support/with-alt.ts'
import { astroConfig } from '../support/site.ts'
import type { Part } from './part.ts'

const PAGE = `---
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
`

const MDX = `import { GeminiImage } from 'astro-gemini-image/components'

# It's MDX

<GeminiImage prompt="A newt" alt="The newt" />

![A tern](../tern.prompt.md)

\`\`\`gemini-image
---
alt: ''
---
A rope
\`\`\`
`

/** The tag of an element, by its id. */
function tagOf(id: string, html: string): string {
  return new RegExp(`<[^<]*id="${id}"[^>]*>`).exec(html)?.[0] ?? ''
}

/** Macros, components, MDX and pages in Markdown. */
export const components: Part = {
  files: {
    ...astroConfig({ imports: `import mdx from '@astrojs/mdx'`, integrations: 'mdx()' }),
    'src/pages/components.astro': PAGE,
    'src/leaf.ts': `import { geminiImage } from 'astro-gemini-image/macro'
export const leaf = geminiImage({ prompt: 'A leaf', alt: 'The leaf' })
`,
    'src/pages/mdx.mdx': MDX,
    'src/tern.prompt.md': withAlt('A tern\n'),
    'src/pages/plain.md':
      '# Plain\n\n![A tern](../tern.prompt.md)\n\n```gemini-image\n---\nalt: Knot\n---\nA knot\n```\n',
    'gemini-image.config.mjs': `export default { styles: { ink: 'In ink.' } }\n`,
  },
  prompts: [
    'A fox\n\nIn ink.',
    'A knot',
    'A leaf',
    'A newt',
    'A rope',
    'A tern',
    'A tree',
    'An\nowl',
  ],
  check: async (site) => {
    const html = await site.read('dist/components/index.html')
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
      expect(text).toContain('alt="A tern"')
      expect(text).toContain(page === 'mdx' ? 'alt="The newt"' : 'alt="Knot"')
    }
  },
}
