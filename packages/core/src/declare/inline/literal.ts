import { createRequire } from 'node:module'
import type { Expression, ObjectExpression, parseExpressionAt, Property } from 'acorn'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { Setting } from '../declaration.ts'
import type { Place } from '../../kernel/place.ts'

const require = createRequire(import.meta.url)

/** The parser, loaded when the first expression is read: most builds have none. */
const acorn = (): { parseExpressionAt: typeof parseExpressionAt } => require('acorn')

type PlaceAt = (offset: number) => Place

/** An expression in source code that is known without running anything. */
interface Literal {
  readonly node: Expression
  readonly value: unknown
}

/**
 * Reads the expression at an offset, whatever surrounds it: TypeScript, a component's markup, MDX.
 * @throws {GeminiImageError} `NOT_STATIC`, at the part that is not a literal.
 */
export function readLiteral(source: string, offset: number, placeAt: PlaceAt): Literal {
  const node = parseAt(source, offset, placeAt)
  return { node, value: valueOf(node, placeAt) }
}

/**
 * The settings that an object literal holds.
 * @throws {GeminiImageError} `NOT_STATIC`.
 */
export function settingsOf(node: Expression, placeAt: PlaceAt): ReadonlyMap<string, Setting> {
  if (node.type !== 'ObjectExpression') throw notStatic(placeAt(node.start))
  return new Map(propertiesOf(node, placeAt).map(([key, one]) => [key, toSetting(one, placeAt)]))
}

/** A setting that is written as an expression, under a name that begins at `keyOffset`. */
export function literalSetting(literal: Literal, keyOffset: number, placeAt: PlaceAt): Setting {
  const { node, value } = literal
  return {
    value,
    keyPlace: (path = []) => placeAt(keyOffsetOf(node, path) ?? keyOffset),
    valuePlace: (path = []) => placeAt(partOf(node, path).start),
  }
}

/** Text between backticks or quotes over several lines, without the indentation of the code. */
export function dedent(text: string): string {
  const [first = '', ...rest] = text.replaceAll(/\r\n?/g, '\n').split('\n')
  const indents = rest.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const indent = Math.min(...indents, Infinity)
  const plain = rest.map((line) => line.slice(Math.min(indent, line.length)))
  return [first, ...plain].join('\n').trim()
}

function parseAt(source: string, offset: number, placeAt: PlaceAt): Expression {
  try {
    return acorn().parseExpressionAt(source, offset, {
      ecmaVersion: 'latest',
      sourceType: 'module',
    })
  } catch (error) {
    const { pos = offset } = error as { pos?: number }
    throw notStatic(placeAt(pos))
  }
}

function valueOf(node: Expression, placeAt: PlaceAt): unknown {
  switch (node.type) {
    case 'Literal':
      if (node.regex ?? node.bigint) throw notStatic(placeAt(node.start))
      return node.value
    case 'TemplateLiteral': {
      if (node.expressions[0]) throw notStatic(placeAt(node.expressions[0].start))
      return dedent(node.quasis[0]?.value.cooked ?? '')
    }
    case 'UnaryExpression': {
      const value = valueOf(node.argument, placeAt)
      if (node.operator !== '-' || typeof value !== 'number') throw notStatic(placeAt(node.start))
      return -value
    }
    case 'BinaryExpression':
      return joinText(node, placeAt)
    case 'ArrayExpression':
      return node.elements.map((element) => {
        if (!element || element.type === 'SpreadElement') throw notStatic(placeAt(node.start))
        return valueOf(element, placeAt)
      })
    case 'ObjectExpression': {
      const entries = propertiesOf(node, placeAt)
      return Object.fromEntries(entries.map(([key, one]) => [key, valueOf(one.value, placeAt)]))
    }
    default:
      throw notStatic(placeAt(node.start))
  }
}

/** `'one ' + 'two'`. */
function joinText(node: Expression & { type: 'BinaryExpression' }, placeAt: PlaceAt): string {
  const operands: Expression[] = []
  let first: Expression = node
  while (first.type === 'BinaryExpression') {
    const { left, right, operator } = first
    if (operator !== '+' || left.type === 'PrivateIdentifier') throw notStatic(placeAt(node.start))
    operands.push(right)
    first = left
  }
  const parts = [first, ...operands.toReversed()].map((operand) => valueOf(operand, placeAt))
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  throw notStatic(placeAt(node.start))
}

function propertiesOf(node: ObjectExpression, placeAt: PlaceAt): [key: string, Property][] {
  return node.properties.map((property) => {
    const key = property.type === 'Property' && !property.computed ? keyOf(property) : undefined
    if (property.type !== 'Property' || key === undefined || property.kind !== 'init') {
      throw notStatic(placeAt(property.start))
    }
    return [key, property]
  })
}

function keyOf({ key }: Property): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : undefined
}

function toSetting({ key, value }: Property, placeAt: PlaceAt): Setting {
  return literalSetting({ node: value, value: valueOf(value, placeAt) }, key.start, placeAt)
}

/** The node at a path, or the nearest one above it. */
function partOf(node: Expression, path: readonly PropertyKey[]): Expression {
  let part = node
  for (const key of path) {
    const next = childOf(part, key)
    if (!next) break
    part = next
  }
  return part
}

function childOf(node: Expression, key: PropertyKey): Expression | undefined {
  if (node.type === 'ArrayExpression') {
    const element = node.elements[Number(key)]
    return element?.type === 'SpreadElement' ? undefined : (element ?? undefined)
  }
  return propertyOf(node, key)?.value
}

function propertyOf(node: Expression, key: PropertyKey): Property | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  return node.properties.find(
    (property): property is Property => property.type === 'Property' && keyOf(property) === key,
  )
}

function keyOffsetOf(node: Expression, path: readonly PropertyKey[]): number | undefined {
  const last = path.at(-1)
  return last === undefined
    ? undefined
    : propertyOf(partOf(node, path.slice(0, -1)), last)?.key.start
}

function notStatic(place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_STATIC',
    what: 'This is not a literal, so nobody knows before the program runs what it will be.',
    why: 'A picture is paid for once, at build time, for what stands in the source.',
    fix: 'write text, numbers, lists and objects as they are, without variables, calls, "${…}" or type annotations; "vars" in the options fills in {{name}}.',
    place,
  })
}
