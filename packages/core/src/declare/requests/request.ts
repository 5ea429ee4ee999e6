import { splitMarker } from '../marker.ts'
import { splitSelection } from '../selection.ts'
import { isPromptFile, PROMPT_FILE_EXTENSION } from '../source-files.ts'

/** A place in a source file that asks for one prompt file's picture. */
export interface FileRequest {
  /** As it is meant: without escapes. */
  readonly specifier: string
  /** The same without the query. */
  readonly file: string
  /** Which picture of the file is meant, as an id says it. */
  readonly selection: string
  /** In the file's text, without quotes. */
  readonly start: number
  readonly end: number
  /** Whether it stands in `new URL()`, which leaves it to the bundler to ship a file. */
  readonly isUrl: boolean
}

/** A call that asks for the pictures of all prompt files that its patterns match. */
export interface GlobRequest {
  /** Globs of prompt files; what those with `!` match is left out. */
  readonly patterns: readonly string[]
  /** The folder that they begin in, where it is not the file's own. */
  readonly base: string | undefined
  /** As {@link FileRequest.selection}. */
  readonly selection: string
}

export type PictureRequest = FileRequest | GlobRequest

/** A request for what is written between two offsets; nothing where that is none. */
export function requestOf(
  specifier: string,
  start: number,
  end: number,
  isUrl: boolean = false,
): FileRequest[] {
  const marked = splitMarker(specifier)
  if (!marked || !isPromptFile(marked.file)) return []
  const { selection } = splitSelection(marked.query)
  return [{ specifier, file: marked.file, selection, start, end, isUrl }]
}

/** Whether a text may ask for a picture at all: nearly none does. */
export function mayRequest(text: string, from: number = 0): boolean {
  return text.includes('gemini-image', from) && text.includes(PROMPT_FILE_EXTENSION, from)
}

/** A path as Markdown and pages write it, without percent-encoding. Where that is none, the signs stand for themselves. */
export function decodePath(written: string): string {
  try {
    return decodeURI(written)
  } catch {
    return written
  }
}
