/** What the toolbar asks the dev server for. */
export type ToolbarRequest =
  | {
      readonly action: 'list'
      /** Names of files that the page shows. */
      readonly files: readonly string[]
    }
  | { readonly action: 'redraw'; readonly id: string }
  | { readonly action: 'pick'; readonly id: string; readonly variant: number }

/** A variant of a picture. */
export interface VariantItem {
  /** From 1. */
  readonly number: number
  readonly isPicked: boolean
  /** The address of its picture; `undefined` while it is not drawn. */
  readonly src: string | undefined
}

/** A picture on a page. */
export interface PictureItem {
  readonly id: string
  readonly name: string
  readonly prompt: string
  readonly alt: string | undefined
  /** The model that drew it, or is to draw it. */
  readonly model: string
  readonly state: 'cached' | 'stale' | 'missing'
  /** What it cost, or may cost, in words: `$0.04`. */
  readonly price: string
  /** What drawing it anew may cost, in words. */
  readonly redrawPrice: string
  /** `src/hero.prompt.md:3:1`. */
  readonly place: string
  /** The same for an editor, with an absolute path. */
  readonly location: string
  /** The address of the picture; `undefined` while it is not drawn. */
  readonly src: string | undefined
  readonly variants: readonly VariantItem[]
}

/** What the dev server answers. */
export interface ToolbarAnswer {
  /** What is to be said about the whole page: an error, or why nothing can be drawn. */
  readonly message?: string
  readonly pictures?: readonly PictureItem[]
  /** Whether the server can draw at all. */
  readonly canDraw?: boolean
}
