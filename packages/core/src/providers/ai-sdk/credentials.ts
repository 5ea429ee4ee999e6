import type { Credentials } from '../credentials.ts'
import { COMPANIES } from './companies.ts'

const VARIABLES = Object.values(COMPANIES).flatMap(({ variables }) => variables)

/** Matches one of some names, and nothing else. */
function anyOf(names: readonly string[]): RegExp {
  return names.length === 0 ? /(?!)/ : new RegExp(`^(?:${names.join('|')})$`)
}

/** The keys of companies that are known. What the AI SDK itself reads comes from the process alone. */
export const AI_SDK_CREDENTIALS: Credentials = {
  variable: VARIABLES[0] ?? '',
  variables: VARIABLES,
  page: 'https://ai-sdk.dev/providers/ai-sdk-providers',
  baseUrl: 'OPENAI_BASE_URL',
  inEnvFiles: anyOf(VARIABLES),
  secretNames: anyOf(VARIABLES),
  keyPattern: 'sk-[0-9A-Za-z_-]{40,}|r8_[0-9A-Za-z]{37}',
  keyName: "a key of OpenAI's or Replicate's",
  api: 'generating pictures',
  ownNames: /OPENAI_\w*KEY|REPLICATE_\w*TOKEN|FAL_\w*KEY/,
}

/**
 * Those of some models. @param variables The variables that hold their keys.
 * @param page Where a person gets one.
 */
export function credentialsOf(variables: readonly string[], page: string | undefined): Credentials {
  return {
    ...AI_SDK_CREDENTIALS,
    variable: variables[0] ?? '',
    variables,
    page: page ?? AI_SDK_CREDENTIALS.page,
    secretNames: anyOf(variables),
  }
}
