import jsTokens from 'js-tokens'
import { placeOfOffset, startOf, type Place } from '../place.ts'
import type { DeclaringFile } from './inline-declaration.ts'

/** A source file's text, with what is asked of it again and again. */
export class Source {
  readonly text: string
  readonly file: string
  readonly root: string
  #comments: readonly (readonly [start: number, end: number])[] | undefined

  constructor(text: string, { file, root }: DeclaringFile) {
    this.text = text
    this.file = file
    this.root = root
  }

  readonly placeAt = (offset: number): Place =>
    placeOfOffset(this.text, offset, startOf(this.root, this.file))

  /** Whether an offset lies in a comment: what is commented out declares nothing. */
  isComment(offset: number): boolean {
    this.#comments ??= [...commentsOf(this.text, this.file)]
    return this.#comments.some(([start, end]) => start <= offset && offset < end)
  }
}

/** Files that are JavaScript from the first line to the last. */
const SCRIPT = /\.[cm]?[jt]sx?$/
/** Parts of a component that are JavaScript: an Astro fence at the start, and script elements. */
const SCRIPT_PARTS = /^\s*---\r?\n[^]*?\r?\n---|(?<=<script\b[^>]*>)[^]*?(?=<\/script)/g
const MARKUP_COMMENT = /<!--[^]*?-->|\{\s*\/\*[^]*?\*\/\s*\}/g

function* commentsOf(text: string, file: string): Generator<readonly [number, number]> {
  if (SCRIPT.test(file)) {
    // In plain TypeScript, "<" begins a type and no element.
    yield* scriptComments(text, 0, !/\.[cm]?ts$/.test(file))
    return
  }
  for (const match of text.matchAll(MARKUP_COMMENT)) {
    yield [match.index, match.index + match[0].length]
  }
  for (const match of text.matchAll(SCRIPT_PARTS)) {
    yield* scriptComments(match[0], match.index, false)
  }
}

function* scriptComments(
  text: string,
  start: number,
  jsx: boolean,
): Generator<readonly [number, number]> {
  let offset = start
  const tokens = jsx ? jsTokens(text, { jsx }) : jsTokens(text)
  for (const { type, value } of tokens) {
    if (type.endsWith('Comment')) yield [offset, offset + value.length]
    offset += value.length
  }
}
