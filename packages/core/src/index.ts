export type { Declaration, Setting } from './declaration/declaration.ts'
export { splitMarker, type MarkedId } from './declaration/marker.ts'
export { formatPlace, placeOfText, startOf, type Place } from './declaration/place.ts'
export { parsePromptFile, PROMPT_FILE_EXTENSION } from './declaration/prompt-file.ts'
export { findSpecifiers, isPromptFile, PromptFileIndex } from './declaration/references.ts'
export { isSourceFile } from './declaration/scan.ts'
export { judge, type ImageSpec, type JudgedSpec, type SpecDefaults } from './declaration/spec.ts'
export { ERROR_CODES, type ErrorCode } from './errors/codes.ts'
export {
  GeminiImageError,
  isGeminiImageError,
  joinErrors,
  type ErrorParts,
} from './errors/error.ts'
export type { ImageType, LockEntry } from './lock/lock-entry.ts'
export {
  formatLockfile,
  parseLockfile,
  type LockEntries,
  type ParsedLockfile,
} from './lock/lockfile-text.ts'
export { ALIASES, DEFAULT_MODEL, MODELS } from './models/catalogue.ts'
export { findModel, modelNames, pixelsOf } from './models/find-model.ts'
export type { AliasRow, ModelRow, PriceRow, SizeRow } from './models/model.ts'
export type { Pixels, PixelTable } from './models/pixels.ts'
export { estimateCost, formatDollars, priceTokens, type TokenCount } from './models/price.ts'
export type { Logger } from './options/logger.ts'
export type { Mode, Options } from './options/options.ts'
export {
  resolveOptions,
  type ResolvedOptions,
  type Surroundings,
} from './options/resolve-options.ts'
export type {
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
} from './providers/provider.ts'
export { fingerprint, FINGERPRINT_FORMAT } from './request/fingerprint.ts'
export { toRequest, type ImageRequest } from './request/request.ts'
export { advise } from './resolve/advice.ts'
export type { Declared } from './resolve/declared.ts'
export { createEngine, type Engine, type Summary } from './resolve/engine.ts'
export { totalEstimate } from './resolve/missing.ts'
export type { Plan, PlanRow, PlanState } from './resolve/plan.ts'
export type { ResolvedImage } from './resolve/resolved-image.ts'
