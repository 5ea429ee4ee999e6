import { oursOrThrow, type GeminiImageError } from '../../errors/error.ts'
import type { Declaration } from '../declaration.ts'
import { parsePromptFile } from '../prompt-file.ts'
import { FENCE_LANGUAGE, findFences, type Fence } from './fences.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import type { Source } from './source.ts'

/** What the body of a Markdown or MDX file asks for. */
export interface MarkdownBody {
  /** Paths of prompt files in images, as written. */
  readonly specifiers: readonly string[]
  /** What fenced blocks declare, or what is wrong with them. */
  readonly declarations: readonly (Declaration | GeminiImageError)[]
}

const IMAGE = /!\[[^\]]*\]\(\s*<?([^\s<>()]+\.prompt\.md)(?=[\s>)])/g
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*<?([^\s<>]+\.prompt\.md)>?(?=\s|$)/gm

/** Reads a body as text: what it finds too much costs nothing until a prompt file of that name exists. */
export function findInMarkdown(source: Source): MarkdownBody {
  const { text } = source
  if (!text.includes('.prompt.md') && !text.includes(FENCE_LANGUAGE)) {
    return { specifiers: [], declarations: [] }
  }
  const images = [...text.matchAll(IMAGE), ...text.matchAll(DEFINITION)]
  const asked = images.filter(({ index }) => !source.isInert(index))
  const fences = [...findFences(text)].filter(
    ({ language, start }) => language === FENCE_LANGUAGE && !source.isInert(start),
  )
  return {
    specifiers: asked.map(([, specifier = '']) => decodeURI(specifier)),
    declarations: fences.map((fence) => readSafely(fence, source)),
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

function readSafely(fence: Fence, source: Source): Declaration | GeminiImageError {
  try {
    return readFence(outdent(fence.content, fence.indent), fence.contentStart, source)
  } catch (error) {
    return oursOrThrow(error)
  }
}

/** A fence in a list is indented, and so is what it holds. */
function outdent(content: string, indent: string): string {
  if (indent === '') return content
  const lines = content.split('\n')
  return lines.map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/)))).join('\n')
}
