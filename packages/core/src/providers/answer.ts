/** A part of an answer: text, or a picture by its number in the answer. */
export type AnswerPart = { readonly text: string } | { readonly image: number }

/** What Google wants to be shown beside a picture that was drawn from looked-up data. */
export interface Grounding {
  /** HTML of Google, with the searches as links. */
  readonly searchSuggestions?: string | undefined
  readonly sources: readonly GroundingSource[]
  /** What was searched for. */
  readonly queries: readonly string[]
}

/** A page or picture that was looked at. */
export interface GroundingSource {
  readonly url: string
  readonly title?: string | undefined
  /** The address of the picture itself, where a picture was found. */
  readonly imageUrl?: string | undefined
}

/**
 * What an API needs to go on from an answer: its own JSON, thought signatures included, with
 * `{ $image: n }` in the place of a picture's bytes.
 */
export interface Replay {
  readonly api: string
  readonly items: readonly unknown[]
  /** The id under which the server keeps the answer, where it does. */
  readonly id?: string | undefined
}
