import { inLanguage, type ByLanguage } from './languages.ts'

export type { ByLanguage } from './languages.ts'

/** What `as=picture` gives: a picture in sizes and formats, ready for a `<picture>` element. */
export interface RenderedPicture {
  /** By preference, all but the last format: that is `img`. */
  readonly sources: readonly RenderedSource[]
  readonly img: RenderedImage
  /** The dominant colour: `#2b4a3f`. Absent where the picture is transparent, and it would show. */
  readonly color?: string
  /** A data URI of under 1 KB, to be shown until the picture is there. Absent as `color` is. */
  readonly placeholder?: string
  /** What is shown in its place where the page's root matches a selector. Absent where no scene asks for one. */
  readonly schemes?: readonly RenderedScheme[]
}

/** A picture for a color scheme that a class or an attribute of the page's root sets. */
export interface RenderedScheme {
  /** What the root matches then: `.dark`. */
  readonly selector: string
  readonly picture: Omit<RenderedPicture, 'schemes'>
}

/** Whether it is what an import with `as=picture` gives, and not one for each language. */
function isOnePicture(
  picture: RenderedPicture | ByLanguage<RenderedPicture>,
): picture is RenderedPicture {
  return Array.isArray(picture['sources'])
}

/** One `<source>` element. */
export interface RenderedSource {
  /** Media type. */
  readonly type: string
  readonly srcset: string
  /** Absent where the picture has a fixed width. */
  readonly sizes?: string
  /** The media query of a scene; absent where the picture itself is shown. */
  readonly media?: string
  /** In CSS pixels, of a scene: a page keeps room for it. */
  readonly width?: number
  /** In CSS pixels, of a scene. */
  readonly height?: number
}

/** What `as=img` gives: an `<img>` element. */
export interface RenderedImage {
  readonly src: string
  readonly srcset: string
  /** Absent where the picture has a fixed width. */
  readonly sizes?: string
  /** In CSS pixels: with it, a page keeps room for the picture. */
  readonly width: number
  /** In CSS pixels. */
  readonly height: number
  /** Alternative text as declared; empty for a decorative picture. */
  readonly alt: string
}

/** What `as=og`, `as=og-square` and `as=og-portrait` give: a picture that networks show beside a link. */
export interface RenderedPreview {
  readonly src: string
  /** In pixels: 1200, or 1000 for `og-portrait`. */
  readonly width: number
  /** In pixels: 630, 1200 for `og-square`, or 1500 for `og-portrait`. */
  readonly height: number
  /** Media type. */
  readonly type: string
  /** Alternative text as declared. */
  readonly alt: string
}

/** What `as=icon` and its like give: an icon, in the words of a web app's manifest. */
export interface RenderedIcon {
  readonly src: string
  /** `192x192`; of a favicon, all that it holds. */
  readonly sizes: string
  /** Media type. */
  readonly type: string
  /** Where it may stand in a manifest. */
  readonly purpose?: 'any' | 'maskable'
}

/** What `as=icons` gives: all icons of a site. */
export interface RenderedIcons {
  readonly favicon: RenderedIcon
  /** The member `icons` of a web app's manifest: 192 and 512 pixels, and 512 to be masked. */
  readonly icons: readonly RenderedIcon[]
  readonly appleTouchIcon: RenderedIcon
  /** The `<link>` elements of a page's head. */
  readonly links: readonly {
    readonly rel: string
    readonly type: string
    readonly sizes: string
    readonly href: string
  }[]
}

/** What `as=sheet` gives: the pictures of a set in one file, as PixiJS, Phaser and TexturePacker's other readers take it. */
export interface RenderedSheet {
  /** The file. */
  readonly src: string
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  /** Where each picture is, by its value under `sheet` or `each`. */
  readonly frames: Readonly<Record<string, RenderedFrame>>
  readonly meta: {
    readonly app: string
    readonly version: string
    /** The file. */
    readonly image: string
    readonly format: string
    /** In pixels. */
    readonly size: { readonly w: number; readonly h: number }
    readonly scale: string
  }
}

/** Where a picture is in its sheet. In pixels. */
export interface RenderedFrame {
  /** The part of the sheet that holds it. */
  readonly frame: RenderedRect
  /** No picture is turned. */
  readonly rotated: false
  /** Whether transparent borders were taken off. */
  readonly trimmed: boolean
  /** Where that part lies in the whole picture. */
  readonly spriteSourceSize: RenderedRect
  /** The whole picture. */
  readonly sourceSize: { readonly w: number; readonly h: number }
}

/** A part of a picture, in pixels. */
export interface RenderedRect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** The background of an `<img>` until its picture is there; nothing where it would show afterwards. */
export function placeholderStyle({ color, placeholder }: RenderedPicture):
  | {
      readonly backgroundColor: string
      readonly backgroundImage: string
      readonly backgroundSize: string
    }
  | undefined {
  return color === undefined || placeholder === undefined
    ? undefined
    : {
        backgroundColor: color,
        backgroundImage: `url("${placeholder}")`,
        backgroundSize: 'cover',
      }
}

/** A `<picture>` element of several, one of which is shown. */
export interface ShownPicture {
  readonly picture: Omit<RenderedPicture, 'schemes'>
  /** The value of its attribute `data-gemini-scheme`; `undefined` for the only one. */
  readonly scheme: string | undefined
}

/** The elements of a picture, and the rules that hide all but one of them. */
export interface ShownPictures {
  readonly pictures: readonly ShownPicture[]
  /** CSS; `undefined` where there is nothing to hide. */
  readonly css: string | undefined
  /** The attribute of that name, where the language of the page did not choose the picture. */
  readonly lang: string | undefined
}

/**
 * The elements that show a picture, or of one for each language the one of the page's language, or else the first. Where the
 * root of the page decides between several, all but one are hidden. A browser loads none that is hidden, as long as it loads
 * lazily.
 * @param language As in `<html lang>`.
 */
export function shownPictures(
  given: RenderedPicture | ByLanguage<RenderedPicture>,
  language?: string,
): ShownPictures {
  const isOne = isOnePicture(given)
  const { schemes = [], ...picture } = isOne ? given : inLanguage(given, language)
  const lang = isOne ? language : undefined
  if (schemes.length === 0) {
    return { pictures: [{ picture, scheme: undefined }], css: undefined, lang }
  }
  const selectors = schemes.map(({ selector }) => selector)
  const none = `not ${selectors.join()}`
  const hide = (root: string, scheme: string): string =>
    `:root${root} [data-gemini-scheme=${JSON.stringify(scheme)}]{display:none!important}`
  const css = [
    hide(`:is(${selectors.join()})`, none),
    ...selectors.map((selector) => hide(`:not(${selector})`, selector)),
  ].join('')
  const others = schemes.map((one) => ({ picture: one.picture, scheme: one.selector }))
  return { pictures: [{ picture, scheme: none }, ...others], css, lang }
}
