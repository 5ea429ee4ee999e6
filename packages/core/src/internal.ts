/**
 * What our own hosts and the command load once they work. It may change with any release.
 * @module
 */
export {
  type DeclarationId,
  inlineId,
  isInlineId,
  type Declaration,
  type Setting,
  labelOf,
  shownId,
  selectionOfId,
} from './declare/declaration.ts'
export {
  applyEdit,
  proposeEdit,
  writeSettings,
  type DeclarationChange,
  type ProposedEdit,
} from './declare/edit/propose.ts'
export { type ComponentTag, findTags } from './declare/inline/component-tags.ts'
export { isContentFile } from './declare/inline/content.ts'
export { FENCE_LANGUAGE, scriptSyntax, Source } from './declare/inline/source.ts'
export { textsBeside } from './declare/inline/data.ts'
export { variablesIn } from './declare/variables.ts'
export { findAsked, findInline } from './declare/inline/find.ts'
export { type OurImport, findOurImports } from './declare/inline/imports.ts'
export { digestOf, toInlineDeclaration } from './declare/inline/inline-declaration.ts'
export { type MacroCall, findMacros } from './declare/inline/macro-calls.ts'
export {
  definedPromptFiles,
  findInMarkdown,
  findReferences,
  promptFileOf,
  readFence,
} from './declare/inline/markdown.ts'
export {
  ALIKE,
  similarity,
  type Change,
  type Former,
  entriesByPlace,
  formerOf,
  sharesFile,
} from './plan/explain.ts'
export type { MarkedId } from './declare/marker.ts'
export { decodePath } from './declare/requests/request.ts'
export { findRequests, isStyle } from './declare/requests/requests.ts'
export { partsOf, type Part } from './declare/parts.ts'
export { specifiersIn, type AttributeUrl } from './declare/requests/markup.ts'
export { findInContent, scanProject, type ContentRules } from './declare/scan.ts'
export { findMistaken } from './declare/requests/mistaken.ts'
export { PromptFileIndex } from './declare/prompt-file-index.ts'
export { type PictureSettings, readAge } from './declare/settings.ts'
export { isPromptFile, isSourceFile, isUnsearched } from './declare/source-files.ts'
export { nameOf, parsePromptFile } from './declare/prompt-file.ts'
export { select, selectionsOf } from './declare/sets.ts'
export { validate } from './declare/spec.ts'
export { TEMPLATES, type TemplateName, type TemplateSlots } from './declare/templates/templates.ts'
export {
  type AltDraft,
  type AltDrafts,
  assertMayAsk,
  draftAlts,
} from './generate/alt/draft-alts.ts'
export { type DraftOrder, type DraftPlan, planDrafts } from './generate/alt/plan-drafts.ts'
export { cancelBatches } from './generate/batch/cancel.ts'
export { collectBatches } from './generate/batch/collect.ts'
export type { BatchItem } from './generate/batch/item.ts'
export type { CollectSummary } from './generate/batch/outcome.ts'
export { resumeBatches } from './generate/batch/resume.ts'
export { type LeftOut, estimateReady } from './generate/batch/select.ts'
export { type JobStatus, showBatches } from './generate/batch/show.ts'
export { type SubmitSummary, selectReady, submitBatch } from './generate/batch/submit.ts'
export type { Progress } from './generate/generate.ts'
export {
  type LedgerContent,
  type NumberedLine,
  linesOf,
  monthOf,
  parseLedger,
  sumOf,
} from './generate/ledger.ts'
export { ENDING_SIGNALS } from './kernel/process-guard.ts'
export { sharedEnds } from './kernel/differing.ts'
export { formatDollars } from './kernel/dollars.ts'
export { eachProblem, joinErrors } from './kernel/errors/error.ts'
export { writeWhole } from './kernel/files/write.ts'
export type { Logger } from './kernel/logger.ts'
export { formatPlace, startOf } from './kernel/place.ts'
export { didYouMean } from './kernel/suggest.ts'
export { CONFIG_FILES, findProjectRoot } from './options/gather-options.ts'
export { readEnvFiles } from './options/all-env-files.ts'
export { isCi, openEnv, readEnvFile, withEnvFiles, type Env } from './options/env-files.ts'
export { type ResolvedOptions, resolveOptions } from './options/resolve-options.ts'
export { parseForSite } from './options/site-languages.ts'
export { outlineRenditions, type RenditionWish } from './pictures/rendering.ts'
export { fingerprint } from './pin/fingerprint.ts'
export { openLabels, promptOf, sourceTypes } from './pin/labels.ts'
export {
  ADOPTED,
  type LockEntry,
  type PinnedPicture,
  type StoredImage,
  imagesOf,
  keptImages,
  resultsOf,
  storedImages,
} from './pin/lock-entry.ts'
export {
  type LockEntries,
  type LockTexts,
  formatLockfile,
  parseLockfile,
} from './pin/lockfile-text.ts'
export { type PinnedResult, type PinnedText, countResults, imagesIn } from './pin/pinned-text.ts'
export type { StoredObject } from './pin/lock-entry.ts'
export { type ObjectStore, openObjectStore } from './pin/object-store.ts'
export { isAdopted } from './pin/pinned-text.ts'
export { type Features, LOOKS_ALIKE, featuresOf, similarityOf } from './pixels/labels/features.ts'
export { type FileLabel, isGeneratedType, readFileLabel } from './pixels/labels/file-label.ts'
export { type SourceType, type LabelFacts, SOURCE_TYPES } from './pixels/labels/xmp/packet.ts'
export { removeXmp } from './pixels/labels/xmp/add-xmp.ts'
export type {
  BuiltInForm,
  FormFacts,
  FormFile,
  FormPart,
  FormScene,
  Writer,
} from './pixels/renditions/forms/form.ts'
export { NOT_IN_SRCSET } from './pixels/renditions/forms/form.ts'
export { formFailed, told } from './pixels/renditions/forms/check-form.ts'
export { FORMS, formOf, isBuiltIn } from './pixels/renditions/forms/forms.ts'
export type { FormName } from './pixels/renditions/forms/names.ts'
export { readRenditionQuery } from './pixels/renditions/query.ts'
export type { RenditionSet, RenditionSource } from './pixels/renditions/renditions.ts'
export type { RenditionSettings } from './pixels/renditions/settings.ts'
export { inspectImage, scaleDown } from './pixels/image.ts'
export { advise, type Outdated, findOutdated } from './plan/outdated.ts'
export { type Advice, lint, lintRules } from './plan/lint/lint.ts'
export { type Declared, chainOf, stepsOf } from './plan/declared.ts'
export { fallbackLines } from './plan/fallbacks.ts'
export { AltWarnings, type Captioned, captionOf, warnOfAlts } from './plan/alt-warnings.ts'
export { missingAlt, missingAlts } from './plan/missing-alt.ts'
export { estimateRow, estimateSteps, stepsToPay } from './plan/estimate.ts'
export type { Selection } from './plan/plan.ts'
export { type Step, toSteps, variantsOf } from './plan/step.ts'
export {
  type GenerateOptions,
  assertCanGenerate,
  canGenerate,
  generateDeclarations,
  type Generated,
  type Withheld,
  whyWithheld,
  withheldOf,
} from './project/generate.ts'
export { appIcons } from './project/app-icons.ts'
export { APP_PLATFORMS, type AppIconFile, type AppPlatform } from './pixels/app-icons.ts'
export { labelPinned } from './project/label-pinned.ts'
export {
  layered,
  livePreview,
  outline,
  picture,
  preview,
  render,
  saveChecks,
} from './project/picture.ts'
export { fetchPlan, planOf, planPromptFiles } from './project/plan.ts'
export { preparePlan, repair, share } from './project/prepare.ts'
export { cutOff, stop } from './project/project.ts'
export {
  type PinnedWords,
  type Waste,
  type WasteFilter,
  findWaste,
  prune,
} from './project/prune.ts'
export type { Grounding } from './providers/provider.ts'
export { shownBy } from './providers/request.ts'
export {
  ALIASES,
  type AspectRatioOf,
  BLOCK_REASONS,
  DEFAULT_PROVIDER,
  FINISH_REASONS,
  MODELS,
  type ModelName,
  PROMPT_LANGUAGES,
  type Reason,
  type SizeOf,
  TEXT_MODELS,
} from './providers/built-in.ts'
export { CREDENTIALS } from './providers/built-in-credentials.ts'
export type { Credentials } from './providers/credentials.ts'
export type { ProviderDefinition } from './providers/definition.ts'
export { whyShown } from './project/stand-in-for.ts'
export { type WhyMissing, whyMissing, whyUnable } from './project/why-missing.ts'
export { findModel, modelNames } from './providers/models/line-up.ts'
export type { ModelRow } from './providers/models/model.ts'
export { countTexts, formatAsked } from './plan/missing.ts'
export {
  type Estimate,
  estimateCost,
  formatEstimate,
  picturePrices,
  priceCall,
} from './providers/models/price.ts'
export type { TextModelRow } from './providers/models/text-models.ts'
export { findConditionalFault, type Lease, openLeases } from './team/lease.ts'
export { isLeasable } from './team/shared-store.ts'
export { type TeamStore, type TeamStoreOptions, openTeamStore } from './team/team-store.ts'
export { inert, inertLine } from './kernel/errors/inert.ts'
export { appendLine } from './kernel/files/append.ts'
export { type FolderEntry, openFiles, type ProjectFiles } from './kernel/files/files.ts'
export type { FileKindName } from './kernel/files/kinds.ts'
export { formatRecord } from './generate/batch/record-text.ts'
export { adoptDraft } from './generate/adopt-draft.ts'
export { openDrafts } from './generate/drafts.ts'
export { type AdoptedFile, adoptFile } from './generate/adopt.ts'
export { history, type PastPicture, recall } from './project/history.ts'
export {
  type Decision,
  decide,
  decisionOn,
  type Judged,
  judgedOf,
  readDecisions,
} from './project/review.ts'
export {
  findRepository,
  git,
  gitWithInput,
  isIgnored,
  mergesByUnion,
  type Repository,
} from './project/git/git.ts'
export {
  authorsOf,
  branchLines,
  type BranchLines,
  findMainBranch,
  isShallow,
  NOT_COMMITTED,
  paidOnBranch,
} from './project/git/ledger-history.ts'
