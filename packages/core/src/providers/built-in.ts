import { GOOGLE } from './google/definition.ts'
import type { ProviderDefinition } from './definition.ts'

/** What generates where a project names no provider. Its models are the ones that types and docs know. */
export const DEFAULT_PROVIDER: ProviderDefinition = GOOGLE

export { BLOCK_REASONS, FINISH_REASONS, type Reason } from './google/reasons.ts'
export { PROMPT_LANGUAGES } from './google/languages.ts'
export { TEXT_MODELS } from './google/text-models.ts'
export { ALIASES, MODELS, type ModelName } from './google/catalogue.ts'
export type { AspectRatioOf, SizeOf } from './google/offers.ts'
