/** What a dev server tells the pages that show placeholders. */
export interface PlaceholderNews {
  /** Which placeholder. */
  readonly id: string
  /** Where it is declared, why it is shown, and what to do; `undefined` for the picture itself. */
  readonly line: string | undefined
  /** The URL that pages have → the one to show in its place. */
  readonly urls: readonly (readonly [from: string, to: string])[]
}

/** A page tells which URLs it shows that may be placeholders. */
export const SHOWN_EVENT = 'gemini-image:shown'

/** The answer, and what changes later. */
export const NEWS_EVENT = 'gemini-image:news'

/** What a page imports, once Vite's client is there. */
export const PLACEHOLDER_CLIENT = 'virtual:gemini-image/placeholders'

/** The id of that module. */
export const PLACEHOLDER_CLIENT_ID = '\0gemini-image:placeholders.js'

/** Stands in Vite's client, and hardly anywhere else: which module is asked for is looked at, too. */
export const IN_VITE_CLIENT = '__HMR_PROTOCOL__'

/** Vite's client, which each page of each framework loads in dev. */
export const VITE_CLIENT: RegExp = /\/vite\/dist\/client\/client\.mjs$/
