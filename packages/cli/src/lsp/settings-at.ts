import path from 'node:path'
import { isPromptFile } from '@gemini-image/core/host'
import {
  FENCE_LANGUAGE,
  findOurImports,
  isContentFile,
  isSourceFile,
  Source,
  type ContentRules,
} from '@gemini-image/core/internal'
import jsTokens from 'js-tokens'
import { cursorIn, cursorInYaml, type Cursor, type Piece } from './cursor.ts'
import { isSetting } from './schema.ts'

/** Where a person is typing settings, and in which language. */
export interface SettingsCursor extends Cursor {
  readonly language: 'yaml' | 'script'
  /** Whether the prompt stands below, as in a prompt file. */
  readonly hasBody: boolean
  /** The template and the model that the picture names, on which other settings depend. */
  readonly known: ReadonlyMap<string, string>
}

const KNOWN = /(?:^|[\s{,])["']?(template|model)["']?: *["']?([\w.-]+)/g

/** What stands nearest above an offset, or else below it. */
function knownAt(text: string, offset: number): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const { index, 1: key = '', 2: value = '' } of text.matchAll(KNOWN)) {
    if (index < offset || !known.has(key)) known.set(key, value)
  }
  return known
}

/**
 * Where in the settings of a picture an offset of a document lies; `undefined` where it is in no settings. The text may be
 * broken: it is being typed.
 */
export function settingsAt(
  text: string,
  file: string,
  offset: number,
  content: ContentRules | undefined,
): SettingsCursor | undefined {
  const fenced = fenceAt(text, offset)
  const isWhole = isPromptFile(file) || fenced !== undefined
  if (isWhole) {
    const from = fenced ?? 0
    const yaml = frontmatterAt(text.slice(from), offset - from)
    const cursor = yaml && inYaml(text.slice(from), yaml, offset - from, from)
    return cursor && { ...cursor, hasBody: true }
  }
  if (isContentFile(file)) {
    const yaml = /\.ya?ml$/.test(file)
      ? { start: 0, end: text.length }
      : frontmatterAt(text, offset)
    const cursor = yaml && inYaml(text, yaml, offset, 0)
    if (cursor) return content && belowField(cursor, content)
  }
  return isSourceFile(file) ? inMacro(text, file, offset) : undefined
}

interface Range {
  readonly start: number
  readonly end: number
}

function inYaml(text: string, { start, end }: Range, offset: number, base: number): SettingsCursor {
  const yaml = text.slice(start, end)
  const cursor = cursorInYaml(yaml, offset - start, base + start)
  return { ...cursor, language: 'yaml', hasBody: false, known: knownAt(yaml, offset - start) }
}

/** The lines between dashes, if an offset lies in them. */
function frontmatterAt(text: string, offset: number): Range | undefined {
  const [opening] = /^---[ \t]*\n/.exec(text) ?? []
  if (opening === undefined || offset < opening.length) return undefined
  const rest = text.slice(opening.length)
  const close = /^---[ \t]*$/m.exec(rest)
  const end = opening.length + (close?.index ?? rest.length)
  return offset <= end ? { start: opening.length, end } : undefined
}

/** Where the content of a fenced block of ours begins, if an offset lies in one. */
function fenceAt(text: string, offset: number): number | undefined {
  const before = text.slice(0, offset)
  const opening = new RegExp(`^(\`{3,}|~{3,})[ \\t]*${FENCE_LANGUAGE}[ \\t]*\\n`, 'gm')
  const last = [...before.matchAll(opening)].at(-1)
  if (!last) return undefined
  const [whole, fence = ''] = last
  const start = last.index + whole.length
  return new RegExp(`^${fence}[ \\t]*$`, 'm').test(before.slice(start)) ? undefined : start
}

/** The part of a cursor that lies in a picture: what stands below its field. */
function belowField(cursor: SettingsCursor, { fields }: ContentRules): SettingsCursor | undefined {
  const { path: whole, beside } = cursor
  const isDeclaring = beside.has('prompt') || beside.has('template')
  const index = whole.findIndex((key, at) => {
    if (key === '[]') return false
    if (fields !== 'any') return fields.has(key)
    const [next] = withoutItems(whole.slice(at + 1))
    return next === undefined ? isDeclaring : !isSetting(key) && isSetting(next)
  })
  if (index === -1) return undefined
  const inner = withoutItems(whole.slice(index + 1))
  // The value of the field itself is the path of a prompt file.
  if (inner.length === 0 && cursor.kind === 'value') return { ...cursor, path: [FIELD] }
  return { ...cursor, path: inner }
}

/** Stands for a field of content that holds the path of a prompt file. */
export const FIELD = '\0field'

function withoutItems(keys: readonly string[]): readonly string[] {
  return keys[0] === '[]' ? keys.slice(1) : keys
}

/** How far behind the cursor the rest of a call may reach. */
const MOST_BEHIND = 2000

const MACROS = new Set(['geminiImage', 'geminiPicture'])

/** An argument that is not closed before the offset is being typed. */
function inMacro(text: string, file: string, offset: number): SettingsCursor | undefined {
  const source = new Source(text, { file, root: path.dirname(file) })
  const names = findOurImports(source, 'macro').flatMap(({ names }) =>
    [...names].flatMap(([here, there]) => (MACROS.has(there) ? here : [])),
  )
  const before = text.slice(0, offset)
  for (const name of names) {
    const calls = before.matchAll(
      new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\s*\\(`, 'g'),
    )
    for (const { index, 0: whole } of [...calls].toReversed()) {
      const start = index + whole.length
      const cursor = cursorIn(piecesOf(text.slice(start, offset)))
      if (!cursor) continue
      const from = offset - cursor.typed.length
      const known = knownAt(text.slice(start, offset + MOST_BEHIND), offset - start)
      // The argument is the map itself.
      return { ...cursor, start: from, language: 'script', hasBody: false, known }
    }
  }
  return undefined
}

function piecesOf(code: string): readonly Piece[] {
  return Array.from(jsTokens(code), (token): Piece => {
    const { type, value } = token
    if (type === 'Punctuator') {
      if (value === '{' || value === '[' || value === '(') return { type: 'open', value }
      if (value === '}' || value === ']' || value === ')') return { type: 'close', value }
      if (value === ':') return { type: 'colon', value }
      if (value === ',') return { type: 'comma', value }
    }
    if (type === 'StringLiteral' || type === 'NoSubstitutionTemplate') {
      const isOpen = !token.closed
      return { type: 'text', value: isOpen ? value.slice(1) : value.slice(1, -1), isQuoted: isOpen }
    }
    if (type === 'IdentifierName' || type === 'NumericLiteral') return { type: 'text', value }
    return { type: 'blank', value }
  })
}
