import { parseJson } from '../../kernel/json.ts'

interface JsonPart {
  /** Offsets: it is an object with settings, or a text. */
  readonly start: number
  readonly end: number
  /** The nearest key above it; `undefined` at the top. */
  readonly field: string | undefined
}

interface JsonSearch {
  /** Whether an object below a field, with these keys, holds the settings of a picture. */
  isPicture(field: string | undefined, keys: ReadonlySet<string>): boolean
  /** Whether a text below a field names a picture. It is given as written, with quotes. */
  isName(field: string | undefined, written: string): boolean
}

/** A list or an object that is not closed yet. */
interface Open {
  readonly start: number
  readonly field: string | undefined
  /** The keys of an object; `undefined` for a list. */
  readonly keys: Set<string> | undefined
  /** The key whose value comes next; `undefined` where a key does. */
  key: string | undefined
  /** How many parts were found before it. */
  readonly found: number
}

/**
 * Finds the outermost objects and the texts that may ask for a picture, so that only these have to be read by a
 * parser that knows places: data files of many megabytes ask for few pictures.
 * @returns `undefined` where the text is no JSON.
 */
export function findInJson(text: string, search: JsonSearch): readonly JsonPart[] | undefined {
  if (parseJson(text) === undefined) return undefined
  const parts: JsonPart[] = []
  const open: Open[] = []
  for (const { start, end } of tokensOf(text)) {
    const token = text[start]
    const parent = open.at(-1)
    const field = parent?.keys ? parent.key : parent?.field
    if (token === '{' || token === '[') {
      const keys = token === '{' ? new Set<string>() : undefined
      open.push({ start, field, keys, key: undefined, found: parts.length })
    } else if (token === '}' || token === ']') {
      open.pop()
      if (!parent?.keys || !search.isPicture(parent.field, parent.keys)) continue
      // Nothing inside of a picture is one of its own.
      parts.length = parent.found
      parts.push({ start: parent.start, end, field: parent.field })
    } else if (token === ',') {
      if (parent) parent.key = undefined
    } else if (parent?.keys && parent.key === undefined) {
      parent.key = String(JSON.parse(text.slice(start, end)))
      parent.keys.add(parent.key)
    } else if (search.isName(field, text.slice(start, end))) parts.push({ start, end, field })
  }
  return parts
}

/** Brackets, braces, commas, and texts with their quotes; numbers and words are passed over. */
function* tokensOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const next = /["[\]{},]/g
  for (let match = next.exec(text); match; match = next.exec(text)) {
    const end = match[0] === '"' ? endOfText(text, match.index) : match.index + 1
    yield { start: match.index, end }
    next.lastIndex = end
  }
}

/** The offset behind a text that begins with a quote here. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = at
    while (text[escapes - 1] === '\\') escapes -= 1
    if ((at - escapes) % 2 === 0) return at + 1
  }
  return text.length
}
