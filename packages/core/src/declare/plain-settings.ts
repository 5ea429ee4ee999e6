import type { Setting } from './declaration.ts'
import type { Place } from '../kernel/place.ts'

const KEY = /^[A-Za-z][\w-]*$/
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
const WORD = /^(?:null|true|false)$/i

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
    const key = keyOf(line)
    if (key === undefined || settings.has(key) || WORD.test(key)) return undefined
    const rest = line.slice(key.length + 1).trimStart()
    const text = rest.trimEnd()
    const at: At = [index + 1, line.length - rest.length + 1]
    const scalar = readScalar(text)
    if (scalar === undefined) {
      const list = rest === '' ? readList(lines, index + 1) : readInlineList(text, at)
      if (!list) return undefined
      settings.set(key, new PlainSetting(list.values, index + 1, list.at, list.items, placeOf))
      // The items of a list below its key are lines of their own.
      if (rest === '') index += list.values.length
    } else settings.set(key, new PlainSetting(scalar, index + 1, at, NO_ITEMS, placeOf))
  }
  return settings
}

/** The key at the start of a line; `undefined` where that is none, or nothing parts it from its value. */
function keyOf(line: string): string | undefined {
  const colon = line.indexOf(':')
  const key = line.slice(0, Math.max(0, colon))
  const isParted = line.length === colon + 1 || line[colon + 1] === ' '
  return isParted && KEY.test(key) ? key : undefined
}

const NO_ITEMS: readonly At[] = []

interface List {
  readonly values: readonly Scalar[]
  /** Its first dash or its bracket. */
  readonly at: At
  readonly items: readonly At[]
}

/** The items below a key, all with the same indentation; `undefined` where there are none. */
function readList(lines: readonly string[], start: number): List | undefined {
  const values: Scalar[] = []
  const items: At[] = []
  let indentation: string | undefined
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const [, spaces, rest = ''] = ITEM_LINE.exec(line) ?? []
    if (spaces === undefined) {
      // More of an item, or a comment: for a YAML parser.
      if (line !== '' && keyOf(line) === undefined) return undefined
      break
    }
    const value = readScalar(rest.trimEnd())
    if (value === undefined || (indentation ?? spaces) !== spaces) return undefined
    indentation = spaces
    values.push(value)
    items.push([index + 1, line.length - rest.length + 1])
  }
  const at: At = [start + 1, (indentation?.length ?? 0) + 1]
  return values.length > 0 ? { values, at, items } : undefined
}

/** `[a, b]` of plain words. */
function readInlineList(text: string, at: At): List | undefined {
  const inside = INLINE_LIST.exec(text)?.[1]
  if (inside === undefined) return undefined
  const [line, column] = at
  const values: string[] = []
  const items: At[] = []
  let offset = 1
  for (const item of inside.split(',')) {
    const value = item.trim()
    if (!INLINE_TEXT.test(value) || WORD.test(value)) return undefined
    values.push(value)
    items.push([line, column + offset + item.length - item.trimStart().length])
    offset += item.length + 1
  }
  return { values, at, items }
}

class PlainSetting implements Setting {
  readonly value: unknown
  readonly #keyLine: number
  readonly #at: At
  readonly #items: readonly At[]
  readonly #placeOf: PlaceOf

  constructor(value: unknown, keyLine: number, at: At, items: readonly At[], placeOf: PlaceOf) {
    this.value = value
    this.#keyLine = keyLine
    this.#at = at
    this.#items = items
    this.#placeOf = placeOf
  }

  keyPlace(): Place {
    return this.#placeOf(this.#keyLine, 1)
  }

  valuePlace([item]: readonly PropertyKey[] = []): Place {
    const at = typeof item === 'number' ? this.#items[item] : undefined
    const [line, column] = at ?? this.#at
    return this.#placeOf(line, column)
  }
}

/** The value, or `undefined` where only a YAML parser can tell. */
function readScalar(text: string): Scalar | undefined {
  if (PLAIN_INTEGER.test(text)) return Number(text)
  const quoted = QUOTED.exec(text)
  if (quoted) return quoted[1] ?? quoted[2]
  const isText =
    PLAIN_TEXT.test(text) && !text.includes(': ') && !text.endsWith(':') && !WORD.test(text)
  return isText ? text : undefined
}
