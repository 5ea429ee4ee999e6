import jsTokens from 'js-tokens'
import { startOf, type Place } from '../../kernel/place.ts'
import { commentsOf, partsOf } from '../parts.ts'
import { isMarkdown } from './content.ts'
import type { DeclaringFile } from './inline-declaration.ts'

/** A source file's text, with what is asked of it again and again. */
export class Source {
  readonly text: string
  readonly file: string
  readonly root: string
  /** A name that ends as a file of this text would. */
  readonly kind: string
  #inert: readonly Range[] | undefined
  #lines: readonly number[] | undefined

  constructor(text: string, { file, root, kind = file }: DeclaringFile) {
    this.text = text
    this.file = file
    this.root = root
    this.kind = kind
  }

  readonly placeAt = (offset: number): Place => {
    this.#lines ??= [0, ...Array.from(this.text.matchAll(/\n/g), ({ index }) => index + 1)]
    const line = countUpTo(offset, this.#lines, (line) => line)
    const column = offset - (this.#lines[line - 1] ?? 0) + 1
    return { ...startOf(this.root, this.file), line, column }
  }

  /** The text, of the same length, without what {@link isInert} says of it. */
  live(): string {
    return blanked(this.text, this.#inertRanges())
  }

  /** Whether an offset lies in a comment, a text or a code block: nothing is declared there. */
  isInert(offset: number): boolean {
    const inert = this.#inertRanges()
    const [, end = 0] = inert[countUpTo(offset, inert, startOfRange) - 1] ?? []
    return offset < end
  }

  #inertRanges(): readonly Range[] {
    return (this.#inert ??= joined([...inertParts(this.text, this.kind)]))
  }
}

/** How many of an ascending list are no greater than a number; found by halving. */
function countUpTo<Item>(
  most: number,
  ascending: readonly Item[],
  toNumber: (item: Item) => number,
): number {
  let [least, greatest] = [0, ascending.length]
  while (least < greatest) {
    const middle = (least + greatest) >> 1
    const item = ascending[middle]
    if (item !== undefined && toNumber(item) <= most) least = middle + 1
    else greatest = middle
  }
  return least
}

type Range = readonly [start: number, end: number]

const startOfRange = ([start]: Range): number => start

/** Ranges in their order, of which none lies in another. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = []
  for (const range of ranges.toSorted((one, other) => one[0] - other[0])) {
    const [, last = 0] = found.at(-1) ?? []
    if (range[1] > last) found.push(range)
  }
  return found
}

/** Files that are JavaScript from the first line to the last. */
const SCRIPT = /\.[cm]?[jt]sx?$/

/** Whether a file is a script, and `<` may begin an element in it; `undefined` for other files. */
export function scriptSyntax(kind: string): { readonly jsx: boolean } | undefined {
  // In plain TypeScript, "<" begins a type and no element.
  return SCRIPT.test(kind) ? { jsx: !/\.[cm]?ts$/.test(kind) } : undefined
}

function* inertParts(text: string, file: string): Generator<Range> {
  const script = scriptSyntax(file)
  if (script) {
    yield* inertTokens(text, 0, script.jsx)
    return
  }
  if (isMarkdown(file)) {
    yield* inertMarkdown(text)
    return
  }
  for (const { kind, start, end, content, contentStart } of partsOf(text, file)) {
    if (kind === 'comment') yield [start, end]
    if (kind === 'script') yield* inertTokens(content, contentStart, false)
  }
}

function* inertMarkdown(text: string): Generator<Range> {
  for (const { start, end } of commentsOf(text)) yield [start, end]
  const fences = [...findFences(text)]
  for (const { start, end, language } of fences) {
    if (language !== FENCE_LANGUAGE) yield [start, end]
  }
  const fenced = fences.map(({ start, end }): Range => [start, end])
  for (const { index, 0: span } of blanked(text, fenced).matchAll(CODE_SPAN)) {
    yield [index, index + span.length]
  }
}

/** Code in a line of Markdown; no span goes beyond its paragraph. */
const CODE_SPAN = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n)[^])*?(?<!`)\1(?!`)/g

/** A text of the same length, with blanks in the place of ranges that stand in their order. */
function blanked(text: string, ranges: readonly Range[]): string {
  const parts: string[] = []
  let at = 0
  for (const [start, end] of ranges) {
    parts.push(text.slice(at, start), ' '.repeat(Math.max(0, end - Math.max(at, start))))
    at = Math.max(at, end)
  }
  return parts.join('') + text.slice(at)
}

/** Tokens in which code is not run, whatever it looks like. */
const INERT = new Set([
  'SingleLineComment',
  'MultiLineComment',
  'StringLiteral',
  'NoSubstitutionTemplate',
])

function* inertTokens(text: string, start: number, jsx: boolean): Generator<Range> {
  let offset = start
  const tokens = jsx ? jsTokens(text, { jsx }) : jsTokens(text)
  for (const { type, value } of tokens) {
    if (INERT.has(type)) yield [offset, offset + value.length]
    offset += value.length
  }
}

/** The language of a fenced code block that declares a picture. */
export const FENCE_LANGUAGE = 'gemini-image'

export interface Fence {
  /** Offsets of the whole block. */
  readonly start: number
  readonly end: number
  /** What stands before its fence: in a list, it is indented. */
  readonly indent: string
  /** The first word behind its opening fence; empty where there is none. */
  readonly language: string
  /** The lines between its fences. */
  readonly content: string
  readonly contentStart: number
}

const OPENING = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\r\n]*?)[ \t]*(?:\r?\n|$)/gm

/**
 * The fenced code blocks of a Markdown text. What looks like one inside of another is a part of that.
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function* findFences(text: string): Generator<Fence> {
  const opening = new RegExp(OPENING)
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [whole, indent = '', fence = '', info = ''] = match
    // What has backticks in one line is code in that line.
    if (fence.startsWith('`') && info.includes('`')) continue
    const contentStart = match.index + whole.length
    const closing = new RegExp(`^[ \\t]*${fence}${fence.charAt(0)}*[ \\t]*\\r?$`, 'gm')
    closing.lastIndex = contentStart
    const closed = closing.exec(text)
    const content = text.slice(contentStart, closed?.index)
    const end = closed ? closed.index + closed[0].length : text.length
    const [language = ''] = info.split(/\s/, 1)
    yield { start: match.index, end, indent, language, content, contentStart }
    opening.lastIndex = end
  }
}
