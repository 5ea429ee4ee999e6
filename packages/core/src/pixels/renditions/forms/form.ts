import type { Order } from '../order.ts'
import { RENDITION_SETTINGS, type EncodedFormat, type RenditionSettings } from '../settings.ts'
import type { RenditionParameter, SingleForm } from './names.ts'

/** A form of rendition: a value of the registry, `forms.ts`, or one of the option `forms`. */
export interface Form {
  /** The settings that a query may say of it. */
  readonly takes: readonly RenditionParameter[]
  /** Whether it is one file, which a stylesheet, a page or a URL can take. */
  readonly isOneFile: boolean
  /** Turns what is asked for into files; the renditions that a form consists of have orders of their own. */
  readonly makes: ((asked: AskedSettings, subject: FormSubject) => Order) | readonly FormPart[]
  /** Whether it shows the scenes of a picture as well. @default it is of the picture alone */
  readonly hasScenes?: boolean
  /** Whether the layers of a picture are drawn in it. @default where it takes `fit`: icons have no room for words */
  readonly hasLayers?: boolean
  /** Whether others fetch its file by the address: none is part of a script. @default one file may be, where a host likes it */
  readonly isLinked?: boolean
  /** Whether a dev server makes all of its files, too. @default one file will do where sizes and formats are open */
  readonly isExact?: boolean
  /** Whether its file holds all pictures of a set. @default it is of one picture */
  readonly isOfSet?: boolean
  /**
   * What an import gives by default.
   * @param sets One, or one for each of its parts.
   */
  value(sets: readonly FormSet[], facts: FormFacts, write: Writer): unknown
}

/** A form that this program brings, with what the types and the docs say of it. */
export interface BuiltInForm extends Form {
  readonly told: FormTold
}

/** How a form is told of: in client types, and in the docs. */
interface FormTold {
  /** The sentence above the default export. */
  readonly what: string
  /** A name for the default export. */
  readonly name: string
  /** Its type, or the name of one that `rendered-picture` exports. */
  readonly type: string
  /** What the docs say of the default export, in Markdown. */
  readonly gives: string
  /** What the docs say of its files: the formats by default, or the file. */
  readonly files: string
}

/** A rendition as a form sees it: a picture in sizes and formats. */
export interface FormSet {
  /** The room that a page keeps for it, in CSS pixels: what `width` and `height` of an element say. */
  readonly shown: { readonly width: number; readonly height: number }
  /** What the attribute `sizes` takes; `undefined` where its width is fixed, and densities are served. */
  readonly sizes: string | undefined
  /** Its files by format, the preferred one first; the last is for browsers that know none of them. Never empty. */
  readonly sources: readonly {
    /** Media type: `image/webp`. */
    readonly type: string
    /** Ascending by width; never empty. */
    readonly files: readonly FormFile[]
  }[]
  /** Where the pictures of a set are in its file, by name. @default it is of one picture */
  readonly frames?: Readonly<Record<string, SheetFrame>> | undefined
}

/**
 * Where a picture is in its sheet, as PixiJS, Phaser and others read it. In pixels.
 * @see https://pixijs.download/release/docs/assets.SpritesheetFrameData.html
 */
export interface SheetFrame {
  /** The part of the sheet that holds it. */
  readonly frame: Rect
  readonly rotated: false
  /** Whether transparent borders were taken off. */
  readonly trimmed: boolean
  /** Where that part lies in the whole picture. */
  readonly spriteSourceSize: Rect
  /** The whole picture. */
  readonly sourceSize: { readonly w: number; readonly h: number }
}

interface Rect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** A file of a rendition. */
export interface FormFile {
  /** Its path, for a {@link Writer}. It names a file of this machine, and belongs into no page. */
  readonly file: string
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  /** What `srcset` says of it: `800w` or `2x`. */
  readonly descriptor: string
}

/** What is shown in the place of a picture where its condition holds. */
export interface FormScene extends Pick<FormFacts, 'alt' | 'looks'> {
  /** A media query; `undefined` where only a color scheme decides. */
  readonly media: string | undefined
  /** The color scheme, and what the root of a page matches then, where that decides and not the system. */
  readonly scheme:
    | { readonly name: 'dark' | 'light'; readonly selector?: string | undefined }
    | undefined
  readonly set: FormSet
}

/** What is known of a picture besides its files. */
export interface FormFacts {
  /** In the order declared. @default none, except for a form that has scenes */
  readonly scenes?: readonly FormScene[] | undefined
  /** Alternative text as declared; empty for a decorative picture. */
  readonly alt: string
  /**
   * What a page shows until the picture is there: a colour (`#2b4a3f`), and a data URI of under 1 KB. `undefined` for a
   * picture with transparency, behind which it would show.
   */
  readonly looks: { readonly color: string; readonly placeholder: string } | undefined
}

/**
 * Gives the addresses of files. A bundler names files later: what stands for an address goes into texts, lists and
 * objects as it is, and can be neither read nor encoded.
 */
export interface Writer {
  /** The address of a file, by its path. */
  url(file: string): string
  /** What the attribute `srcset` takes: addresses, each with its descriptor. */
  srcset(files: readonly FormFile[]): string
}

/** A picture before renditions are made of it. */
export interface FormSubject {
  /** Whether it is transparent anywhere. */
  readonly hasAlpha: boolean
  /** `jpeg`, `png` or `webp`. */
  readonly format: string
}

/** Settings as an import gives them, those of its preset included. */
export interface AskedSettings extends RenditionSettings {
  /** The side of an icon, in pixels. */
  readonly size?: number | undefined
}

/** A built-in rendition that a form consists of. */
export interface FormPart {
  readonly form: SingleForm
  /** Its side in pixels, where the form leaves that open. */
  readonly size?: number
}

/**
 * The signs of an address with which a browser ends it in `srcset`, or passes over it: white space, and a comma at either end.
 * @see https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute
 */
export const NOT_IN_SRCSET: RegExp = /^,|,$|\s/g

/** Whether a form leaves open which sizes and formats it is of; icons and the like have their own. */
export function isOpen({ takes }: Form): boolean {
  return takes === RENDITION_SETTINGS
}

/** Whether the layers of a picture are drawn in a form. */
export function isDrawnOn({ takes, hasLayers = takes.includes('fit') }: Form): boolean {
  return hasLayers
}

/** The first of the formats that are asked for, where a form has one. */
export function oneFormat({ formats }: RenditionSettings, own: string): readonly EncodedFormat[] {
  return formats?.slice(0, 1) ?? [own as EncodedFormat]
}

/** The attributes of an `<img>` that shows the last format of a picture. */
export function imgOf(set: FormSet, { alt }: Pick<FormFacts, 'alt'>, write: Writer): object {
  const { sources, shown, sizes } = set
  const files = sources.at(-1)?.files ?? []
  return {
    src: largestOf(set, write),
    srcset: write.srcset(files),
    ...(sizes !== undefined && { sizes }),
    width: shown.width,
    height: shown.height,
    alt,
  }
}

/** The address of the largest file of the last format. */
export function largestOf({ sources }: FormSet, write: Writer): string {
  return write.url(sources.at(-1)?.files.at(-1)?.file ?? '')
}

/** The rendition that a form of one is. */
export function onlyOne([set]: readonly FormSet[]): FormSet {
  if (!set) throw new RangeError('No rendition')
  return set
}
