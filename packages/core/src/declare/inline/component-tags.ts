import jsTokens from 'js-tokens'
import { oursOrThrow, type GeminiImageError } from '../../kernel/errors/error.ts'
import type { Declaration, Setting } from '../declaration.ts'
import { SETTING_NAMES } from '../settings.ts'
import { findOurImports } from './imports.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import { literalSetting, readLiteral, settingsOf } from './literal.ts'
import type { Source } from './source.ts'

/** A tag that declares a picture: `<GeminiImage prompt="…" alt="…" />`. */
export interface ComponentTag {
  /** What it declares, or what is wrong with it. */
  readonly declaration: Declaration | GeminiImageError
  /** The offset behind its name, where attributes begin. */
  readonly nameEnd: number
  /** Offsets of the attributes that are settings of the picture. */
  readonly settings: readonly { readonly start: number; readonly end: number }[]
}

/** The components that take the settings of a picture as attributes. */
const COMPONENTS = new Set(['GeminiImage', 'GeminiPicture'])

/** What the attribute `settings` is for: it takes what has another meaning as an attribute. */
const NOT_AN_ATTRIBUTE = 'style'
const ATTRIBUTES = new Set(['prompt', ...SETTING_NAMES.filter((name) => name !== NOT_AN_ATTRIBUTE)])
/** The attribute for a whole object of settings. */
const ALL = 'settings'

export function findTags(source: Source): readonly ComponentTag[] {
  const imports = findOurImports(source, 'components')
  const names = imports.flatMap(({ names }) => [...names].filter(([, to]) => COMPONENTS.has(to)))
  const tags = names.flatMap(([name]) => findTagsOf(name, source))
  return tags.toSorted((one, other) => one.nameEnd - other.nameEnd)
}

function findTagsOf(name: string, source: Source): ComponentTag[] {
  const opening = new RegExp(`<${name.replaceAll('$', '\\$')}(?=[\\s/>])`, 'g')
  return [...source.text.matchAll(opening)].flatMap((match) => {
    if (source.isInert(match.index)) return []
    return readTag(match.index + match[0].length, source) ?? []
  })
}

/** One attribute; the value is not read yet. */
interface Attribute {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Where its value begins: at a quote, a backtick, or behind a brace. */
  readonly value: number | undefined
}

function readTag(nameEnd: number, source: Source): ComponentTag | undefined {
  const attributes = [...attributesOf(source.text, nameEnd)]
  const ours = attributes.filter(({ name }) => ATTRIBUTES.has(name) || name === ALL)
  // Without them, the tag shows a picture that is declared elsewhere.
  const declares = ours.some(({ name }) => ['prompt', 'template', ALL].includes(name))
  if (!declares) return undefined
  try {
    const settings = new Map(ours.flatMap((attribute) => [...readAttribute(attribute, source)]))
    const place = source.placeAt(nameEnd)
    return {
      declaration: toInlineDeclaration({ settings, place }, source),
      nameEnd,
      settings: ours,
    }
  } catch (error) {
    return { declaration: oursOrThrow(error), nameEnd, settings: ours }
  }
}

const NAME = /\s*([^\s"'<>/=`{}]+)/y
const QUOTED = /\s*=\s*(?:"[^"]*"|'[^']*')/y
const TEMPLATE = /\s*=\s*(?=`)/y
const BRACE = /\s*=\s*(?=\{)/y
const SPREAD_OR_SHORTHAND = /\s*(?=\{)/y

function* attributesOf(text: string, from: number): Generator<Attribute> {
  const match = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  let at = from
  for (;;) {
    const braces = match(SPREAD_OR_SHORTHAND, at)
    if (braces) {
      const start = at + braces[0].length
      at = endOfExpression(text, start)
      const name = text.slice(start + 1, at - 1).trim()
      yield { name, start, end: at, value: start + 1 }
      continue
    }
    const found = match(NAME, at)
    if (!found) return
    const [whole, name = ''] = found
    const start = at + whole.length - name.length
    at += whole.length
    const quoted = match(QUOTED, at)
    const opening = quoted ?? match(TEMPLATE, at) ?? match(BRACE, at)
    if (!opening) {
      yield { name, start, end: at, value: undefined }
      continue
    }
    const opens = at + opening[0].length
    const value = quoted ? at + (/["']/.exec(quoted[0])?.index ?? 0) : opens
    at = quoted ? opens : endOfExpression(text, opens)
    yield { name, start, end: at, value: text[value] === '{' ? value + 1 : value }
  }
}

/** The offset behind what begins here with a brace or a backtick, and ends with its counterpart. */
function endOfExpression(text: string, start: number): number {
  let offset = start
  let depth = 0
  for (const { type, value } of jsTokens(text.slice(start))) {
    offset += value.length
    if (type === 'TemplateHead' || (type === 'Punctuator' && value === '{')) depth += 1
    if (type === 'TemplateTail' || (type === 'Punctuator' && value === '}')) depth -= 1
    if (depth === 0) return offset
  }
  return text.length
}

function* readAttribute(
  { name, start, end, value }: Attribute,
  source: Source,
): Generator<[string, Setting]> {
  const { text, placeAt } = source
  if (value === undefined) {
    const place = placeAt(start)
    yield [name, { value: true, keyPlace: () => place, valuePlace: () => place }]
    return
  }
  const quote = text[value]
  if ((quote === '"' || quote === "'") && text[value - 1] !== '{') {
    const place = placeAt(value + 1)
    const content = text.slice(value + 1, text.indexOf(quote, value + 1))
    yield [name, { value: content, keyPlace: () => placeAt(start), valuePlace: () => place }]
    return
  }
  // Without what follows the value, which would be read as a part of it.
  const upTo = text.slice(0, text[value - 1] === '{' ? end - 1 : end)
  const literal = readLiteral(upTo, value, placeAt)
  if (name === ALL) yield* settingsOf(literal.node, placeAt)
  else yield [name, literalSetting(literal, start, placeAt)]
}
