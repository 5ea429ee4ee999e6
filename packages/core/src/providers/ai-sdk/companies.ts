/** What messages say of a company whose models the AI SDK asks. */
interface Company {
  readonly name: string
  /** Where a person gets a key. */
  readonly page: string
}

/** By the name that the AI SDK gives it: what comes before the dot in `openai.image`. */
export const COMPANIES: ReadonlyMap<string, Company> = new Map([
  ['openai', { name: 'OpenAI', page: 'https://platform.openai.com/api-keys' }],
  ['fal', { name: 'fal', page: 'https://fal.ai/dashboard/keys' }],
  ['replicate', { name: 'Replicate', page: 'https://replicate.com/account/api-tokens' }],
])
