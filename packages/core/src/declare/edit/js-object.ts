import type { Expression, ObjectExpression, Property } from 'acorn'
import jsTokens from 'js-tokens'
import {
  cutItem,
  gapBefore,
  lineStart,
  newlineOf,
  spliced,
  type Item,
  type Splice,
} from './splice.ts'

/** An object literal in a text. */
export interface ObjectInText {
  readonly text: string
  readonly node: ObjectExpression
}

/**
 * A text with one property of an object literal set, as it could be written, the least change first.
 * @param value `undefined` takes the property out.
 */
export function* setInObject(
  { text, node }: ObjectInText,
  key: string,
  value: unknown,
): Generator<string> {
  const properties = propertiesOf(node)
  const index = properties.findIndex((property) => nameOf(property) === key)
  const property = properties[index]
  if (value === undefined) {
    const cut = property && cutItem(text, properties, index)
    if (cut !== undefined) yield cut
    return
  }
  const quote = quoteOf(properties)
  for (const written of spellings(value, quote, { text, node: property?.value })) {
    if (property) {
      yield spliced(text, { start: property.value.start, end: property.value.end, text: written })
    } else yield addProperty(text, node, `${key}: ${written}`)
  }
}

/** The same with one item more at the end of a list below a key. */
export function* appendInObject(
  { text, node }: ObjectInText,
  key: string,
  item: unknown,
): Generator<string> {
  const properties = propertiesOf(node)
  const list = properties.find((property) => nameOf(property) === key)?.value
  const elements = list?.type === 'ArrayExpression' ? list.elements : []
  const last = elements.at(-1)
  if (!list || !last) return
  const gap = elements.length > 1 ? gapBefore(text, last) : gapOfOne(text, list, last)
  for (const written of spellings(item, quoteOf(properties), { text })) {
    yield spliced(text, { start: last.end, end: last.end, text: `,${gap}${written}` })
  }
}

function gapOfOne(text: string, list: Expression, item: Item): string {
  const gap = gapBefore(text, item)
  return list.start + 1 + gap.length === item.start && gap !== '' ? gap : ' '
}

function propertiesOf(node: ObjectExpression): readonly Property[] {
  return node.properties.filter((one): one is Property => one.type === 'Property')
}

function nameOf({ key }: Property): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : undefined
}

function addProperty(text: string, node: ObjectExpression, written: string): string {
  const last = node.properties.at(-1)
  if (!last) return text
  const rest = text.slice(last.end, node.end - 1)
  const comma = commaIn(rest)
  const gap = gapBefore(text, last)
  const isOnLines = /[\r\n]/.test(gap)
  if (!isOnLines) {
    const at = comma === undefined ? last.end : last.end + comma + 1
    const added = comma === undefined ? `, ${written}` : ` ${written},`
    return spliced(text, { start: at, end: at, text: added })
  }
  // Behind comments that belong to the last.
  const at = last.end + rest.trimEnd().length
  const indent = text.slice(lineStart(text, last.start), last.start)
  const line = `${newlineOf(text)}${/^\s*/.exec(indent)?.[0] ?? ''}${written}`
  const end: Splice = { start: at, end: at, text: comma === undefined ? line : `${line},` }
  if (comma !== undefined) return spliced(text, end)
  if (at === last.end) return spliced(text, { ...end, text: `,${line}` })
  return spliced(text, { start: last.end, end: last.end, text: ',' }, end)
}

/** Where a comma stands in what is behind a property: not one in a comment. */
function commaIn(rest: string): number | undefined {
  let offset = 0
  for (const { type, value } of jsTokens(rest)) {
    if (type === 'Punctuator' && value === ',') return offset
    offset += value.length
  }
  return undefined
}

/** The quotes that the object is written with. */
function quoteOf(properties: readonly Property[]): string {
  const quotes = properties.flatMap(({ value }) =>
    value.type === 'Literal' && typeof value.value === 'string' ? (value.raw?.[0] ?? []) : [],
  )
  return quotes[0] ?? "'"
}

/** A text, and what stands there in the place of a value. */
interface OldValue {
  readonly text: string
  readonly node?: Property['value'] | undefined
}

/** A value as it could be written, the most pleasing first. */
export function* spellings(value: unknown, quote: string, old: OldValue): Generator<string> {
  if (typeof value === 'string') {
    const isLong = value.includes('\n')
    const isTemplate = old.node?.type === 'TemplateLiteral'
    if ((isLong || isTemplate) && !/[`\\]|\$\{/.test(value)) yield template(value, old)
  }
  yield literal(value, quote)
}

function template(value: string, { text, node }: OldValue): string {
  const written = node ? text.slice(node.start, node.end) : ''
  const newline = newlineOf(text)
  const indent = /[\r\n]([ \t]*)\S/.exec(written)?.[1] ?? ''
  const [open = '', close = ''] = [/^`(\s*)/.exec(written)?.[1], /(\s*)`$/.exec(written)?.[1]]
  const isFramed = node?.type === 'TemplateLiteral' && /[\r\n]/.test(open)
  const lines = value.split('\n')
  const body = lines.map((line, index) => (index === 0 || line === '' ? line : indent + line))
  return isFramed ? `\`${open}${body.join(newline)}${close}\`` : `\`${body.join(newline)}\``
}

function literal(value: unknown, quote: string): string {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, quote)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key, quote)
      return `${name}: ${literal(one, quote)}`
    })
    return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
  }
  const json = JSON.stringify(value)
  if (typeof value !== 'string' || quote === '"') return json
  // What JSON escapes is escaped alike here, but for the quotes.
  const inside = json
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", String.raw`\'`)
  return `'${inside}'`
}
