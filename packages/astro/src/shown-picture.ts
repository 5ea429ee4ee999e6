import type { PictureSettings } from '@gemini-image/core/internal'
import { inLanguage, type ByLanguage } from 'unplugin-gemini-image/languages'
import {
  placeholderStyle,
  shownPictures,
  type RenderedPicture,
} from 'unplugin-gemini-image/rendered-picture'
import type { ContentImage } from './content-image.ts'

/** What the components for pictures take besides the properties of Astro's own. */
export interface PictureProps extends Omit<PictureSettings, 'style'> {
  /** Settings that have another meaning as an attribute, or all of them: `{{ style: 'brand' }}`. */
  readonly settings?: PictureSettings | undefined
  /**
   * A picture that is declared elsewhere: from a macro, from content, or from an import `&as=object`. Of one for each language
   * (`&as=object&by=language`), that of the page is shown.
   */
  readonly picture?: ContentImage | ByLanguage<ContentImage> | undefined
  /** The language of the page, where there is a picture for each. @default Astro.currentLocale */
  readonly lang?: string | undefined
}

/** What `GeminiPicture` takes: also what an import with `as=picture` gives. */
export type RenderedPictureProps = Omit<PictureProps, 'picture'> & {
  readonly picture?: PictureProps['picture'] | RenderedPicture | ByLanguage<RenderedPicture>
}

/** What a component shows. */
export interface ShownPicture {
  readonly picture: ContentImage
  readonly alt: string
  /** The properties that are for Astro's component. */
  readonly rest: Readonly<Record<string, unknown>>
}

/**
 * The picture of a component: the integration has put it in the place of the settings.
 * @param locale The language of the page: `Astro.currentLocale`.
 * @throws {Error} `MISSING_PICTURE_PROP` where it has not.
 */
export function shownPicture(
  component: string,
  props: PictureProps,
  locale: string | undefined,
): ShownPicture {
  const { picture: given, alt, ...rest } = inPageLanguage(props, locale)
  const picture = given as ContentImage | undefined
  if (picture) return { picture, alt: alt ?? picture.alt, rest }
  throw Object.assign(
    new Error(
      `<${component}> has no picture.\n` +
        `  What to do: write prompt="…" as text, in a file that imports { ${component} } from 'astro-gemini-image/components' (Astro, MDX); or hand over a picture that is declared elsewhere: <${component} picture={…} />. The integration has to be in astro.config.`,
    ),
    { code: 'MISSING_PICTURE_PROP' },
  )
}

/** An `<img>` within its `<picture>`. */
interface RenderedElement {
  /** The attribute `data-gemini-scheme`; `undefined` where nothing decides between several. */
  readonly scheme: string | undefined
  readonly sources: readonly Readonly<Record<string, unknown>>[]
  readonly img: Readonly<Record<string, unknown>>
}

/** What a component shows of an import with `as=picture`: one element, or one for each scheme and what hides the others. */
export interface RenderedElements {
  readonly elements: readonly RenderedElement[]
  /** CSS. */
  readonly css: string | undefined
}

/** What an import with `as=picture` shows; `undefined` for a component with any other picture, or with settings. */
export function renderedElements(
  props: Readonly<Record<string, unknown>>,
  locale: string | undefined,
): RenderedElements | undefined {
  const { picture, sizes, style, ...rest } = inPageLanguage(props, locale)
  if (!isRendered(picture)) return undefined
  const { pictures, css } = shownPictures(picture)
  const sized = sizes === undefined ? {} : { sizes }
  const elements = pictures.map(({ picture: one, scheme }) => ({
    scheme,
    sources: one.sources.map((source) => ({ ...source, ...sized })),
    img: {
      loading: 'lazy',
      decoding: 'async',
      ...one.img,
      ...sized,
      ...rest,
      // A browser would load what is hidden.
      ...(scheme !== undefined && { loading: 'lazy' }),
      style: styleText(placeholderStyle(one), style),
    },
  }))
  return { elements, css }
}

/** The properties with the picture in the language of the page, where there is one for each. */
function inPageLanguage<Props extends { readonly picture?: unknown; readonly lang?: unknown }>(
  props: Props,
  locale: string | undefined,
): Props {
  const { picture, lang, ...rest } = props
  if (typeof picture !== 'object' || picture === null || isOne(picture)) return props
  const language = typeof lang === 'string' ? lang : locale
  return { ...rest, picture: inLanguage(picture as ByLanguage<unknown>, language) } as Props
}

/** Whether it is a picture, and not one for each language. Astro ships the file of an image of which anything is read. */
function isOne(picture: object): boolean {
  return isRendered(picture) || 'src' in picture
}

function isRendered(picture: unknown): picture is RenderedPicture {
  return typeof picture === 'object' && picture !== null && 'sources' in picture
}

function styleText(...styles: readonly unknown[]): string | undefined {
  const written = styles.flatMap((style) => {
    if (typeof style === 'string') return style
    const rules = Object.entries(Object(style) as Record<string, unknown>)
    return rules.map(([name, value]) => `${toKebab(name)}:${String(value)}`)
  })
  return written.length > 0 ? written.join(';') : undefined
}

function toKebab(name: string): string {
  return name.startsWith('--')
    ? name
    : name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
