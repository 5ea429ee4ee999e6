import type { Node, Pair, Scalar, YAMLMap } from 'yaml'
import { isMap, isNode, isScalar, isSeq, keyText, visit } from '../yaml.ts'
import {
  cutItem,
  gapBefore,
  lineEnd,
  lineStart,
  newlineOf,
  nextLine,
  spliced,
  type Item,
} from './splice.ts'

/** A map in a text, as the parser has read it. */
export interface MapInText {
  readonly text: string
  /** Where the document begins in the text. */
  readonly offset: number
  readonly map: YAMLMap
  /** Whether it must stay JSON. */
  readonly isJson: boolean
}

/**
 * A text with one key of a map set, as it could be written, the least change first.
 * @param value `undefined` takes the key out.
 */
export function* setInMap(site: MapInText, key: string, value: unknown): Generator<string> {
  const index = site.map.items.findIndex((pair) => keyText(pair) === key)
  const pair = site.map.items[index]
  if (pair && isAnchored(pair.value)) return
  if (value === undefined) {
    if (pair) yield* cutPair(site, index)
    return
  }
  if (pair) yield* replaceValue(site, pair, value)
  else yield* addPair(site, key, value)
}

/** The same with one item more at the end of a list below a key. */
export function* appendInMap(site: MapInText, key: string, item: unknown): Generator<string> {
  const list = site.map.items.find((pair) => keyText(pair) === key)?.value
  if (!isSeq(list) || list.items.length === 0) return
  const { text } = site
  const items = list.items.filter(isNode).map((node) => itemOf(site, node))
  const last = items.at(-1)
  if (!last) return
  for (const written of scalars(item, site, { isFlow: Boolean(list.flow) })) {
    if (list.flow) {
      const gap = items.length > 1 ? gapBefore(text, last) : ' '
      yield spliced(text, { start: last.end, end: last.end, text: `,${gap}${written}` })
    } else {
      const line = text.slice(lineStart(text, last.start), last.start)
      const end = lineEnd(text, last.end)
      // What stands before an item is its dash and its indentation.
      const lead = line.replaceAll(/[^\s-]/g, ' ')
      yield spliced(text, { start: end, end, text: `${newlineOf(text)}${lead}${written}` })
    }
  }
}

/** Whether others may go by a value, or by a part of it. */
function isAnchored(value: unknown): boolean {
  let found = false
  if (isNode(value)) visit(value, { Value: (_, { anchor }) => void (found ||= Boolean(anchor)) })
  return found
}

function* replaceValue(site: MapInText, pair: Pair, value: unknown): Generator<string> {
  const { text, offset, map } = site
  const isFlow = Boolean(map.flow)
  const old = isNode(pair.value) ? pair.value : undefined
  const keyEnd = itemOf(site, pair.key as Node).end
  const colon = text.indexOf(':', keyEnd) + 1
  const style = isScalar(old) ? old.type : undefined
  const isOneLine = style === 'PLAIN' || style === 'QUOTE_DOUBLE' || style === 'QUOTE_SINGLE'
  const [from = colon, to = colon] = old?.range ?? []
  const [start, end] = [offset + from, offset + to]
  const isMarked = isScalar(old) && old.tag !== undefined
  for (const written of spellings(site, value, style)) {
    if (isOneLine && !isMarked && end > start && !written.startsWith('|')) {
      yield spliced(text, { start, end, text: written })
    }
  }
  const whole = old ? itemOf(site, old).end : colon
  for (const written of spellings(site, value, style)) {
    const gap = isFlow && site.isJson ? /^\s*/.exec(text.slice(colon))?.[0] || ' ' : ' '
    yield spliced(text, { start: colon, end: Math.max(colon, whole), text: gap + written })
  }
}

function* addPair(site: MapInText, key: string, value: unknown): Generator<string> {
  const { text, map, isJson } = site
  const last = map.items.at(-1)
  if (!last) return
  const item = pairItem(site, last)
  const name = isJson ? JSON.stringify(key) : key
  for (const written of spellings(site, value)) {
    if (map.flow) {
      const gap = map.items.length > 1 || isJson ? gapBefore(text, item) : ' '
      yield spliced(text, { start: item.end, end: item.end, text: `,${gap}${name}: ${written}` })
    } else {
      const end = lineEnd(text, item.end)
      const line = `${newlineOf(text)}${indentOf(site)}${name}: ${written}`
      yield spliced(text, { start: end, end, text: line })
    }
  }
}

