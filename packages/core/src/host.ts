/**
 * What a host loads when it begins: enough for a build in which nothing has changed. The rest of this package, ten times
 * as much, it loads when it needs it. Nothing here may import zod, sharp or another package.
 * @module
 */
export { AltWarnings, captionOf, type Captioned } from './plan/alt-warnings.ts'
export {
  fileOfId,
  inlineId,
  isInlineId,
  selectionOfId,
  type DeclarationId,
} from './declare/declaration.ts'
export { readImportHead, type HeadImport } from './declare/requests/import-head.ts'
export { splitMarker, withMarker, type MarkedId } from './declare/marker.ts'
export {
  SELECTING,
  isByLanguage,
  promptPathOf,
  queryOfSelection,
  splitSelection,
  writtenSelection,
} from './declare/selection.ts'
export { formatPlace, placeOfText, startOf, type Place } from './kernel/place.ts'
export { isPromptFile, isSearched, isSourceFile, noPromptFile } from './declare/source-files.ts'
export { GeminiImageError, isGeminiImageError, joinErrors } from './kernel/errors/error.ts'
export { inert } from './kernel/errors/inert.ts'
export { openHost, type Host, type HostOptions, type Recalled } from './project/open-host.ts'
export { formatDollars } from './kernel/dollars.ts'
export { openEnv } from './options/env-files.ts'
export { findProjectRoot, openConfigInputs } from './options/gather-options.ts'
export { derivedFolders, shownFolders } from './options/places.ts'
export { hasAlpha } from './pixels/blur-data-url.ts'
export { renditionFormOf, TEXT } from './pixels/renditions/forms/names.ts'
