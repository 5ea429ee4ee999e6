import { imageJsonLd } from 'astro-gemini-image/json-ld'
import fc from 'fast-check'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { expect, test } from 'vitest'

const site = 'https://example.com/sub/'
const image = { src: '/_astro/hero.abc.webp', width: 1376, height: 768 }

test('an image is described whole, with an address of its own', () => {
  const text = imageJsonLd({
    image,
    alt: 'A kite',
    digitalSourceType: 'trainedAlgorithmicMedia',
    creator: { name: 'Studio', url: new URL('https://studio.example'), type: 'Person' },
    site: new URL(site),
  })
  expect(JSON.parse(text)).toEqual({
    '@context': 'https://schema.org',
    '@type': 'ImageObject',
    contentUrl: 'https://example.com/_astro/hero.abc.webp',
    width: 1376,
    height: 768,
    caption: 'A kite',
    digitalSourceType: 'https://schema.org/TrainedAlgorithmicMediaDigitalSource',
    creditText: 'Studio',
    creator: { '@type': 'Person', name: 'Studio', url: 'https://studio.example/' },
  })
})

test('what is not known is left out; getImage() knows sizes by attributes', () => {
  const text = imageJsonLd({
    image: { src: 'https://cdn.example/a.jpg', attributes: { width: 400, height: '300', alt: '' } },
    alt: '',
    digitalSourceType: 'compositeWithTrainedAlgorithmicMedia',
    creator: 'Studio',
  })
  expect(JSON.parse(text)).toEqual({
    '@context': 'https://schema.org',
    '@type': 'ImageObject',
    contentUrl: 'https://cdn.example/a.jpg',
    width: 400,
    height: 300,
    digitalSourceType: 'https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource',
    creditText: 'Studio',
    creator: { '@type': 'Organization', name: 'Studio' },
  })
})

test('an address that stays relative is an error that says what to do', () => {
  const digitalSourceType = 'trainedAlgorithmicMedia'
  expect(() => imageJsonLd({ image, digitalSourceType })).toThrow(/set "site" in the Astro/)
  expect(() => imageJsonLd({ image, digitalSourceType, site: undefined })).toThrow(TypeError)
})

test('no text ends the script element, or opens a comment in it', () => {
  const hostile = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom('</script>', '<!--', '<script>', '"', '\\', '&lt;', '\u2028', ']]>', ' '),
      )
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(hostile, hostile, (alt, creator) => {
      const text = imageJsonLd({
        image,
        alt,
        creator,
        digitalSourceType: 'trainedAlgorithmicMedia',
        site,
      })
      const known = JSON.parse(text) as Record<string, unknown>
      expect([known['caption'] ?? '', known['creditText']]).toEqual([alt, creator])
      const page = parse(`<body><script type="application/ld+json">${text}</script><p>`)
      const html = page.childNodes.find(
        (node) => node.nodeName === 'html',
      ) as DefaultTreeAdapterTypes.Element
      const body = html.childNodes.find(
        (node) => node.nodeName === 'body',
      ) as DefaultTreeAdapterTypes.Element
      expect(body.childNodes.map(({ nodeName }) => nodeName)).toEqual(['script', 'p'])
    }),
  )
})
