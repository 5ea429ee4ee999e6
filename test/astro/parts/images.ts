import { expect } from 'vitest'
import { describeImage } from '../../support/images.ts'
import { promptFile } from '../../support/site.ts'
import type { Part } from './part.ts'

function metadataIn(html: string): unknown {
  return JSON.parse(/<pre>(.*?)<\/pre>/.exec(html)?.[1] ?? 'null')
}

function jsonLdIn(html: string): unknown {
  return JSON.parse(
    /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? 'null',
  )
}

/**
 * Imports. Astro ships the original of an image as soon as a page reads anything of it; so the page that shows what an
 * import is looks at another picture than the one of the components.
 */
export const images: Part = {
  files: {
    'src/pages/images.astro': `---
import { Image, Picture } from 'astro:assets'
import hero, { alt } from '../hero.prompt.md?gemini-image'
---
<html lang="en"><body>
  <Image src={hero} alt={alt} />
  <Picture src={hero} alt={alt} formats={['avif', 'webp']} widths={[400, 800]} />
</body></html>
`,
    'src/pages/metadata.astro': `---
import { imageJsonLd } from 'astro-gemini-image/json-ld'
import logo from '../logo.prompt.md?gemini-image'
const { src, width, height, format } = logo
const jsonLd = imageJsonLd({
  image: logo,
  alt: '</script>',
  digitalSourceType: 'trainedAlgorithmicMedia',
  site: 'https://example.com',
})
---
<html lang="en"><head><script is:inline type="application/ld+json" set:html={jsonLd} /></head><body><pre set:html={JSON.stringify({ src, width, height, format })} /></body></html>
`,
    'src/hero.prompt.md': promptFile('A red kite', { aspectRatio: '16:9', alt: 'A kite' }),
    'src/logo.prompt.md': promptFile('A logo'),
  },
  prompts: ['A logo', 'A red kite'],
  check: async (site, major) => {
    const shipped = await site.list('dist/_astro')
    const logo = shipped.find((name) => name.startsWith('logo.'))
    const metadata = await site.read('dist/metadata/index.html')
    expect(metadataIn(metadata)).toEqual({
      src: `/_astro/${logo}`,
      width: 1024,
      height: 1024,
      format: 'jpg',
    })
    expect(jsonLdIn(metadata)).toMatchObject({
      contentUrl: `https://example.com/_astro/${logo}`,
      caption: '</script>',
    })
    expect(await site.read('dist/images/index.html')).toContain('alt="A kite"')
    const heroes = shipped.filter((name) => name.startsWith('hero.'))
    const original = (await site.list('.gemini-image')).find((name) => name.startsWith('hero.'))
    const originalBytes = await site.bytes(`.gemini-image/${original}`)
    const bytes = await Promise.all(heroes.map((name) => site.bytes(`dist/_astro/${name}`)))
    // Astro 5's own <Picture> ships the original of any image.
    expect(bytes.some((one) => one.equals(originalBytes))).toBe(major === 5)
    const described = await Promise.all(bytes.map(describeImage))
    for (const image of ['heif 400x223', 'heif 800x447', 'webp 400x223', 'webp 1376x768']) {
      expect(described).toContain(image)
    }
  },
}
