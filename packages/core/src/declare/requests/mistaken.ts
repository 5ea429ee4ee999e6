import { GeminiImageError } from '../../kernel/errors/error.ts'
import { formatPlace, placeOfText, startOf, type Place } from '../../kernel/place.ts'
import { splitMarker, withMarker } from '../marker.ts'
import { promptPathOf } from '../selection.ts'
import { isPromptFile } from '../source-files.ts'
import { findImports, isStyle } from './requests.ts'

/** A prompt file without a query, or the marker behind what is no prompt file: in quotes or `url()`, in a text of any kind. */
const MAY_BE_MISTAKEN =
  /\.prompt\.md(?:\?(?:(?!gemini-image)[^"'`)\n])*)?(?:["'`]|\s*\))|["'`](?:(?!\.prompt\.md)[^"'`\n])*[?&]gemini-image/
const SCRIPTED = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx|html?)$/

/** Faults of imports that nearly ask for a picture. */
export interface Mistaken {
  readonly problems: readonly GeminiImageError[]
  /** Of prompt files that are imported as they are, which may be meant. */
  readonly warnings: readonly string[]
}

const NONE: Mistaken = { problems: [], warnings: [] }

/** Looks for imports in a source file that nearly ask for a picture. Cheap where there are none. */
export function findMistaken(text: string, file: string, root: string): Mistaken {
  if (!MAY_BE_MISTAKEN.test(text)) return NONE
  if (isStyle(file)) return { problems: findInStyles(text, file, root), warnings: [] }
  if (!SCRIPTED.test(file)) return NONE
  const problems: GeminiImageError[] = []
  const warnings: string[] = []
  for (const specifier of new Set(findImports(text, file))) {
    const place = placeOfText(text, specifier, startOf(root, file))
    const marked = splitMarker(specifier)
    if (marked && !isPromptFile(marked.file)) problems.push(noPromptFile(marked.file, place))
    if (isUnmarked(specifier)) warnings.push(withoutMarker(specifier, place))
  }
  return { problems, warnings }
}

/** Whether a prompt file is named, or a picture of it, and nothing asks for it. */
function isUnmarked(specifier: string): boolean {
  return promptPathOf(specifier) !== undefined && !splitMarker(specifier)
}

/** A stylesheet has no use for the text of a prompt file: whatever bundles it would ship that. */
function findInStyles(text: string, file: string, root: string): GeminiImageError[] {
  const found = new Set(findImports(text, file).filter(isUnmarked))
  return Array.from(found, (specifier) => {
    const place = placeOfText(text, specifier, startOf(root, file))
    return new GeminiImageError({
      code: 'UNRESOLVED_REFERENCE',
      what: `"${specifier}" would be shipped as it is written, in place of its picture.`,
      why: 'A stylesheet asks for a picture by "?gemini-image" behind the prompt file.',
      fix: `write "${withMarker(specifier)}".`,
      place,
    })
  })
}

function noPromptFile(file: string, place: Place | undefined): GeminiImageError {
  return new GeminiImageError({
    code: 'NO_PROMPT_FILE',
    what: `"?gemini-image" stands behind "${file}", which is no prompt file.`,
    why: 'It asks for the picture that a model generates from a prompt file (*.prompt.md).',
    fix: 'import a picture of your own without it; to have one drawn from it, name it among the references of a prompt file.',
    place,
  })
}

function withoutMarker(specifier: string, place: Place | undefined): string {
  const at = place ? `${formatPlace(place)}: ` : ''
  return `${at}"${specifier}" is imported without "?gemini-image": that gives its text, if anything, and not its picture`
}
