import type { SourceType } from '@gemini-image/core/internal'
import { absolute } from './absolute.ts'

export type { SourceType } from '@gemini-image/core/internal'

/** Who made a picture. */
export interface Creator {
  readonly name: string
  /** @default 'Organization' */
  readonly type?: 'Organization' | 'Person'
  /** A page about them. */
  readonly url?: string | URL
}

/** An image with its address. */
export interface JsonLdImage {
  readonly src: string
  /** In pixels. */
  readonly width?: number
  /** In pixels. */
  readonly height?: number
  /** Where Astro's `getImage()` has width and height. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** What {@link imageJsonLd} says of a picture. */
export interface ImageFacts {
  /**
   * The image as the page shows it: what a picture import gives, an address or an object, or what
   * Astro's `getImage()` gives.
   */
  readonly image: string | JsonLdImage
  /** Alternative text, which becomes the caption; an empty one becomes none. */
  readonly alt?: string
  /** How it came about: what the picture's module exports under this name. */
  readonly digitalSourceType: SourceType
  /** What the picture's module exports under this name: an adopted picture is not credited to a model. */
  readonly model?: string | undefined
  /** Who is to be credited. @default Google Gemini, as the credit's text only, where a model generated it */
  readonly creator?: string | Creator
  /** Where the site will be; in Astro, `Astro.site`. May be left out where `src` is a whole address. */
  readonly site?: string | URL | undefined
}

/**
 * A schema.org `ImageObject`, as text that is safe in a script element of type `application/ld+json`:
 *
 * ```ts
 * import hero, { alt, digitalSourceType } from './hero.prompt.md?gemini-image'
 *
 * const json = imageJsonLd({ image: hero, alt, digitalSourceType, site: 'https://example.com' })
 * ```
 *
 * @see https://schema.org/ImageObject
 * @see https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata
 * @throws {TypeError} without `site`, where the image's address needs one. Not a `GeminiImageError`,
 *   which must not become part of a site's server.
 */
export function imageJsonLd({
  image: shown,
  alt,
  digitalSourceType,
  model,
  creator,
  site,
}: ImageFacts): string {
  const image: JsonLdImage = typeof shown === 'string' ? { src: shown } : shown
  const { width = image.attributes?.['width'], height = image.attributes?.['height'] } = image
  const object = {
    '@context': 'https://schema.org',
    '@type': 'ImageObject',
    contentUrl: absolute(image.src, site, 'imageJsonLd'),
    width: pixels(width),
    height: pixels(height),
    caption: alt || undefined,
    digitalSourceType: schemaType(digitalSourceType),
    creditText:
      creator === undefined ? creditOf(digitalSourceType, model) : toCreator(creator).name,
    creator: creator === undefined ? undefined : describe(toCreator(creator)),
  }
  // Nothing in a script element but "<" can end it, or begin a comment in it.
  return JSON.stringify(object).replaceAll('<', '\\u003c')
}

/** Whom nobody names: a model, where it generated the picture or had a part in it, and that was here. */
function creditOf(type: SourceType, model: string | undefined): string | undefined {
  const isGenerated = /^(?:trained|compositeWithTrained)AlgorithmicMedia$/.test(type)
  return isGenerated && model !== 'adopted' ? 'Google Gemini' : undefined
}

/** Terms of IPTC that schema.org has no name for. */
const UNNAMED: ReadonlySet<SourceType> = new Set([
  'digitalCreation',
  'computationalCapture',
  'humanEdits',
])

/** Schema.org's own name of a term of IPTC, or the term. @see https://schema.org/IPTCDigitalSourceEnumeration */
function schemaType(type: SourceType): string {
  if (UNNAMED.has(type)) return `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`
  return `https://schema.org/${type.charAt(0).toUpperCase()}${type.slice(1)}DigitalSource`
}

function pixels(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

function toCreator(creator: string | Creator): Creator {
  return typeof creator === 'string' ? { name: creator } : creator
}

function describe({ name, type = 'Organization', url }: Creator): object {
  return { '@type': type, name, url: url === undefined ? undefined : String(url) }
}
