import { GOOGLE } from './google/definition.ts'
import type { ProviderDefinition, ProviderEnv } from './definition.ts'
import { VERTEX_CREDENTIALS } from './vertex/credentials.ts'

/** What generates where a project names no provider. Its models are the ones that types and docs know. */
export const DEFAULT_PROVIDER: ProviderDefinition = GOOGLE

/**
 * The provider that variables choose where a project names none; `undefined` for the default. Its code is loaded then,
 * and not before.
 */
export async function chosenProvider(env: ProviderEnv): Promise<ProviderDefinition | undefined> {
  const said = VERTEX_CREDENTIALS.chosenBy
    ?.map((name) => env[name])
    .find((one) => one !== undefined)
  if (said?.trim().toLowerCase() !== 'true') return undefined
  const { vertex } = await import('./vertex/definition.ts')
  return vertex()
}

export { BLOCK_REASONS, FINISH_REASONS, type Reason } from './google/reasons.ts'
export { PROMPT_LANGUAGES } from './google/languages.ts'
export { TEXT_MODELS } from './google/text-models.ts'
export { ALIASES, MODELS, type ModelName } from './google/catalogue.ts'
export type { AspectRatioOf, SizeOf } from './google/offers.ts'
