import type { Credentials } from '../credentials.ts'

/** Company, as the AI SDK names it → the variables in which its package looks for a key. */
export const KEY_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['openai', ['OPENAI_API_KEY']],
  ['fal', ['FAL_API_KEY', 'FAL_KEY']],
  ['replicate', ['REPLICATE_API_TOKEN']],
])

const variables = [...KEY_VARIABLES.values()].flat()
const inEnvFiles = new RegExp(`^(?:${variables.join('|')})$`)

/** The keys of companies that are known. */
export const AI_SDK_CREDENTIALS: Credentials = {
  variable: 'OPENAI_API_KEY',
  variables,
  page: 'https://ai-sdk.dev/providers',
  baseUrl: 'OPENAI_BASE_URL',
  inEnvFiles,
  secretNames: inEnvFiles,
  keyPattern: 'sk-[0-9A-Za-z_-]{40,}|r8_[0-9A-Za-z]{37}',
  keyName: "a key of OpenAI's or Replicate's",
  api: 'generating pictures',
  ownNames: /OPENAI_\w*KEY|REPLICATE_\w*TOKEN|FAL_\w*KEY/,
}
