import { fileOfId, isInlineId, type DeclarationId } from '../declare/declaration.ts'
import { isContentFile, isMarkdown } from '../declare/inline/content.ts'
import { EVERY_FIELD, findInData } from '../declare/inline/data.ts'
import { findInMarkdown } from '../declare/inline/markdown.ts'
import { Source } from '../declare/inline/source.ts'
import { PromptFileIndex } from '../declare/prompt-file-index.ts'
import { findRequests, isStyle } from '../declare/requests/requests.ts'
import { openFiles } from '../kernel/files/files.ts'
import { formatPlace, placeOfOffset, projectPath, startOf, type Place } from '../kernel/place.ts'
import type { Grounding } from '../providers/provider.ts'

/** A picture of a project, with what was looked up for it. */
export interface LookedUp {
  readonly id: DeclarationId
  readonly grounding: Grounding | undefined
}

/** Files that ask for pictures. */
interface Importers {
  readonly root: string
  /** Absolute paths. */
  readonly importers: readonly string[]
}

/** A place that asks for a picture. */
interface Ask {
  /** As it is written. */
  readonly specifier: string
  readonly start: number
  /** What asks, where that can show no credits; `undefined` where it may. */
  readonly without: string | undefined
}

/** A picture that is shown, and whose credits nothing shows. */
interface Uncredited {
  readonly id: DeclarationId
  /** Where it is shown first. */
  readonly place: Place
  readonly without: string
}

/**
 * Remembers which pictures people were told of, whose credits nothing can show: each is named once. A picture counts only
 * where every place that asks for it is known to take no `grounding`: what cannot be read as that is believed to show it.
 */
export class CreditWarnings {
  readonly #told = new Set<DeclarationId>()

  /** The warning for those that were not named yet; `undefined` where there is none. */
  news(pictures: readonly LookedUp[], importers: Importers): string | undefined {
    const wanting = pictures.filter(({ id, grounding }) => !this.#told.has(id) && wants(grounding))
    // Few projects look anything up, and for the others no file is read.
    if (wanting.length === 0) return undefined
    const found = findUncredited(wanting, pictures, importers)
    for (const { id } of found) this.#told.add(id)
    return found.length > 0 ? describe(found, importers.root) : undefined
  }
}

function wants(grounding: Grounding | undefined): boolean {
  return Boolean(grounding?.searchSuggestions) || (grounding?.sources.length ?? 0) > 0
}

function findUncredited(
  wanting: readonly LookedUp[],
  all: readonly LookedUp[],
  { root, importers }: Importers,
): readonly Uncredited[] {
  const files = all.flatMap(({ id }) => (isInlineId(id) ? [] : fileOfId(id)))
  const index = new PromptFileIndex(files, root)
  const wanted = new Map(wanting.map(({ id }) => [fileOfId(id), id]))
  const found = new Map<DeclarationId, Uncredited>()
  const credited = new Set<DeclarationId>()
  for (const file of importers) {
    const text = read(file, root)
    if (text === undefined) continue
    for (const { specifier, start, without } of asksIn(text, file, root)) {
      for (const promptFile of index.resolve(specifier, file)) {
        const id = wanted.get(promptFile)
        if (id === undefined) continue
        if (without === undefined) credited.add(id)
        else if (!found.has(id)) {
          found.set(id, { id, place: placeOfOffset(text, start, startOf(root, file)), without })
        }
      }
    }
  }
  return [...found.values()].filter(({ id }) => !credited.has(id))
}

function read(file: string, root: string): string | undefined {
  try {
    return openFiles(root).readText(isContentFile(file) ? 'content' : 'source', file)
  } catch {
    // What is wrong with it is told by whoever needs it.
    return undefined
  }
}

/** Everything that shows credits, or hands them on, calls them by name. */
const NAMES_CREDITS = /grounding|credits/i
const BY_DEFAULT = /\bimport\s+[\w$]+\s*(?:,\s*\{[^}]*\}\s*)?from\s*["'`]$/
const IN_ATTRIBUTE = /=\s*["']?\s*$/
/** Icons, and what other sites show as a preview. */
const IN_HEAD = /\b(?:content|href)\s*=\s*["']?\s*$/
const IN_STYLE = /\burl\(\s*["']?$/

function* asksIn(text: string, file: string, root: string): Generator<Ask> {
  const mayCredit = NAMES_CREDITS.test(text)
  const without = (what: string): string | undefined => (mayCredit ? undefined : what)
  if (isContentFile(file)) {
    const source = new Source(text, { file, root })
    // What a field holds, a template gets with its credits.
    for (const { specifier } of findInData(source, EVERY_FIELD).files) {
      yield { specifier, start: 0, without: undefined }
    }
    const { paths } = isMarkdown(file) ? findInMarkdown(source, 'followed') : { paths: [] }
    for (const { specifier, start } of paths) {
      yield { specifier, start, without: without('an image of Markdown') }
    }
  }
  for (const request of findRequests(text, file)) {
    if (!('file' in request)) continue
    const { file: specifier, start, isUrl, specifier: whole } = request
    const before = text.slice(Math.max(0, start - 400), start)
    const isObject = /[?&]as=object\b/.test(whole)
    const what = isUrl ? 'new URL()' : isObject ? undefined : askerOf(before, file)
    yield { specifier, start, without: what && without(what) }
  }
}

/** What asks, where nothing but the picture comes of it. */
function askerOf(before: string, file: string): string | undefined {
  if (isStyle(file) || IN_STYLE.test(before)) return 'a stylesheet'
  if (BY_DEFAULT.test(before)) return 'an import without "grounding"'
  if (!IN_ATTRIBUTE.test(before) || IN_HEAD.test(before)) return undefined
  return /\.(?:html?|md|markdown|njk|liquid)$/.test(file) ? 'a page' : 'an attribute'
}

function describe(found: readonly Uncredited[], root: string): string {
  const lines = found.map(({ id, place, without }) => {
    const name = projectPath(root, fileOfId(id))
    return `\n  ${formatPlace(place)}  ${without} shows ${name}`
  })
  const have =
    found.length === 1
      ? '1 picture of looked-up data is'
      : `${found.length} pictures of looked-up data are`
  return `${have} shown without the credits that the provider requires beside it:${lines.join('')}\n  On the page, import { grounding } from the prompt file as well, and show <GeneratedImageCredits of={grounding} />, or the HTML of creditsHtml({ of: grounding }) from unplugin-gemini-image/credits.`
}
