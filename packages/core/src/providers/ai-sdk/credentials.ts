import type { Credentials } from '../credentials.ts'

/** Company, as the AI SDK names it → the variables in which its package looks for a key. */
export const KEY_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['openai', ['OPENAI_API_KEY']],
  ['fal', ['FAL_API_KEY', 'FAL_KEY']],
  ['replicate', ['REPLICATE_API_TOKEN']],
])

/**
 * The credentials of some models: env files set the variables of keys, and never an address.
 * @param variables Those that hold a key.
 * @param page Where a person gets one.
 */
export function credentialsOf(
  variables: readonly string[],
  page: string = 'https://ai-sdk.dev/providers',
): Credentials {
  const keys = variables.length === 0 ? /(?!)/ : new RegExp(`^(?:${variables.join('|')})$`)
  return {
    variable: variables[0] ?? '',
    variables,
    page,
    baseUrl: 'OPENAI_BASE_URL',
    inEnvFiles: keys,
    secretNames: keys,
    keyPattern: 'sk-[0-9A-Za-z_-]{40,}|r8_[0-9A-Za-z]{37}',
    keyName: "a key of OpenAI's or Replicate's",
    api: 'generating pictures',
    ownNames: /OPENAI_\w*KEY|REPLICATE_\w*TOKEN|FAL_\w*KEY/,
  }
}
