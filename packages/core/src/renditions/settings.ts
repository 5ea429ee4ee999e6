import { z } from 'zod'

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
export type RenditionQuality = {
  readonly [Format in Exclude<RenditionFormat, 'png'>]?: number | undefined
}

/** The formats of renditions. */
const FORMATS: readonly RenditionFormat[] = ['avif', 'webp', 'jpeg', 'png']

/** In pixels. No codec here goes beyond it: WebP's limit. @see https://developers.google.com/speed/webp/faq */
export const LARGEST = 16_383

const pixels = z.int().min(1).max(LARGEST)
const quality = z.int().min(1).max(100)

/** Where a picture's focus may lie. */
export const FOCUS: RegExp = /^(?:attention|entropy|center|(?:\d{1,2}|100)% (?:\d{1,2}|100)%)$/

const shape = {
  widths: z.array(pixels).min(1),
  width: pixels,
  height: pixels,
  density: z.array(z.number().min(0.5).max(5)).min(1),
  ratio: z.string().regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/),
  fit: z.enum(['cover', 'contain']),
  focus: z.string().regex(FOCUS),
  background: z.string().regex(/^(?:#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d\s,.%/]+\))$/i),
  formats: z.array(z.enum(FORMATS)).min(1),
  quality: z.union([
    quality,
    z.strictObject({ avif: quality, webp: quality, jpeg: quality }).partial(),
  ]),
  sizes: z.string().trim().min(1),
  upscale: z.boolean(),
} satisfies Record<keyof RenditionSettings, z.ZodType>

/** Checks rendition settings, each for itself. */
export const renditionSchema: z.ZodType<RenditionSettings> = z.strictObject(shape).partial()

/** The name of every setting. */
export const RENDITION_SETTINGS: readonly (keyof RenditionSettings)[] = Object.keys(
  shape,
) as (keyof RenditionSettings)[]

/** What each setting takes, in the words of a message. */
export const EXPECTED_OF_RENDITION: Readonly<Record<keyof RenditionSettings, string>> = {
  widths: `widths in pixels, such as 400;800;1200, each from 1 to ${LARGEST}`,
  width: `pixels, from 1 to ${LARGEST}`,
  height: `pixels, from 1 to ${LARGEST}`,
  density: 'densities from 0.5 to 5, such as 1;2',
  ratio: 'a ratio such as 4:3',
  fit: 'cover or contain',
  focus: 'attention, entropy, center, or a place such as 30% 60%',
  background: 'a colour such as white, #f4f1ea or rgb(244 241 234)',
  formats: 'formats, such as avif;webp;jpeg; they are avif, webp, jpeg and png',
  quality: 'a number from 1 to 100, or one by format, such as avif:50;webp:70',
  sizes: 'what the attribute "sizes" takes',
  upscale: 'true or false',
}
