import { Fragment, h, type FunctionalComponent, type ImgHTMLAttributes } from 'vue'
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

/** What {@link GeminiPicture} takes; what its `<img>` takes besides is passed on. */
export interface GeminiPictureProps
  extends /* @vue-ignore */ Omit<
    ImgHTMLAttributes,
    'src' | 'srcset' | 'width' | 'height' | 'placeholder' | 'sizes'
  > {
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
 * A picture in the sizes and formats that a browser likes best, without any layout shift.
 *
 * ```vue
 * <script setup>
 * import { GeminiPicture } from 'unplugin-gemini-image/vue'
 * import hero from './hero.prompt.md?gemini-image&as=picture'
 * </script>
 *
 * <template><GeminiPicture :picture="hero" loading="eager" fetchpriority="high" /></template>
 * ```
 *
 * `loading` is `lazy` and `decoding` is `async` unless told otherwise; `alt` is what is declared.
 */
export const GeminiPicture: FunctionalComponent<GeminiPictureProps> = Object.assign(
  (
    { picture, lang: language, sizes, placeholder = true }: GeminiPictureProps,
    { attrs }: { attrs: Record<string, unknown> },
  ) => {
    const { pictures, css, lang } = shownPictures(picture, language)
    const elements = pictures.map(({ picture: one, scheme }) =>
      h('picture', { 'data-gemini-scheme': scheme }, [
        ...one.sources.map((source) => h('source', { ...source, sizes: sizes ?? source.sizes })),
        h('img', {
          loading: 'lazy',
          decoding: 'async',
          ...one.img,
          sizes: sizes ?? one.img.sizes,
          lang,
          ...attrs,
          ...(scheme !== undefined && { loading: 'lazy' }),
          style: [placeholder && placeholderStyle(one), attrs['style']],
        }),
      ]),
    )
    return css === undefined ? elements[0] : h(Fragment, [h('style', css), ...elements])
  },
  {
    displayName: 'GeminiPicture',
    props: ['picture', 'lang', 'sizes', 'placeholder'],
    inheritAttrs: false,
  },
)

/**
 * Shows what a provider requires beside a picture of looked-up data: its search suggestions, and the pages that it looked
 * at. It is empty where nothing was looked up.
 *
 * ```vue
 * <script setup>
 * import { GeneratedImageCredits } from 'unplugin-gemini-image/vue'
 * import weather, { alt, grounding } from './weather.prompt.md?gemini-image'
 * </script>
 *
 * <template><img :src="weather" :alt="alt" /><GeneratedImageCredits :of="grounding" /></template>
 * ```
 */
export const GeneratedImageCredits: FunctionalComponent<CreditsProps> = Object.assign(
  ({ of, label = CREDIT_LABELS.label, searchLabel = CREDIT_LABELS.searchLabel }: CreditsProps) => {
    const { suggestions, pages } = creditsOf(of)
    if (suggestions.length === 0 && pages.length === 0) return null
    const frames = suggestions.map((srcdoc) =>
      h('iframe', {
        title: searchLabel,
        srcdoc,
        sandbox: SUGGESTIONS_SANDBOX,
        loading: 'lazy',
        style: SUGGESTIONS_STYLE,
      }),
    )
    const items = pages.map(({ title, url }) => {
      const link = { href: url, target: '_blank', rel: 'noopener noreferrer' }
      return h('li', [url === undefined ? title : h('a', link, title)])
    })
    const list = items.length > 0 ? [h('ul', items)] : []
    return h('section', { class: 'gemini-image-credits', 'aria-label': label }, [
      ...frames,
      ...list,
    ])
  },
  { displayName: 'GeneratedImageCredits', props: ['of', 'label', 'searchLabel'] },
)
