import { createRequire } from 'node:module'
import type * as Toml from 'toml-eslint-parser'
import type { AST } from 'toml-eslint-parser'
import { cutItem, lineEnd, lineStart, newlineOf, nextLine, spliced } from './splice.ts'

const require = createRequire(import.meta.url)

/** A table in a text, known by where the value of its prompt or template stands in the document. */
export interface TableInText {
  readonly text: string
  /** Where the document begins in the text. */
  readonly offset: number
  readonly document: string
  /** Offset of the value of the key that declares the picture. */
  readonly anchor: number
}

/**
 * A text with one key of a table set, as it could be written. Tables that are put together from several parts are left
 * alone: only keys that stand beside the prompt are found.
 * @param value `undefined` takes the key out.
 */
export function* setInTable(site: TableInText, key: string, value: unknown): Generator<string> {
  const { parseTOML } = require('toml-eslint-parser') as typeof Toml
  const beside = besideAnchor(parseTOML(site.document), site.anchor)
  if (!beside) return
  const { pairs, index, isInline } = beside
  const anchor = pairs[index]
  if (!anchor) return
  const prefix = namesOf(anchor).slice(0, -1)
  const wanted = JSON.stringify([...prefix, key])
  const found = pairs.findIndex((pair) => JSON.stringify(namesOf(pair)) === wanted)
  const pair = pairs[found]
  if (value === undefined) yield* cut(site, pairs, found, isInline)
  else if (pair) {
    const [start, end] = inFile(site, pair.value)
    yield spliced(site.text, { start, end, text: literal(value) })
  } else
    yield add(
      site,
      anchor,
      [...prefix.map(keyName), `${keyName(key)} = ${literal(value)}`].join('.'),
      isInline,
    )
}

interface Beside {
  readonly pairs: readonly AST.TOMLKeyValue[]
  /** Of the pair that declares the picture. */
  readonly index: number
  readonly isInline: boolean
}

function besideAnchor({ body: [top] }: AST.TOMLProgram, anchor: number): Beside | undefined {
  const open: { body: readonly (AST.TOMLKeyValue | AST.TOMLTable)[]; isInline: boolean }[] = [
    { body: top.body, isInline: false },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const { body, isInline } = next
    const pairs = body.filter((one): one is AST.TOMLKeyValue => one.type === 'TOMLKeyValue')
    const index = pairs.findIndex(({ value }) => value.range[0] === anchor)
    if (index !== -1) return { pairs, index, isInline }
    for (const one of body) {
      if (one.type === 'TOMLTable') open.push({ body: one.body, isInline: false })
      else
        for (const table of inlineTables(one.value)) open.push({ body: table.body, isInline: true })
    }
  }
  return undefined
}

function inlineTables(node: AST.TOMLContentNode): readonly AST.TOMLInlineTable[] {
  if (node.type === 'TOMLInlineTable') return [node]
  return node.type === 'TOMLArray' ? node.elements.flatMap(inlineTables) : []
}

function namesOf({ key }: AST.TOMLKeyValue): readonly string[] {
  return key.keys.map((one) => ('name' in one ? one.name : one.value))
}

function inFile({ offset }: TableInText, { range }: AST.TOMLNode): readonly [number, number] {
  return [range[0] + offset, range[1] + offset]
}

function add(
  site: TableInText,
  after: AST.TOMLKeyValue,
  written: string,
  isInline: boolean,
): string {
  const { text } = site
  const [start, end] = inFile(site, after)
  if (isInline) return spliced(text, { start: end, end, text: `, ${written}` })
  const at = lineEnd(text, end)
  const indent = text.slice(lineStart(text, start), start)
  return spliced(text, { start: at, end: at, text: `${newlineOf(text)}${indent}${written}` })
}

function* cut(
  site: TableInText,
  pairs: readonly AST.TOMLKeyValue[],
  index: number,
  isInline: boolean,
): Generator<string> {
  const pair = pairs[index]
  if (!pair) return
  const { text } = site
  const [start, end] = inFile(site, pair)
  if (isInline) {
    const items = pairs
      .map((one) => inFile(site, one))
      .map(([from, to]) => ({ start: from, end: to }))
    const left = cutItem(text, items, index)
    if (left !== undefined) yield left
  } else yield spliced(text, { start: lineStart(text, start), end: nextLine(text, end), text: '' })
}

function keyName(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${keyName(key)} = ${literal(one)}`)
    return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
  }
  return JSON.stringify(value)
}
