/** A language that a provider's image models are at their best in. */
export interface LanguageRow {
  /** As the provider's guide lists it, region included. */
  readonly code: string
  /** Its English name. */
  readonly name: string
}
