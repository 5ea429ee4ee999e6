import type { Component } from 'svelte'
import type { HTMLImgAttributes } from 'svelte/elements'
import type { ByLanguage, RenderedPicture } from '../dist/rendered-picture.js'

export type {
  ByLanguage,
  RenderedImage,
  RenderedPicture,
  RenderedSource,
} from '../dist/rendered-picture.js'

type Img = Omit<HTMLImgAttributes, 'src' | 'srcset' | 'width' | 'height' | 'placeholder' | 'sizes'>

/** What the component takes: a picture, and what its `<img>` takes. */
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

/** A picture in the sizes and formats that a browser likes best, without any layout shift. */
declare const GeminiPicture: Component<GeminiPictureProps>
type GeminiPicture = ReturnType<typeof GeminiPicture>
export default GeminiPicture
