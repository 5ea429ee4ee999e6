import path from 'node:path'
import {
  isGeminiImageError,
  type GeminiImageError,
  type Place,
  type PlanRow,
  type Project,
} from '@gemini-image/core'
import { fileOfId, isInlineId, isPromptFile, noPromptFile } from '@gemini-image/core/host'
import {
  findAsked,
  findInContent,
  findMistaken,
  findRequests,
  isContentFile,
  isSourceFile,
  missingAlts,
  openFiles,
  parseForSite,
  planOf,
  select,
  selectionsOf,
  Source,
  type Declaration,
  type DeclarationId,
} from '@gemini-image/core/internal'
import type { Surroundings } from './workspace.ts'

/** A document that an editor has open, saved or not. */
export interface Opened {
  readonly uri: string
  /** Absolute path. */
  readonly file: string
  readonly version: number
  /** As the editor has it, but with line feeds alone. */
  readonly text: string
}

/** A prompt file that a document names. */
export interface Named {
  readonly id: DeclarationId
  readonly place: Place
  /** How many characters name it. */
  readonly length: number
}

/** What a document says of pictures. */
export interface Reading {
  /** What it declares, each with its picture's row where nothing is wrong with it. */
  readonly declarations: readonly Declaration[]
  readonly rows: readonly PlanRow[]
  readonly named: readonly Named[]
  readonly problems: readonly GeminiImageError[]
  /** What a build would not let pass, and a person may be about to write. */
  readonly warnings: readonly GeminiImageError[]
}

/** What a text says, before anything is held against the project. */
interface Said {
  readonly declarations: readonly Declaration[]
  readonly named: readonly Named[]
  readonly problems: readonly GeminiImageError[]
}

/** Far above every text that a person types; what is larger is left to builds. */
const LONGEST = 2_000_000

const NOTHING: Reading = { declarations: [], rows: [], named: [], problems: [], warnings: [] }

/**
 * Reads a document as the editor has it, and holds what it declares against the project.
 * @param surroundings Asked for where content or names have to be understood.
 */
export async function readDocument(
  document: Opened,
  project: Project,
  surroundings: () => Promise<Surroundings>,
): Promise<Reading> {
  const { file, text } = document
  const { root } = project.options
  if (text.length > LONGEST) return NOTHING
  const said = isPromptFile(file)
    ? sayPrompt(text, file, project.options)
    : await sayOthers(document, root, surroundings)
  if (said.declarations.length === 0) return { ...NOTHING, ...said }
  const refused = refusal(said.declarations, document, root)
  if (refused) return { ...NOTHING, named: said.named, problems: [refused] }
  const written = new Map(said.declarations.flatMap(picturesOf).map((one) => [one.id, one]))
  const { rows, problems } = await planOf(project, [...written.keys()], written)
  return {
    ...said,
    rows,
    problems: [...said.problems, ...problems],
    warnings: missingAlts(rows.map(({ declared }) => declared)),
  }
}

function sayPrompt(text: string, file: string, options: Project['options']): Said {
  try {
    return { declarations: [parseForSite(text, file, options)], named: [], problems: [] }
  } catch (error) {
    if (isGeminiImageError(error)) return { declarations: [], named: [], problems: [error] }
    throw error
  }
}

async function sayOthers(
  { file, text }: Opened,
  root: string,
  surroundings: () => Promise<Surroundings>,
): Promise<Said> {
  const isContent = isContentFile(file)
  const isSource = isSourceFile(file)
  const mayBeOurs = /gemini-image|\.prompt\.md|\b(?:prompt|template)\b/.test(text)
  if (!mayBeOurs || !(isContent || isSource)) return { declarations: [], named: [], problems: [] }
  const declaring = { file, root }
  const content = isContent ? (await surroundings()).content : undefined
  const asked = content
    ? findInContent(text, declaring, content)
    : findAsked(text, declaring, undefined)
  const requests = isSource || content?.hasPages ? findRequests(text, file) : []
  const source = new Source(text, declaring)
  const specifiers = [
    ...asked.files.map(({ specifier, place }) => ({ specifier, place, length: specifier.length })),
    ...requests.flatMap((request) => {
      if ('patterns' in request) return []
      const { file: named, selection, start, end } = request
      return {
        specifier: named + selection,
        place: source.placeAt(start),
        length: end - start,
      }
    }),
  ]
  const index = specifiers.length > 0 ? (await surroundings()).promptFiles : undefined
  const found = specifiers.map(({ specifier, place, length }) => {
    const path = fileOfId(specifier)
    const selection = specifier.slice(path.length)
    const [there] = index?.resolve(path, file) ?? []
    return { specifier, place, length, id: there === undefined ? undefined : there + selection }
  })
  const broken = asked.declarations.filter(isGeminiImageError)
  // What only a bundler can resolve may be anywhere.
  const lost = found.filter(({ id, specifier }) => id === undefined && /^\.\.?\//.test(specifier))
  return {
    declarations: asked.declarations.filter((one): one is Declaration => !isGeminiImageError(one)),
    named: found.flatMap(({ id, place, length }) =>
      id === undefined ? [] : [{ id, place, length }],
    ),
    problems: [
      ...broken,
      ...(isSource ? findMistaken(text, file, root).problems : []),
      ...lost
        .filter(({ specifier }) => !isThere(specifier, file, root))
        .map(({ specifier, place }) => noPromptFile(specifier, place)),
    ],
  }
}

/** A new file may not have been seen by the last look at the source. */
function isThere(specifier: string, file: string, root: string): boolean {
  try {
    const named = path.resolve(path.dirname(file), fileOfId(specifier))
    return openFiles(root).locate('prompt', named) !== undefined
  } catch {
    return false
  }
}

/** Why a file may declare nothing: it is hidden, or git ignores it. */
function refusal(
  [first]: readonly Declaration[],
  { file, text }: Opened,
  root: string,
): GeminiImageError | undefined {
  const kind = isPromptFile(file) ? 'prompt' : isContentFile(file) ? 'content' : 'source'
  try {
    openFiles(root).assertForModels(kind, file, text)
    return undefined
  } catch (error) {
    if (isGeminiImageError(error)) return first ? error.at(first.place) : error
    throw error
  }
}

/** One for each picture of a set. */
function picturesOf(declaration: Declaration): readonly Declaration[] {
  if (isInlineId(declaration.id)) return [declaration]
  return selectionsOf(declaration).map((selection) =>
    selection === '' ? declaration : select(declaration, selection),
  )
}
