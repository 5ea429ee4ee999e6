import { oursOrThrow, type GeminiImageError } from '../../kernel/errors/error.ts'
import type { Declaration } from '../declaration.ts'
import { parsePromptFile } from '../prompt-file.ts'
import { FENCE_LANGUAGE, findFences, type Fence, type Source } from './source.ts'
import { toInlineDeclaration } from './inline-declaration.ts'

interface TextRange {
  readonly start: number
  readonly end: number
}

interface PromptPath extends TextRange {
  readonly specifier: string
}

interface PictureFence extends TextRange {
  /** What it declares, or what is wrong with it. */
  readonly declaration: Declaration | GeminiImageError
}

/** What the body of a Markdown or MDX file asks for. */
interface MarkdownBody {
  readonly paths: readonly PromptPath[]
  readonly fences: readonly PictureFence[]
}

const IMAGE = /!\[[^\]]*\]\(\s*<?([^\s<>()]+\.prompt\.md)(?=[\s>)])/g
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*<?([^\s<>]+\.prompt\.md)>?(?=\s|$)/gm

/** Reads a body as text: what it finds too much costs nothing until a prompt file of that name exists. */
export function findInMarkdown(source: Source): MarkdownBody {
  const { text } = source
  if (!text.includes('.prompt.md') && !text.includes(FENCE_LANGUAGE)) {
    return { paths: [], fences: [] }
  }
  const asked = [...text.matchAll(IMAGE), ...text.matchAll(DEFINITION)]
  const fences = [...findFences(text)].filter(
    ({ language, start }) => language === FENCE_LANGUAGE && !source.isInert(start),
  )
  return {
    paths: asked.filter(({ index }) => !source.isInert(index)).map(readPath),
    fences: fences.map((fence) => readSafely(fence, source)),
  }
}

function readPath({ 0: whole, 1: specifier = '', index }: RegExpExecArray): PromptPath {
  const start = index + whole.lastIndexOf(specifier)
  return { specifier: decodePath(specifier), start, end: start + specifier.length }
}

/** A path as Markdown writes it, without percent-encoding. Where that is none, the signs stand for themselves. */
export function decodePath(written: string): string {
  try {
    return decodeURI(written)
  } catch {
    return written
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
