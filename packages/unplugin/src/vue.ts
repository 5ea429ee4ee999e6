import { h, type FunctionalComponent, type ImgHTMLAttributes } from 'vue'
import { placeholderStyle, type RenderedPicture } from './rendered-picture.ts'

export type { RenderedImage, RenderedPicture, RenderedSource } from './rendered-picture.ts'

/** What {@link GeminiPicture} takes; what its `<img>` takes besides is passed on. */
export interface GeminiPictureProps
  extends /* @vue-ignore */ Omit<
    ImgHTMLAttributes,
    'src' | 'srcset' | 'width' | 'height' | 'placeholder' | 'sizes'
  > {
  /** What an import with `as=picture` gives. */
  readonly picture: RenderedPicture
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
    { picture, sizes, placeholder = true }: GeminiPictureProps,
    { attrs }: { attrs: Record<string, unknown> },
  ) =>
    h('picture', [
      ...picture.sources.map((source) => h('source', { ...source, sizes: sizes ?? source.sizes })),
      h('img', {
        loading: 'lazy',
        decoding: 'async',
        ...picture.img,
        sizes: sizes ?? picture.img.sizes,
        ...attrs,
        style: [placeholder && placeholderStyle(picture), attrs['style']],
      }),
    ]),
  { displayName: 'GeminiPicture', props: ['picture', 'sizes', 'placeholder'], inheritAttrs: false },
)
