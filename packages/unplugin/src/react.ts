import { createElement, Fragment, type ImgHTMLAttributes, type ReactElement } from 'react'
import {
  CREDIT_LABELS,
  creditsOf,
  SUGGESTIONS_SANDBOX,
  SUGGESTIONS_STYLE,
  type CreditsProps,
} from './credits.ts'
import {
  placeholderStyle,
  shownPictures,
  type ByLanguage,
  type RenderedPicture,
} from './rendered-picture.ts'

export type { CreditsProps } from './credits.ts'

export type {
  ByLanguage,
  RenderedImage,
  RenderedPicture,
  RenderedSource,
} from './rendered-picture.ts'

type Img = Omit<
  ImgHTMLAttributes<HTMLImageElement>,
  'src' | 'srcSet' | 'width' | 'height' | 'placeholder' | 'children'
>

/** What {@link GeminiPicture} takes: a picture, and what its `<img>` takes. */
export interface GeminiPictureProps extends Img {
  /** What an import with `as=picture` gives, or with `as=picture&by=language`. */
  readonly picture: RenderedPicture | ByLanguage<RenderedPicture>
  /** The language of the page, where there is a picture for each: `de-AT`. @default the first picture */
  readonly lang?: string | undefined
  /** How wide the picture is shown, as in HTML. @default what the import says */
  readonly sizes?: string | undefined
  /** Whether a blurred likeness is shown until the picture is there. @default true */
  readonly placeholder?: boolean | undefined
}

/**
 * A picture in the sizes and formats that a browser likes best, without any layout shift. It has no script
 * of its own, and works in server components.
 *
 * ```tsx
 * import hero from './hero.prompt.md?gemini-image&as=picture'
 *
 * <GeminiPicture picture={hero} loading="eager" fetchPriority="high" />
 * ```
 *
 * `loading` is `lazy` and `decoding` is `async` unless told otherwise; `alt` is what is declared. A picture with a scene
 * that a class of the root shows is always lazy: a browser would load what is hidden.
 */
export function GeminiPicture({ picture, ...given }: GeminiPictureProps): ReactElement {
  const { pictures, css, lang } = shownPictures(picture, given.lang)
  const props = { ...given, lang }
  const elements = pictures.map(({ picture: one, scheme }) =>
    pictureElement(scheme === undefined ? props : { ...props, loading: 'lazy' }, one, scheme),
  )
  if (css === undefined) return elements[0] ?? createElement(Fragment)
  const rules = createElement('style', { key: 'schemes', dangerouslySetInnerHTML: { __html: css } })
  return createElement(Fragment, null, rules, ...elements)
}

function pictureElement(
  { sizes, placeholder = true, style, ...rest }: Omit<GeminiPictureProps, 'picture'>,
  picture: RenderedPicture,
  scheme: string | undefined,
): ReactElement {
  const { srcset: srcSet, ...img } = picture.img
  const sources = picture.sources.map(({ srcset, ...source }, key) =>
    createElement('source', {
      key,
      ...source,
      srcSet: srcset,
      sizes: sizes ?? source.sizes,
    }),
  )
  const image = createElement('img', {
    loading: 'lazy',
    decoding: 'async',
    ...img,
    srcSet,
    sizes: sizes ?? img.sizes,
    style: { ...(placeholder && placeholderStyle(picture)), ...style },
    ...rest,
  })
  const attributes = scheme === undefined ? null : { key: scheme, 'data-gemini-scheme': scheme }
  return createElement('picture', attributes, ...sources, image)
}

/**
 * Shows what a provider requires beside a picture of looked-up data: its search suggestions, and the pages that it looked
 * at. It is empty where nothing was looked up.
 *
 * ```tsx
 * import weather, { alt, grounding } from './weather.prompt.md?gemini-image'
 *
 * <img src={weather} alt={alt} />
 * <GeneratedImageCredits of={grounding} />
 * ```
 */
export function GeneratedImageCredits({
  of,
  label = CREDIT_LABELS.label,
  searchLabel = CREDIT_LABELS.searchLabel,
}: CreditsProps): ReactElement | null {
  const { suggestions, pages } = creditsOf(of)
  if (suggestions.length === 0 && pages.length === 0) return null
  const frames = suggestions.map((srcDoc) =>
    createElement('iframe', {
      key: srcDoc,
      title: searchLabel,
      srcDoc,
      sandbox: SUGGESTIONS_SANDBOX,
      loading: 'lazy',
      style: SUGGESTIONS_STYLE,
    }),
  )
  const items = pages.map(({ title, url }) => {
    const link = { href: url, target: '_blank', rel: 'noopener noreferrer' }
    const content = url === undefined ? title : createElement('a', link, title)
    return createElement('li', { key: url ?? title }, content)
  })
  const list = items.length > 0 && createElement('ul', { key: 'pages' }, ...items)
  const section = { className: 'gemini-image-credits', 'aria-label': label }
  return createElement('section', section, ...frames, list)
}
