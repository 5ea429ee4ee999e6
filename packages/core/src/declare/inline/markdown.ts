import { GeminiImageError, oursOrThrow } from '../../kernel/errors/error.ts'
import type { Place } from '../../kernel/place.ts'
import type { Declaration } from '../declaration.ts'
import { splitMarker } from '../marker.ts'
import { DESTINATION, findMarkdownImages, type MarkdownImage } from '../requests/markdown-images.ts'
import { decodePath } from '../requests/request.ts'
import { promptPathOf } from '../selection.ts'
import { isPromptFile } from '../source-files.ts'
import { parsePromptFile } from '../prompt-file.ts'
import { FENCE_LANGUAGE, findFences, type Fence, type Source } from './source.ts'
import { toInlineDeclaration } from './inline-declaration.ts'

interface TextRange {
  readonly start: number
  readonly end: number
}

interface PromptPath extends TextRange {
  readonly specifier: string
  /** Where an image has no alternative text: where that would stand. */
  readonly bareAt: number | undefined
}

interface PictureFence extends TextRange {
  /** What it declares, or what is wrong with it. */
  readonly declaration: Declaration | GeminiImageError
}

/** What the body of a Markdown or MDX file asks for. */
interface MarkdownBody {
  readonly paths: readonly PromptPath[]
  readonly fences: readonly PictureFence[]
  /** What names a prompt file where nothing makes a picture of it. */
  readonly problems: readonly GeminiImageError[]
}

const DEFINITION = new RegExp(
  String.raw`^ {0,3}\[(?<label>(?:\\.|[^\\\]]){1,1000})\]:[ \t]*\n?[ \t]*${DESTINATION}(?=\s|$)`,
  'gm',
)
const ELEMENT = /<img\s[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')/gi

const NOTHING: MarkdownBody = { paths: [], fences: [], problems: [] }

/**
 * Reads a body as text: what it finds too much costs nothing until a prompt file of that name exists.
 * @param elements Whether the host takes what has our marker in `<img>`, or shows it as it is.
 */
export function findInMarkdown(
  source: Source,
  elements: 'shown' | 'followed' = 'shown',
): MarkdownBody {
  const { text } = source
  if (!text.includes('.prompt.md') && !text.includes(FENCE_LANGUAGE)) {
    return NOTHING
  }
  const asked = [...findMarkdownImages(text), ...definitionsIn(text)].flatMap(
    ({ address, start, end, bareAt }): PromptPath[] => {
      const specifier = promptFileOf(address)
      return specifier === undefined ? [] : [{ specifier, start, end, bareAt }]
    },
  )
  const fences = [...findFences(text)].filter(
    ({ language, start }) => language === FENCE_LANGUAGE && !source.isInert(start),
  )
  return {
    paths: asked.filter(({ start }) => !source.isInert(start)),
    fences: fences.map((fence) => readSafely(fence, source)),
    problems: [...text.matchAll(ELEMENT)].flatMap(({ 1: double, 2: single, index }) => {
      const address = double ?? single ?? ''
      const isFollowed = elements === 'followed' && splitMarker(address) !== undefined
      const isOurs = promptFileOf(address) !== undefined && !source.isInert(index)
      return isOurs && !isFollowed ? [rawElement(source.placeAt(index))] : []
    }),
  }
}

/**
 * The path of the prompt file that an address names, as ids have it and without percent-encoding; `undefined` for any
 * other address.
 */
export function promptFileOf(address: string): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address)) return undefined
  const [file = '', ...query] = address.split('?')
  return isPromptFile(file) ? promptPathOf([decodePath(file), ...query].join('?')) : undefined
}

/** An image whose address is a definition's: `![alt][label]`, `![label][]` or `![label]`. */
interface PromptReference extends TextRange {
  readonly alt: string
  readonly address: string
}

const REFERENCE = /!\[((?:\\.|[^\\[\]]){1,1000})\](?:\[((?:\\.|[^\\[\]]){0,1000})\])?(?![[(:])/g

/** The images of a text that refer to prompt files. */
export function findReferences(source: Source): PromptReference[] {
  const addressOf = definedPromptFiles(source.text)
  return [...source.text.matchAll(REFERENCE)].flatMap(
    ({ 0: whole, 1: alt = '', 2: label, index }) => {
      const address = addressOf(label || alt)
      if (address === undefined || source.isInert(index)) return []
      return [{ alt, address, start: index, end: index + whole.length }]
    },
  )
}

/**
 * Finds the addresses of prompt files that the link reference definitions of a text give, by the labels of references.
 * @see https://spec.commonmark.org/0.31.2/#matches
 */
export function definedPromptFiles(text: string): (label: string) => string | undefined {
  const found = new Map<string, string>()
  for (const { groups = {} } of text.matchAll(DEFINITION)) {
    const address = groups['angled'] ?? groups['bare'] ?? ''
    const label = normalLabel(groups['label'] ?? '')
    // Of two with one label, the first counts.
    if (!found.has(label) && promptFileOf(address) !== undefined) found.set(label, address)
  }
  return (label) => found.get(normalLabel(label))
}

function normalLabel(label: string): string {
  return label.replaceAll(/\s+/g, ' ').trim().toLowerCase()
}

function rawElement(place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: 'Markdown shows an <img> element as it is written, so the picture would not be there.',
    fix: 'write ![alternative text](./name.prompt.md).',
    place,
  })
}

function* definitionsIn(text: string): Generator<MarkdownImage> {
  for (const { 0: whole, index, groups = {} } of text.matchAll(DEFINITION)) {
    const address = groups['angled'] ?? groups['bare'] ?? ''
    const start = index + whole.lastIndexOf(address)
    yield { address, start, end: start + address.length, bareAt: undefined }
  }
}

/**
 * What a fenced block declares: it holds what a prompt file holds.
 * @param content The text between the fences.
 * @param offset Where it begins in the source.
 * @throws {GeminiImageError} as {@link parsePromptFile}.
 */
export function readFence(content: string, offset: number, source: Source): Declaration {
  const { line } = source.placeAt(offset)
  // As many lines as stand above it, so that places are those of the file.
  const { prompt, settings, place } = parsePromptFile(content, source.file, source.root, line - 1)
  const written = { value: prompt, keyPlace: () => place, valuePlace: () => place }
  return toInlineDeclaration(
    { settings: new Map([...settings, ['prompt', written]]), place },
    source,
  )
}

function readSafely(fence: Fence, source: Source): PictureFence {
  const { content, indent, contentStart, end } = fence
  const start = fence.start + indent.length
  try {
    return { declaration: readFence(outdent(content, indent), contentStart, source), start, end }
  } catch (error) {
    return { declaration: oursOrThrow(error), start, end }
  }
}

/** A fence in a list is indented, and so is what it holds. */
function outdent(content: string, indent: string): string {
  if (indent === '') return content
  const lines = content.split('\n')
  return lines.map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/)))).join('\n')
}
