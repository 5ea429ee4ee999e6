export type {
  ReferenceRole,
  Safety,
  SafetyCategory,
  SafetyThreshold,
  TransportName,
} from './providers/request.ts'
export type { AnswerPart, Grounding, GroundingSource, Replay } from './providers/answer.ts'
export type { ImageType, Look } from './pixels/image.ts'
export { toRequest, type Call } from './plan/to-request.ts'
export type { PinnedPicture } from './pin/lock-entry.ts'
export {
  createBatches,
  openBatches,
  type Batches,
  type BatchSignals,
} from './generate/batch/batches.ts'
export type { CollectOptions } from './generate/batch/collect.ts'
export type { BatchItem } from './generate/batch/item.ts'
export type { LandedItem } from './generate/batch/commit-answers.ts'
export type { CollectSummary } from './generate/batch/outcome.ts'
export type { PendingRequest } from './generate/batch/pending.ts'
export type { BatchLedger, RecordedJob, RecordedRequest } from './generate/batch/record.ts'
export { formatRecord, parseRecord } from './generate/batch/record-text.ts'
export type { ResumeSummary } from './generate/batch/resume.ts'
export type { LeftOut } from './generate/batch/select.ts'
export type { JobStatus } from './generate/batch/show.ts'
export type { SubmitSummary, SubmittedJob } from './generate/batch/submit.ts'
export { fileOfId, inlineId, isInlineId, type DeclarationId } from './declare/declaration-id.ts'
export type { Declaration, Setting } from './declare/declaration.ts'
export { isContentFile } from './declare/inline/content.ts'
export { findTags, type ComponentTag } from './declare/inline/component-tags.ts'
export { findAsked, findInline, type Asked } from './declare/inline/find.ts'
export { FENCE_LANGUAGE } from './declare/inline/fences.ts'
export { findOurImports, type OurImport } from './declare/inline/imports.ts'
export {
  digestOf,
  toInlineDeclaration,
  type DeclaringFile,
  type Written,
} from './declare/inline/inline-declaration.ts'
export { ALIKE, likeness } from './declare/inline/similarity.ts'
export { findMacros, type MacroCall, type Macros } from './declare/inline/macro-calls.ts'
export {
  findInMarkdown,
  readFence,
  type MarkdownBody,
  type PictureFence,
  type PromptPath,
} from './declare/inline/markdown.ts'
export { Source } from './declare/inline/source.ts'
export type { AspectRatioOf, SizeOf } from './providers/models/offers.ts'
export type { PictureSettings } from './declare/picture-settings.ts'
export { SETTING_NAMES } from './declare/settings.ts'
export { labelOf } from './declare/label.ts'
export { splitMarker, type MarkedId } from './declare/marker.ts'
export { formatPlace, placeOfText, startOf, type Place } from './kernel/place.ts'
export { nameOf, parsePromptFile } from './declare/prompt-file.ts'
export { isPromptFile, noPromptFile, PROMPT_FILE_EXTENSION } from './declare/prompt-file-name.ts'
export { findSpecifiers, PromptFileIndex } from './declare/specifiers.ts'
export { isSourceFile } from './declare/source-file.ts'
export type { PromptSources } from './declare/prompt.ts'
export type { ReferenceRules, ReferenceSpec } from './declare/reference.ts'
export type { TransparentSetting } from './declare/settings.ts'
export {
  judge,
  type GroundingSpec,
  type ImageSpec,
  type JudgedSpec,
  type SpecContext,
  type TurnSpec,
} from './declare/spec.ts'
export { didYouMean, listWords } from './kernel/suggest.ts'
export { ERROR_CODES, type ErrorCode } from './kernel/errors/codes.ts'
export {
  GeminiImageError,
  isGeminiImageError,
  joinErrors,
  type ErrorParts,
} from './kernel/errors/error.ts'
export { cutOut, type CutOut } from './pixels/cut-out/cut-out.ts'
export { imagesOf, storedImages } from './pin/lock-entry.ts'
export type { LockEntry, StoredImage } from './pin/lock-entry.ts'
export type { RemotePin } from './pin/remote-pin.ts'
export {
  formatLockfile,
  parseLockfile,
  type LockEntries,
  type ParsedLockfile,
  type RemotePins,
} from './pin/lockfile-text.ts'
export {
  ALIASES,
  BATCH_LIMITS,
  DEFAULT_MODEL,
  MODELS,
  type ModelAlias,
  type ModelId,
  type ModelName,
} from './providers/models/catalogue.ts'
export {
  BUILT_IN,
  findModel,
  findModels,
  modelNames,
  pixelsOf,
  type LineUp,
  type ModelOverride,
} from './providers/models/line-up.ts'
export type {
  AliasRow,
  BatchLimits,
  GroundingKind,
  ModelRow,
  PriceRow,
  ReferenceLimits,
  SizeRow,
  ThinkingLevel,
} from './providers/models/model.ts'
export type { Pixels, PixelTable } from './pixels/size.ts'
export { formatDollars } from './kernel/dollars.ts'
export {
  estimateCost,
  formatEstimate,
  priceCall,
  sumEstimates,
  type CallSize,
  type Estimate,
  type TokenCount,
} from './providers/models/price.ts'
export { CONFIG_FILES, defineConfig, findConfigFile } from './options/config-file.ts'
export { withEnvFiles, type Env } from './options/env-files.ts'
export type { Logger } from './kernel/logger.ts'
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
} from './providers/batch-provider.ts'
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
export { BLOCK_REASONS, FINISH_REASONS, type Reason } from './providers/google/reasons.ts'
export {
  ICONS,
  renditionFormOf,
  type IconOrder,
  type RenditionForm,
} from './pixels/renditions/forms.ts'
export { readRenditionQuery, type RenditionPresets } from './pixels/renditions/query.ts'
export type { Rendition, RenditionSet, RenditionSource } from './pixels/renditions/renditions.ts'
export type {
  EncodedFormat,
  RenditionFormat,
  RenditionQuality,
  RenditionSettings,
} from './pixels/renditions/settings.ts'
export { hasAlpha, placeholderUri } from './pixels/blur-data-url.ts'
export type { RenditionWish } from './pictures/rendering.ts'
export type { ReferenceFacts, ReferenceImage, ReferenceType } from './providers/reference-image.ts'
export { fingerprint, FINGERPRINT_FORMAT } from './pin/fingerprint.ts'
export { type ImageRequest, type RequestReference, type RequestTurn } from './providers/request.ts'
export type { Alts } from './generate/alt/alts.ts'
export type { AltDraft, AltDrafts } from './generate/alt/draft-alts.ts'
export { LONGEST_DRAFT } from './generate/alt/check-draft.ts'
export type { DraftOrder, DraftPlan, OpenDraft } from './generate/alt/plan-drafts.ts'
export { TEXT_MODELS, type TextModelRow, type TextTokens } from './providers/models/text-models.ts'
export { scaleDown, type ScaledImage } from './pixels/scale-down.ts'
export {
  AltWarnings,
  captionOf,
  missingAlt,
  missingAlts,
  warnOfAlts,
  type Captioned,
} from './plan/missing-alt.ts'
export { setSetting } from './declare/edit-prompt-file.ts'
export { advise } from './plan/advice.ts'
export type { Declared, JudgedDeclaration } from './plan/declared.ts'
export type {
  Engine,
  Generated,
  GenerateWishes,
  HostEngine,
  HostOptions,
  Summary,
} from './project/engine.ts'
export { createEngine } from './project/project-engine.ts'
export { formerOf, type Change, type Former } from './plan/explain.ts'
export type { Progress } from './generate/generate.ts'
export type { Inventory, Waste } from './project/inventory.ts'
export type { Labelled } from './project/label-pinned.ts'
export {
  listMissing,
  missingKey,
  missingPicture,
  estimateSteps,
  totalEstimate,
} from './plan/missing.ts'
export { findOutdated, type Outdated } from './plan/outdated.ts'
export type { Plan, PlanRow } from './plan/plan.ts'
export type { PictureFile, ResolvedImage } from './pictures/resolved-image.ts'
export { writeWhole } from './kernel/files/write.ts'
export type { PlanState, Standing } from './plan/pinned-state.ts'
export { toSteps, variantsOf, type Step, type Steps } from './plan/step.ts'
export {
  openLeases,
  type Lease,
  type LeaseClock,
  type Leases,
  type LeaseOptions,
} from './team/lease.ts'
export { redisStore, type RedisStoreOptions } from './team/redis/redis-store.ts'
export { s3Store, type S3StoreOptions } from './team/s3/s3-store.ts'
export type { S3Credentials, S3Dialect } from './team/s3/sign.ts'
export type { Restored } from './team/shared-objects.ts'
export { findConditionalFault } from './team/conditional.ts'
export { isLeasable, type LeasableStore, type SharedStore } from './team/shared-store.ts'
export {
  openTeamStore,
  type ReadObject,
  type TeamStore,
  type TeamStoreOptions,
} from './team/team-store.ts'
export { unstorageStore, type UnstorageLike } from './team/unstorage-store.ts'
export { openObjectStore, type ObjectStore, type StoredObject } from './pin/object-store.ts'
export {
  checkSlots,
  isTemplateName,
  renderTemplate,
  TEMPLATES,
  type SlotProblem,
  type TemplateName,
  type TemplateSlots,
} from './declare/templates/templates.ts'
export type { Slot, SlotTable, Template, TemplatesOf } from './declare/templates/template.ts'
export { openLabels, type Labels } from './pin/label-facts.ts'
export { sourceTypeUri, type SourceType } from './pixels/labels/source-type.ts'
export { sourceTypes } from './pin/source-types.ts'
export { findC2pa } from './pixels/labels/c2pa.ts'
export { readFileLabel, type FileLabel } from './pixels/labels/file-label.ts'
export { featuresOf, likenessOf, LOOKS_ALIKE, type Features } from './pixels/labels/features.ts'
export { addXmp, removeXmp } from './pixels/labels/xmp/add-xmp.ts'
export { xmpPacket, type LabelFacts } from './pixels/labels/xmp/packet.ts'