function* cutPair(site: MapInText, index: number): Generator<string> {
  const { text, map } = site
  const items = map.items.map((pair) => pairItem(site, pair))
  const item = items[index]
  if (!item) return
  if (map.flow) {
    const cut = items.length > 1 ? cutItem(text, items, index) : undefined
    if (cut !== undefined) yield cut
    return
  }
  const start = lineStart(text, item.start)
  const isAlone = text.slice(start, item.start).trim() === ''
  const end = nextLine(text, item.end)
  if (isAlone) yield spliced(text, { start, end, text: '' })
  else yield spliced(text, { start: item.start, end: items[index + 1]?.start ?? end, text: '' })
}

/** What stands before the keys of a block map: those below a dash stand under the first. */
function indentOf(site: MapInText): string {
  const { text, map } = site
  const [first] = map.items
  const { start } = first ? pairItem(site, first) : { start: 0 }
  return text.slice(lineStart(text, start), start).replaceAll(/\S/g, ' ')
}

function pairItem(site: MapInText, pair: Pair): Item {
  const key = itemOf(site, pair.key as Node)
  const value = isNode(pair.value) ? itemOf(site, pair.value) : key
  return { start: key.start, end: Math.max(key.end, value.end) }
}

function itemOf(site: MapInText, node: Node): Item {
  const { text, offset } = site
  const [from = 0, to = from] = node.range ?? []
  const end = endOf(node, to) + offset
  const written = text.slice(offset + from, end)
  return { start: offset + from, end: offset + from + written.trimEnd().length }
}

/** Behind the last of what is inside: a block goes on to the next key, with comments between. */
function endOf(node: Node, to: number): number {
  if (!(isMap(node) || isSeq(node)) || node.flow) return to
  const last: unknown = node.items.at(-1)
  const inner = isMap(node) ? (last as Pair | undefined)?.value : last
  return isNode(inner) && inner.range ? endOf(inner, inner.range[1]) : to
}

interface Surroundings {
  readonly isFlow: boolean
  readonly style?: Scalar['type'] | undefined
  /** Before the lines of a block; a block is no way to write it where that is missing. */
  readonly indent?: string | undefined
}

function spellings(site: MapInText, value: unknown, style?: Scalar['type']): readonly string[] {
  const isFlow = Boolean(site.map.flow)
  const indent = isFlow || site.isJson ? undefined : `${indentOf(site)}  `
  return [...scalars(value, site, { isFlow, style, indent })]
}

/** A value as it could be written, the most pleasing first. */
function* scalars(
  value: unknown,
  { isJson, text }: Pick<MapInText, 'isJson' | 'text'>,
  { isFlow, style, indent }: Surroundings,
): Generator<string> {
  if (typeof value !== 'string' || isJson) {
    yield flow(value, isJson)
    return
  }
  const isLong = value.includes('\n')
  if (isLong && indent !== undefined && !/^\s|\s$/.test(value)) {
    const lines = value.split('\n').map((line) => (line === '' ? '' : indent + line))
    yield ['|-', ...lines].join(newlineOf(text))
  }
  if (style === 'QUOTE_SINGLE' && !isLong) yield `'${value.replaceAll("'", "''")}'`
  if (style === 'QUOTE_DOUBLE') yield JSON.stringify(value)
  const plain = isFlow ? /^[A-Za-z][\w.-]*$/ : /^[A-Za-z](?:[^\n\r\t]*\S)?$/
  if (plain.test(value)) yield value
  yield JSON.stringify(value)
}

/** A value in one line. */
function flow(value: unknown, isJson: boolean): string {
  if (Array.isArray(value)) return `[${value.map((one) => flow(one, isJson)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(
      ([key, one]) => `${isJson ? JSON.stringify(key) : key}: ${flow(one, isJson)}`,
    )
    return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
  }
  const isWord = typeof value === 'string' && /^[A-Za-z][\w.-]*$/.test(value)
  if (isWord && !isJson && !/^(?:true|false|null)$/i.test(value)) return value
  return JSON.stringify(value)
}
