import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { promptFile } from '../support/site.ts'
import { MAJORS } from './support/packages.ts'
import { astro, buildAstro, serveBuilt } from './support/run.ts'
import { astroConfig, createAstroSite, NODE_SERVER } from './support/site.ts'

// Astro ships the original of an image as soon as a page reads anything of it; so the page that shows
// what an import is looks at another picture than the one of the components.
const FILES = {
  'src/pages/index.astro': `---
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
}

function metadataIn(html: string): unknown {
  return JSON.parse(/<pre>(.*?)<\/pre>/.exec(html)?.[1] ?? 'null')
}

function jsonLdIn(html: string): unknown {
  return JSON.parse(
    /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? 'null',
  )
}

describe.each(MAJORS)('Astro %i', (major) => {
  test('a picture is an image of Astro, of which only derivatives are shipped, paid for once', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, FILES)
    await buildAstro(site, { gemini })
    const shipped = await site.list('dist/_astro')
    const logo = shipped.find((name) => name.startsWith('logo.'))
    expect(metadataIn(await site.read('dist/metadata/index.html'))).toEqual({
      src: `/_astro/${logo}`,
      width: 1024,
      height: 1024,
      format: 'jpg',
    })
    expect(jsonLdIn(await site.read('dist/metadata/index.html'))).toMatchObject({
      contentUrl: `https://example.com/_astro/${logo}`,
      caption: '</script>',
    })
    expect(await site.read('dist/index.html')).toContain('alt="A kite"')
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
    expect(askedPrompts(gemini)).toEqual(['A logo', 'A red kite'])
    gemini.reset()
    await buildAstro(site, { gemini })
    expect(await site.list('dist/_astro')).toEqual(shipped)
    expect(gemini.requests).toEqual([])
  })

  test('without a key, a build fails with all that is missing, and where', async () => {
    const site = await createAstroSite(major, FILES)
    const { code, output } = await astro(site, ['build'])
    expect(code).toBe(1)
    expect(output).toContain('MISSING_KEY')
    expect(output).toContain('src/hero.prompt.md:6:1')
    expect(output).toContain('src/logo.prompt.md:5:1')
  })
})

test('a server of Astro 7 answers with pages, and with derivatives', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(7, { ...FILES, ...astroConfig(NODE_SERVER) })
  await buildAstro(site, { gemini })
  expect(gemini.requests).toHaveLength(2)
  const { url } = await serveBuilt(site)
  const html = await (await fetch(url)).text()
  const image = /<img src="(\/_image[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
  const answer = await fetch(url + image)
  expect(answer.headers.get('content-type')).toBe('image/webp')
  expect(await describeImage(new Uint8Array(await answer.arrayBuffer()))).toBe('webp 1376x768')
})
