/**
 * What a host loads when it begins: enough for a build in which nothing has changed. The rest of this package, ten times
 * as much, it loads when it needs it. Nothing here may import zod, sharp or another package.
 * @module
 */
export { AltWarnings, captionOf, type Captioned } from './alt/missing-alt.ts'
export { fileOfId, inlineId, isInlineId, type DeclarationId } from './declaration/declaration-id.ts'
export { splitMarker, type MarkedId } from './declaration/marker.ts'
export { formatPlace, placeOfText, startOf, type Place } from './declaration/place.ts'
export { isPromptFile, noPromptFile } from './declaration/prompt-file-name.ts'
export { isSourceFile } from './declaration/source-file.ts'
export { GeminiImageError, isGeminiImageError, joinErrors } from './errors/error.ts'
export { openEngine } from './memory/open-engine.ts'
export { formatDollars } from './models/dollars.ts'
export { withEnvFiles } from './options/env-files.ts'
export { findProjectRoot } from './options/gather-options.ts'
export { hasAlpha } from './render/placeholder-uri.ts'
export { ICONS, renditionFormOf } from './renditions/forms.ts'
