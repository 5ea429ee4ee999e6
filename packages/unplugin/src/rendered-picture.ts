/** What `as=picture` gives: a picture in sizes and formats, ready for a `<picture>` element. */
export interface RenderedPicture {
  /** By preference, all but the last format: that is `img`. */
  readonly sources: readonly RenderedSource[]
  readonly img: RenderedImage
  /** The dominant colour: `#2b4a3f`. Absent where the picture is transparent, and it would show. */
  readonly color?: string
  /** A data URI of under 1 KB, to be shown until the picture is there. Absent as `color` is. */
  readonly placeholder?: string
}

/** One `<source>` element. */
export interface RenderedSource {
  /** Media type. */
  readonly type: string
  readonly srcset: string
  /** Absent where the picture has a fixed width. */
  readonly sizes?: string
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

/** What `as=og` gives: the picture that networks show beside a link. */
export interface RenderedPreview {
  readonly src: string
  /** 1200 pixels. */
  readonly width: number
  /** 630 pixels. */
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
