import type { Setting } from './declaration.ts'
import type { Place } from './place.ts'

const KEY_LINE = /^([A-Za-z][\w-]*):(?: +(.*))?$/
const ITEM_LINE = /^( *)- +(.*)$/
// Words that begin with a letter, a path, a ratio, a size, an age: text without quotes in YAML.
const PLAIN_TEXT = /^(?:(?:[A-Za-z]|\.{1,2}\/)[^\t#]*|\d+:\d+|\d+[A-Za-z])$/
const PLAIN_INTEGER = /^(?:0|[1-9]\d{0,8})$/
const QUOTED = /^(?:"([^"\\\t]*)"|'([^'\t]*)')$/
/** Blanks that JavaScript trims and YAML keeps, and tabs, which have rules of their own. */
const ODD_BLANK = /[^\S \n]/
const INLINE_LIST = /^\[(.+)\]$/
const INLINE_TEXT = /^(?:[A-Za-z]|\.{1,2}\/)[\w ./-]*$/
/** What YAML's core schema takes for something other than text. */
const WORDS = new Set(['null', 'true', 'false'])

type Scalar = string | number
type PlaceOf = (line: number, column: number) => Place

/** Where something stands: line and column, from 1. */
type At = readonly [line: number, column: number]

/**
 * Reads frontmatter in which every value is plain text, quoted text without escapes, a number, or a
 * list of those, a line each: nearly all there is, and many times faster than a YAML parser. What
 * is anything else, or wrong, is left to that: `undefined`.
 */
export function readPlainSettings(
  yaml: string,
  placeOf: PlaceOf,
): ReadonlyMap<string, Setting> | undefined {
  if (ODD_BLANK.test(yaml)) return undefined
  const settings = new Map<string, Setting>()
  const lines = yaml.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const [, key, rest = ''] = KEY_LINE.exec(line) ?? []
    if (key === undefined || settings.has(key) || WORDS.has(key.toLowerCase())) return undefined
    const start: At = [index + 1, line.length - rest.length + 1]
    const scalar = readScalar(rest.trimEnd())
    if (scalar === undefined) {
      const list = rest === '' ? readList(lines, index + 1) : readInlineList(rest.trimEnd(), start)
      if (!list) return undefined
      settings.set(key, new PlainSetting(list.values, index + 1, list.at, placeOf))
      // The items of a list below its key are lines of their own.
      if (rest === '') index += list.values.length
    } else settings.set(key, new PlainSetting(scalar, index + 1, [start], placeOf))
  }
  return settings
}

interface List {
  readonly values: readonly Scalar[]
  /** Of the list, which begins at its first dash, then of each item. */
  readonly at: readonly At[]
}

/** The items below a key, all with the same indentation; `undefined` where there are none. */
function readList(lines: readonly string[], start: number): List | undefined {
  const values: Scalar[] = []
  const at: At[] = []
  let indentation: string | undefined
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const [, spaces, rest = ''] = ITEM_LINE.exec(line) ?? []
    if (spaces === undefined) {
      // More of an item, or a comment: for a YAML parser.
      if (line !== '' && !KEY_LINE.test(line)) return undefined
      break
    }
    const value = readScalar(rest.trimEnd())
    if (value === undefined || (indentation ?? spaces) !== spaces) return undefined
    indentation = spaces
    if (values.length === 0) at.push([index + 1, spaces.length + 1])
    values.push(value)
    at.push([index + 1, line.length - rest.length + 1])
  }
  return values.length > 0 ? { values, at } : undefined
}

/** `[a, b]` of plain words. */
function readInlineList(text: string, [line, column]: At): List | undefined {
  const inside = INLINE_LIST.exec(text)?.[1]
  if (inside === undefined) return undefined
  const values: string[] = []
  const at: At[] = [[line, column]]
  let offset = 1
  for (const item of inside.split(',')) {
    const value = item.trim()
    if (!INLINE_TEXT.test(value) || WORDS.has(value.toLowerCase())) return undefined
    values.push(value)
    at.push([line, column + offset + item.length - item.trimStart().length])
    offset += item.length + 1
  }
  return { values, at }
}

class PlainSetting implements Setting {
  readonly value: unknown
  readonly #keyLine: number
  /** Of the value, then of each item of a list. */
  readonly #at: readonly At[]
  readonly #placeOf: PlaceOf

  constructor(value: unknown, keyLine: number, at: readonly At[], placeOf: PlaceOf) {
    this.value = value
    this.#keyLine = keyLine
    this.#at = at
    this.#placeOf = placeOf
  }

  keyPlace(): Place {
    return this.#placeOf(this.#keyLine, 1)
  }

  valuePlace([item]: readonly PropertyKey[] = []): Place {
    const at = (typeof item === 'number' ? this.#at[item + 1] : undefined) ?? this.#at[0]
    const [line, column] = at ?? [this.#keyLine, 1]
    return this.#placeOf(line, column)
  }
}

/** The value, or `undefined` where only a YAML parser can tell. */
function readScalar(text: string): Scalar | undefined {
  if (PLAIN_INTEGER.test(text)) return Number(text)
  const quoted = QUOTED.exec(text)
  if (quoted) return quoted[1] ?? quoted[2]
  const isText =
    PLAIN_TEXT.test(text) &&
    !text.includes(': ') &&
    !text.endsWith(':') &&
    !WORDS.has(text.toLowerCase())
  return isText ? text : undefined
}
