import type { Layout } from '../layout.ts'
import type { Order } from '../order.ts'
import { RENDITION_SETTINGS, type EncodedFormat, type RenditionSettings } from '../settings.ts'
import type { RenditionParameter, SingleForm } from './names.ts'

/** A form of rendition: a value of the registry, `forms.ts`. */
export interface Form {
  /** The settings that a query may say of it. */
  readonly takes: readonly RenditionParameter[]
  /** Whether it is one file, which a stylesheet, a page or a URL can take. */
  readonly isOneFile: boolean
  /** Turns what is asked for into files; the renditions that a form consists of have orders of their own. */
  readonly makes: ((asked: AskedSettings, subject: FormSubject) => Order) | readonly FormPart[]
  /**
   * What an import gives by default.
   * @param sets One, or one for each of its parts.
   */
  /** Whether it shows the scenes of a picture as well. @default it is of the picture alone */
  readonly hasScenes?: boolean
  value(sets: readonly FormSet[], facts: FormFacts, write: Writer): unknown
  readonly told: FormTold
}

/** How a form is told of: in client types, and in the docs. */
export interface FormTold {
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

/** A rendition: what a form goes by of a `RenditionSet`. */
export interface FormSet extends Pick<Layout, 'shown' | 'sizes'> {
  /** By preference; the last is for browsers that know none of them. Never empty. */
  readonly sources: readonly {
    readonly type: string
    /** Ascending by width; never empty. */
    readonly files: readonly { readonly file: string; readonly descriptor: string }[]
  }[]
}

/** What is told of a picture besides its files. */
/** What is shown in the place of a picture where its condition holds. */
export interface FormScene extends Pick<FormFacts, 'alt' | 'looks'> {
  readonly media: string | undefined
  readonly scheme:
    | { readonly name: 'dark' | 'light'; readonly selector?: string | undefined }
    | undefined
  readonly set: FormSet
}

export interface FormFacts {
  /** In the order declared; none for most forms. @default none */
  readonly scenes?: readonly FormScene[] | undefined
  readonly alt: string
  /** What a page shows until the picture is there; `undefined` where it would show afterwards. */
  readonly looks: { readonly color: unknown; readonly placeholder: unknown } | undefined
}

/** How addresses are written: as code of a host's module, or as they are. */
export interface Writer {
  /** The address of a file, by its path. */
  url(file: string): unknown
  /** What `srcset` takes: addresses, each with its descriptor. */
  srcset(files: FormSet['sources'][number]['files']): unknown
}

export interface FormSubject {
  /** Whether it is transparent anywhere. */
  readonly hasAlpha: boolean
  /** `jpeg`, `png` or `webp`. */
  readonly format: string
}

/** Settings as a query gives them. */
export interface AskedSettings extends RenditionSettings {
  /** The side of an icon, in pixels. */
  readonly size?: number | undefined
}

/** A rendition that a form consists of. */
export interface FormPart {
  readonly form: SingleForm
  /** Its side in pixels, where the form leaves that open. */
  readonly size?: number
}

/** Whether a form leaves open which sizes and formats it is of; icons and the like have their own. */
export function isOpen({ takes }: Form): boolean {
  return takes === RENDITION_SETTINGS
}

/** Whether the layers of a picture are drawn in a form: icons, which show all of it or a square, have no room for words. */
export function isDrawnOn({ takes }: Form): boolean {
  return takes.includes('fit')
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
export function largestOf({ sources }: FormSet, write: Writer): unknown {
  return write.url(sources.at(-1)?.files.at(-1)?.file ?? '')
}

/** The rendition that a form of one is. */
export function onlyOne([set]: readonly FormSet[]): FormSet {
  if (!set) throw new RangeError('No rendition')
  return set
}
