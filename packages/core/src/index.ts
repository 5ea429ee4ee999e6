export { createBatches, openBatches, type Batches, type BatchSignals } from './batch/batches.ts'
export type { CollectOptions } from './batch/collect.ts'
export type { BatchItem } from './batch/item.ts'
export type { LandedItem } from './batch/landing.ts'
export type { CollectSummary } from './batch/outcome.ts'
export type { PendingRequest } from './batch/pending.ts'
export type { BatchLedger, RecordedJob, RecordedRequest } from './batch/record.ts'
export { formatRecord, parseRecord } from './batch/record-text.ts'
export type { ResumeSummary } from './batch/resume.ts'
export type { LeftOut } from './batch/select.ts'
export type { JobStatus } from './batch/show.ts'
export type { SubmitSummary, SubmittedJob } from './batch/submit.ts'
export { fileOfId, inlineId, isInlineId, type DeclarationId } from './declaration/declaration-id.ts'
export type { Declaration, Setting } from './declaration/declaration.ts'
export { isContentFile } from './declaration/inline/content.ts'
export { findTags, type ComponentTag } from './declaration/inline/component-tags.ts'
export { findAsked, findInline, type Asked } from './declaration/inline/find.ts'
export { FENCE_LANGUAGE } from './declaration/inline/fences.ts'
export { findOurImports, type OurImport } from './declaration/inline/imports.ts'
export {
  digestOf,
  toInlineDeclaration,
  type DeclaringFile,
  type Written,
} from './declaration/inline/inline-declaration.ts'
export { ALIKE, likeness } from './declaration/inline/likeness.ts'
export { findMacros, type MacroCall, type Macros } from './declaration/inline/macro-calls.ts'
export {
  findInMarkdown,
  readFence,
  type MarkdownBody,
  type PictureFence,
  type PromptPath,
} from './declaration/inline/markdown.ts'
export { Source } from './declaration/inline/source.ts'
export type { AspectRatioOf, SizeOf } from './models/offers.ts'
export type { PictureSettings } from './declaration/picture-settings.ts'
export { SETTING_NAMES } from './declaration/settings.ts'
export { labelOf } from './declaration/label.ts'
export { splitMarker, type MarkedId } from './declaration/marker.ts'
export { formatPlace, placeOfText, startOf, type Place } from './declaration/place.ts'
export { nameOf, parsePromptFile } from './declaration/prompt-file.ts'
export {
  isPromptFile,
  noPromptFile,
  PROMPT_FILE_EXTENSION,
} from './declaration/prompt-file-name.ts'
export { findSpecifiers, PromptFileIndex } from './declaration/specifiers.ts'
export { isSourceFile } from './declaration/source-file.ts'
export type { PromptSources } from './declaration/prompt.ts'
export type { ReferenceRules, ReferenceSpec } from './declaration/reference.ts'
export type {
  ReferenceRole,
  Safety,
  SafetyCategory,
  SafetyThreshold,
  TransparentSetting,
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
export { didYouMean, listWords } from './declaration/suggest.ts'
export { ERROR_CODES, type ErrorCode } from './errors/codes.ts'
export {
  GeminiImageError,
  isGeminiImageError,
  joinErrors,
  type ErrorParts,
} from './errors/error.ts'
export { cutOut, type CutOut } from './cut-out/cut-out.ts'
export { imagesOf, storedImages } from './lock/lock-entry.ts'
export type {
  AnswerPart,
  Grounding,
  GroundingSource,
  ImageType,
  LockEntry,
  Look,
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
  BATCH_LIMITS,
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
  BatchLimits,
  GroundingKind,
  ModelRow,
  PriceRow,
  ReferenceLimits,
  SizeRow,
  ThinkingLevel,
} from './models/model.ts'
export type { Pixels, PixelTable } from './models/pixels.ts'
export { formatDollars } from './models/dollars.ts'
export {
  estimateCost,
  formatEstimate,
  priceCall,
  sumEstimates,
  type CallSize,
  type Estimate,
  type TokenCount,
} from './models/price.ts'
export { CONFIG_FILES, defineConfig, findConfigFile } from './options/config-file.ts'
export { withEnvFiles, type Env } from './options/env-files.ts'
export type { Logger } from './options/logger.ts'
export { findProjectRoot } from './options/gather-options.ts'
export { openOptions } from './options/open-options.ts'
export type { LabelOptions, Mode, Options, StoreOptions } from './options/options.ts'
export {
  resolveOptions,
  type ResolvedOptions,
  type SharedOptions,
  type Surroundings,
} from './options/resolve-options.ts'
export type {
  BatchAsked,
  BatchContext,
  BatchCounts,
  BatchJob,
  BatchLine,
  BatchOrder,
  BatchProvider,
  BatchState,
} from './providers/batch/batch-provider.ts'
export type {
  Description,
  DescriptionJob,
  PastAnswer,
  PastImage,
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
  ResultPart,
} from './providers/provider.ts'
export { BLOCK_REASONS, FINISH_REASONS, type Reason } from './providers/reasons.ts'
export { ICONS, renditionFormOf, type IconOrder, type RenditionForm } from './renditions/forms.ts'
export { readRenditionQuery, type RenditionPresets } from './renditions/query.ts'
export type { Rendition, RenditionSet, RenditionSource } from './renditions/renditions.ts'
export type {
  EncodedFormat,
  RenditionFormat,
  RenditionQuality,
  RenditionSettings,
} from './renditions/settings.ts'
export { hasAlpha, placeholderUri } from './render/placeholder-uri.ts'
export type { RenditionWish } from './resolve/rendering.ts'
export type { ReferenceFacts, ReferenceImage, ReferenceType } from './reference/reference-image.ts'
export { fingerprint, FINGERPRINT_FORMAT } from './request/fingerprint.ts'
export {
  toRequest,
  type Call,
  type ImageRequest,
  type RequestReference,
  type RequestTurn,
} from './request/request.ts'
export type { Alts } from './alt/alts.ts'
export type { AltDraft, AltDrafts } from './alt/draft-alts.ts'
export { LONGEST_DRAFT } from './alt/judge-draft.ts'
export type { DraftOrder, DraftPlan, OpenDraft } from './alt/plan-drafts.ts'
export { TEXT_MODELS, type TextModelRow, type TextTokens } from './models/text-models.ts'
export { scaleDown, type ScaledImage } from './render/scale-down.ts'
export {
  AltWarnings,
  captionOf,
  missingAlt,
  missingAlts,
  warnOfAlts,
  type Captioned,
} from './alt/missing-alt.ts'
export { setSetting } from './declaration/edit-prompt-file.ts'
export { advise } from './resolve/advice.ts'
export type { Declared, JudgedDeclaration } from './resolve/declared.ts'
export type {
  Engine,
  Generated,
  GenerateWishes,
  HostEngine,
  HostOptions,
  Summary,
} from './resolve/engine.ts'
export { createEngine } from './resolve/project-engine.ts'
export { formerOf, type Change, type Former } from './resolve/explain.ts'
export type { Progress } from './resolve/generate.ts'
export type { Inventory, PinnedPicture, Waste } from './resolve/inventory.ts'
export type { Labelled } from './resolve/label-pinned.ts'
export {
  listMissing,
  missingKey,
  missingPicture,
  estimateSteps,
  totalEstimate,
} from './resolve/missing.ts'
export { findOutdated, type Outdated } from './resolve/outdated.ts'
export type { Plan, PlanRow } from './resolve/plan.ts'
export type { PictureFile, ResolvedImage } from './resolve/resolved-image.ts'
export { writeWhole } from './store/write.ts'
export type { PlanState, Standing } from './resolve/shelf.ts'
export { toSteps, variantsOf, type Step, type Steps } from './resolve/step.ts'
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
export { findConditionalFault } from './shared/conditional.ts'
export { isLeasable, type LeasableStore, type SharedStore } from './shared/shared-store.ts'
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
export { openLabels, type Labels } from './labels/labels.ts'
export { sourceTypeUri, type SourceType } from './labels/source-type.ts'
export { sourceTypes } from './labels/source-types.ts'
export { findC2pa } from './labels/c2pa.ts'
export { readFileLabel, type FileLabel } from './labels/file-label.ts'
export { featuresOf, likenessOf, LOOKS_ALIKE, type Features } from './labels/features.ts'
export { addXmp, removeXmp } from './labels/xmp/add-xmp.ts'
export { xmpPacket, type LabelFacts } from './labels/xmp/packet.ts'
