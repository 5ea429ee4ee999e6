import path from 'node:path'

/** Where in the project's source something was declared. */
export interface Place {
  /** Absolute path of the file. */
  readonly file: string
  /** The same path, relative to the project root, with forward slashes; this is what people read. */
  readonly path: string
  /** Line, from 1. */
  readonly line: number
  /** Column in UTF-16 code units, from 1. */
  readonly column: number
}

/** A place as editors and terminals make it clickable: `src/hero.prompt.md:3:1`. */
export function formatPlace(place: Place): string {
  return `${place.path}:${place.line}:${place.column}`
}

/** A path relative to the project root, with forward slashes on every system. */
export function projectPath(root: string, file: string): string {
  if (path.sep === '/' && file.startsWith(`${root}/`)) return file.slice(root.length + 1)
  return path.relative(root, file).split(path.sep).join('/')
}

/** The start of a file, for what concerns the file as a whole. */
export function startOf(root: string, file: string): Place {
  return { file, path: projectPath(root, file), line: 1, column: 1 }
}

/** The place of an offset in a text that begins at `start`. */
export function placeOfOffset(text: string, offset: number, start: Place): Place {
  const before = text.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + (before.length === 1 ? start.column : 1)
  return { ...start, line: start.line + before.length - 1, column }
}

/** The place of the first occurrence of `text` in a source, or the start where it is not found. */
export function placeOfText(source: string, text: string, start: Place): Place {
  const offset = source.indexOf(text)
  return offset === -1 ? start : placeOfOffset(source, offset, start)
}
