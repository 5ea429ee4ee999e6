import { createElement, type ImgHTMLAttributes, type ReactElement } from 'react'
import { placeholderStyle, type RenderedPicture } from './rendered-picture.ts'

export type { RenderedImage, RenderedPicture, RenderedSource } from './rendered-picture.ts'

type Img = Omit<
  ImgHTMLAttributes<HTMLImageElement>,
  'src' | 'srcSet' | 'width' | 'height' | 'placeholder' | 'children'
>

/** What {@link GeminiPicture} takes: a picture, and what its `<img>` takes. */
export interface GeminiPictureProps extends Img {
  /** What an import with `as=picture` gives. */
  readonly picture: RenderedPicture
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
 * `loading` is `lazy` and `decoding` is `async` unless told otherwise; `alt` is what is declared.
 */
export function GeminiPicture({
  picture,
  sizes,
  placeholder = true,
  style,
  ...rest
}: GeminiPictureProps): ReactElement {
  const { srcset, ...img } = picture.img
  const sources = picture.sources.map((source) =>
    createElement('source', {
      key: source.type,
      type: source.type,
      srcSet: source.srcset,
      sizes: sizes ?? source.sizes,
    }),
  )
  const image = createElement('img', {
    loading: 'lazy',
    decoding: 'async',
    ...img,
    srcSet: srcset,
    sizes: sizes ?? img.sizes,
    style: { ...(placeholder && placeholderStyle(picture)), ...style },
    ...rest,
  })
  return createElement('picture', null, ...sources, image)
}
