import { absolute } from './absolute.ts'
import type { RenderedPreview } from './rendered-picture.ts'

export type { RenderedPreview } from './rendered-picture.ts'

/** A `<meta>` element: what React and Unhead take as it is. */
export type OgMeta =
  | { readonly property: string; readonly content: string }
  | { readonly name: string; readonly content: string }

/** What {@link ogMeta} and {@link ogTags} go by. */
export interface OgPage {
  /**
   * Where the site will be; in Astro, `Astro.site`. May be left out where `src` is a whole address.
   * @default none
   */
  readonly site?: string | URL | undefined
}

/**
 * What a page says of the pictures that networks show beside its links: whole addresses, sizes, types, alternative texts,
 * and how large X shows the first.
 *
 * ```tsx
 * import og from './card.prompt.md?gemini-image&as=og'
 * import { ogMeta } from 'unplugin-gemini-image/og'
 *
 * ogMeta(og, { site: 'https://example.com' }).map((one) => <meta key={one.content} {...one} />)
 * ```
 *
 * @param of One, or several in the order in which networks are to choose: `[og, square]`.
 * @throws {TypeError} without `site`, where an address needs one; for an address that only this machine knows.
 */
export function ogMeta(
  of: RenderedPreview | readonly RenderedPreview[],
  { site }: OgPage = {},
): readonly OgMeta[] {
  const all = [of].flat()
  const [first] = all
  if (!first) return []
  const card = first.width > first.height ? 'summary_large_image' : 'summary'
  return [
    ...all.flatMap((one) => metaOf(one, site)),
    // X takes the image itself from these, and without a card it shows none.
    { name: 'twitter:card', content: card },
  ]
}

/** Each structured property is of the `og:image` before it. @see https://ogp.me/#structured */
function metaOf(
  { src, width, height, type, alt }: RenderedPreview,
  site: OgPage['site'],
): readonly OgMeta[] {
  const image = 'og:image'
  return [
    { property: image, content: webAddress(src, site) },
    { property: `${image}:type`, content: type },
    { property: `${image}:width`, content: String(width) },
    { property: `${image}:height`, content: String(height) },
    ...(alt === '' ? [] : [{ property: `${image}:alt`, content: alt }]),
  ]
}

function webAddress(src: string, site: OgPage['site']): string {
  const address = absolute(src, site, 'ogMeta')
  if (/^https?:/.test(address)) return address
  throw new TypeError(
    `The address ${address.slice(0, 60)} is none of the web, so that no network could fetch the picture: have the bundler write it to a file that the site serves.`,
  )
}

/**
 * The same as the HTML of the elements, a line each.
 *
 * ```js
 * `<head>${ogTags(og, { site: 'https://example.com' })}</head>`
 * ```
 *
 * @throws {TypeError} as {@link ogMeta}.
 */
export function ogTags(
  of: RenderedPreview | readonly RenderedPreview[],
  page: OgPage = {},
): string {
  return ogMeta(of, page)
    .map((meta) => {
      const attributes = Object.entries(meta).map(([name, text]) => ` ${name}="${escape(text)}"`)
      return `<meta${attributes.join('')}>`
    })
    .join('\n')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
}

function escape(text: string): string {
  return text.replaceAll(/[&"<>]/g, (sign) => ESCAPES[sign] ?? sign)
}
