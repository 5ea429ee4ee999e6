export type { Declaration, Setting } from './declaration/declaration.ts'
export { splitMarker, type MarkedId } from './declaration/marker.ts'
export { formatPlace, placeOfText, startOf, type Place } from './declaration/place.ts'
export { parsePromptFile, PROMPT_FILE_EXTENSION } from './declaration/prompt-file.ts'
export { findSpecifiers, isPromptFile, PromptFileIndex } from './declaration/specifiers.ts'
export { isSourceFile } from './declaration/scan.ts'
export type { PromptSources } from './declaration/prompt.ts'
export type { ReferenceRules, ReferenceSpec } from './declaration/reference.ts'
export type {
  ReferenceRole,
  Safety,
  SafetyCategory,
  SafetyThreshold,
  TransportName,
} from './declaration/settings.ts'
export {
  judge,
  type GroundingSpec,
  type ImageSpec,
  type JudgedSpec,
  type SpecContext,
  type TurnSpec,
} from './declaration/spec.ts'
export { ERROR_CODES, type ErrorCode } from './errors/codes.ts'
export {
  GeminiImageError,
  isGeminiImageError,
  joinErrors,
  type ErrorParts,
} from './errors/error.ts'
export type {
  AnswerPart,
  Grounding,
  GroundingSource,
  ImageType,
  LockEntry,
  Replay,
  StoredImage,
} from './lock/lock-entry.ts'
export type { RemotePin } from './lock/remote-pin.ts'
export {
  formatLockfile,
  parseLockfile,
  type LockEntries,
  type ParsedLockfile,
  type RemotePins,
} from './lock/lockfile-text.ts'
export {
  ALIASES,
  DEFAULT_MODEL,
  MODELS,
  type ModelAlias,
  type ModelId,
  type ModelName,
} from './models/catalogue.ts'
export {
  BUILT_IN,
  findModel,
  findModels,
  modelNames,
  pixelsOf,
  type LineUp,
  type ModelOverride,
} from './models/line-up.ts'
export type {
  AliasRow,
  GroundingKind,
  ModelRow,
  PriceRow,
  ReferenceLimits,
  SizeRow,
  ThinkingLevel,
} from './models/model.ts'
export type { Pixels, PixelTable } from './models/pixels.ts'
export {
  estimateCost,
  formatDollars,
  formatEstimate,
  priceCall,
  sumEstimates,
  type CallSize,
  type Estimate,
  type TokenCount,
} from './models/price.ts'
export type { Logger } from './options/logger.ts'
export type { Mode, Options } from './options/options.ts'
export {
  resolveOptions,
  type ResolvedOptions,
  type Surroundings,
} from './options/resolve-options.ts'
export type {
  PastAnswer,
  PastImage,
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
  ResultPart,
} from './providers/provider.ts'
export { BLOCK_REASONS, FINISH_REASONS, type Reason } from './providers/reasons.ts'
export type { ReferenceFacts, ReferenceImage, ReferenceType } from './reference/reference-image.ts'
export { fingerprint, FINGERPRINT_FORMAT } from './request/fingerprint.ts'
export {
  toRequest,
  type Call,
  type ImageRequest,
  type RequestReference,
  type RequestTurn,
} from './request/request.ts'
export { advise } from './resolve/advice.ts'
export type { Declared, JudgedDeclaration } from './resolve/declared.ts'
export { createEngine, type Engine, type Summary } from './resolve/engine.ts'
export { totalEstimate } from './resolve/missing.ts'
export type { Plan, PlanRow } from './resolve/plan.ts'
export type { PictureFile, ResolvedImage } from './resolve/resolved-image.ts'
export type { PlanState, Standing } from './resolve/shelf.ts'
export type { Step, Steps } from './resolve/step.ts'
export {
  openLeases,
  type Lease,
  type LeaseClock,
  type Leases,
  type LeaseOptions,
} from './shared/lease.ts'
export { redisStore, type RedisStoreOptions } from './shared/redis/redis-store.ts'
export { s3Store, type S3StoreOptions } from './shared/s3/s3-store.ts'
export type { S3Credentials, S3Dialect } from './shared/s3/sign.ts'
export type { Restored } from './shared/shared-objects.ts'
export type { LeasableStore, SharedStore } from './shared/shared-store.ts'
export {
  openTeamStore,
  type ReadObject,
  type TeamStore,
  type TeamStoreOptions,
} from './shared/team-store.ts'
export { unstorageStore, type UnstorageLike } from './shared/unstorage-store.ts'
export { openObjectStore, type ObjectStore, type StoredObject } from './store/object-store.ts'
export {
  checkSlots,
  isTemplateName,
  renderTemplate,
  TEMPLATES,
  type SlotProblem,
  type TemplateName,
  type TemplateSlots,
} from './templates/templates.ts'
export type { Slot, SlotTable, Template, TemplatesOf } from './templates/template.ts'
