/** The formats that renditions are encoded in. */
export type RenditionFormat = 'avif' | 'webp' | 'jpeg' | 'png'

/** The formats of files: renditions, and icon files. */
export type EncodedFormat = RenditionFormat | 'ico'

/** How a picture is made fit for its place in a page. All of it is optional. */
export interface RenditionSettings {
  /**
   * Widths to choose from, in pixels.
   * @default [400, 800, 1200, 1600, 2400], as far as the picture reaches, and its own
   */
  readonly widths?: readonly number[] | undefined
  /**
   * The width at which it is shown, in CSS pixels; in place of `widths`, together with `density`.
   * With `height`, the picture is cut to their ratio.
   */
  readonly width?: number | undefined
  /** The height at which it is shown, in CSS pixels. */
  readonly height?: number | undefined
  /**
   * The pixel densities to serve, with `width`.
   * @default [1, 2]
   */
  readonly density?: readonly number[] | undefined
  /** The ratio to cut to: `4:3`. `width` and `height` together beat it. @default the picture's own */
  readonly ratio?: string | undefined
  /**
   * `cover` cuts what does not fit; `contain` shows all of it, on `background`.
   * @default 'cover'
   */
  readonly fit?: 'cover' | 'contain' | undefined
  /**
   * What to keep where the picture is cut: `attention` (what draws the eye), `entropy`, `center`, or a
   * place such as `30% 60%`, from the left and from the top.
   * @default the declaration's `focus`, or 'attention'
   */
  readonly focus?: string | undefined
  /** The colour behind the picture, as CSS writes it. @default transparent, or white */
  readonly background?: string | undefined
  /**
   * Formats, the preferred first. The last is that of the image for browsers which know none of them.
   * @default ['avif', 'webp', 'jpeg'] for `as=picture`, with `png` in the place of `jpeg` for a picture
   *   with transparency; ['webp'] for `as=img` and `as=srcset`; the picture's own for `as=url`
   */
  readonly formats?: readonly RenditionFormat[] | undefined
  /** From 1 to 100, for all formats or by format. @default avif 50, webp 75, jpeg 78 */
  readonly quality?: number | RenditionQuality | undefined
  /**
   * How wide the picture is shown, as in HTML.
   * @default as wide as the page, and no wider than the largest width
   */
  readonly sizes?: string | undefined
  /** Whether widths beyond the picture's own are made. @default false */
  readonly upscale?: boolean | undefined
}

/** From 1 to 100, by format. PNG has none: it loses nothing. */
type RenditionQuality = {
  readonly [Format in Exclude<RenditionFormat, 'png'>]?: number | undefined
}

/** Every setting, so that a new one cannot be left out of what is read from queries. */
const SETTINGS: Readonly<Record<keyof RenditionSettings, true>> = {
  widths: true,
  width: true,
  height: true,
  density: true,
  ratio: true,
  fit: true,
  focus: true,
  background: true,
  formats: true,
  quality: true,
  sizes: true,
  upscale: true,
}

export const RENDITION_SETTINGS: readonly (keyof RenditionSettings)[] = Object.keys(
  SETTINGS,
) as (keyof RenditionSettings)[]
