import type { ComponentTag } from '../inline/component-tags.ts'
import { readLiteral } from '../inline/literal.ts'
import type { Source } from '../inline/source.ts'
import { setInObject, spellings } from './js-object.ts'
import { gapBefore, spliced, type Item } from './splice.ts'

/** The attribute that holds a whole object of settings. */
const ALL = 'settings'
/** Values that need no braces, and mean the same in every syntax. */
const PLAIN = /^[^"'`<>{}&\\\r\n]*$/

/**
 * A text with one attribute of a component tag set, as it could be written.
 * @param value `undefined` takes the attribute out.
 */
export function* setInTag(
  { text, placeAt }: Source,
  { settings }: ComponentTag,
  key: string,
  value: unknown,
): Generator<string> {
  const attribute = settings.find((one) => nameOf(text, one) === key)
  const all = settings.find((one) => nameOf(text, one) === ALL)
  if (!attribute && all) {
    const brace = text.indexOf('{', all.start)
    const { node } = readLiteral(text.slice(0, all.end - 1), brace + 1, placeAt)
    if (node.type === 'ObjectExpression') yield* setInObject({ text, node }, key, value)
    return
  }
  if (value === undefined) {
    if (!attribute) return
    const start = attribute.start - gapBefore(text, attribute).length
    yield spliced(text, { start, end: attribute.end, text: '' })
    return
  }
  const last = settings.at(-1)
  for (const written of attributes(key, value, text)) {
    if (attribute) yield spliced(text, { ...attribute, text: written })
    else if (last) {
      const gap = gapBefore(text, last) || ' '
      yield spliced(text, { start: last.end, end: last.end, text: gap + written })
    }
  }
}

function nameOf(text: string, { start, end }: Item): string {
  return /^[^\s=]*/.exec(text.slice(start, end))?.[0] ?? ''
}

function* attributes(key: string, value: unknown, text: string): Generator<string> {
  if (typeof value === 'string' && PLAIN.test(value)) yield `${key}="${value}"`
  for (const written of spellings(value, "'", { text })) yield `${key}={${written}}`
}
