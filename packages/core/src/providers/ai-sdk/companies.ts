/** What is known of a company whose models the AI SDK asks. */
export interface Company {
  readonly name: string
  /** The variables in which its package looks for a key, in this order. */
  readonly variables: readonly string[]
  /** Where a person gets one. */
  readonly page: string
}

/** By the name that the AI SDK gives it: what comes before the dot in `openai.image`. */
export const COMPANIES: Readonly<Record<string, Company>> = {
  openai: {
    name: 'OpenAI',
    variables: ['OPENAI_API_KEY'],
    page: 'https://platform.openai.com/api-keys',
  },
  fal: {
    name: 'fal',
    variables: ['FAL_API_KEY', 'FAL_KEY'],
    page: 'https://fal.ai/dashboard/keys',
  },
  replicate: {
    name: 'Replicate',
    variables: ['REPLICATE_API_TOKEN'],
    page: 'https://replicate.com/account/api-tokens',
  },
}
