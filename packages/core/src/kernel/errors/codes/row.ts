/** What is known of a code, whatever the single failure is. The message of a failure says the rest. */
export interface ErrorRow {
  /** One sentence: the failure, in the words of whoever meets it. */
  readonly meaning: string
  /** Markdown: causes that one message can't know, and checks that help. Left out where the message says it all. */
  readonly more?: string
  /** Where docs/ goes on, perhaps at a heading: `ci.md#pull-requests-from-forks`. */
  readonly page?: string
}
