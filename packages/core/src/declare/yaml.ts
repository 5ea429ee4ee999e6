import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { DEEPEST } from './plain-values.ts'

const require = createRequire(import.meta.url)

/**
 * The YAML parser, loaded when the first text needs it: what most files say is read without, and loading its
 * 72 modules takes as long as a plan of a hundred pictures.
 */
const parser = (): typeof Yaml => require('yaml') as typeof Yaml

export const isAlias = ((node) => parser().isAlias(node)) as typeof Yaml.isAlias
export const isCollection = ((node) => parser().isCollection(node)) as typeof Yaml.isCollection
export const isMap = ((node) => parser().isMap(node)) as typeof Yaml.isMap
export const isNode = ((node) => parser().isNode(node)) as typeof Yaml.isNode
export const isScalar = ((node) => parser().isScalar(node)) as typeof Yaml.isScalar
export const isSeq = ((node) => parser().isSeq(node)) as typeof Yaml.isSeq
export const visit = ((node, visitor) => parser().visit(node, visitor)) as typeof Yaml.visit

/** What tells lines and columns of offsets. */
export function newLineCounter(): Yaml.LineCounter {
  return new (parser().LineCounter)()
}

/** In characters: the parser takes a hundred times the memory of a text. */
export const LONGEST_YAML = 1_000_000

/** Reads a document, in time and memory that grow with the text. What is wrong with it stands in its `errors`. */
export function parseDocument(text: string, lineCounter?: Yaml.LineCounter): Yaml.Document.Parsed {
  const { Composer } = parser()
  if (text.length > LONGEST_YAML) return refused(`It has more than ${LONGEST_YAML} characters.`)
  const tokens = tokensOf(text, lineCounter)
  if (!tokens) return refused(`It is nested more than ${DEEPEST} levels deep.`)
  // To find a key that stands twice, the composer would hold each against all others.
  const composer = new Composer({ uniqueKeys: false })
  const [document, another] = composer.compose(tokens, true, text.length)
  if (!document) throw new RangeError('No document')
  if (another) {
    const what = 'There are several documents.'
    document.errors.push(mistake(another.range[0], what, 'MULTIPLE_DOCS'))
  }
  visit(document, {
    Map(_, map) {
      for (const error of repeatedKeys(map)) document.errors.push(error)
    },
  })
  return document
}

/**
 * What a document is composed of; `undefined` where it is nested too deeply: composing it would run out of stack,
 * which may end the process.
 */
function tokensOf(
  text: string,
  lineCounter: Yaml.LineCounter | undefined,
): readonly Yaml.CST.Token[] | undefined {
  const { Lexer, Parser } = parser()
  const reader = new Parser(lineCounter?.addNewLine)
  const tokens: Yaml.CST.Token[] = []
  lineCounter?.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of reader.next(lexeme)) tokens.push(token)
    if (reader.stack.length > DEEPEST) return undefined
  }
  return [...tokens, ...reader.end()]
}

function refused(what: string): Yaml.Document.Parsed {
  const document = parser().parseDocument('')
  document.errors.push(mistake(0, what, 'RESOURCE_EXHAUSTION'))
  return document
}

function mistake(
  offset: number,
  what: string,
  code: Yaml.ErrorCode = 'DUPLICATE_KEY',
): Yaml.YAMLParseError {
  return new (parser().YAMLParseError)([offset, offset], code, what)
}

function repeatedKeys({ items }: Yaml.YAMLMap): readonly Yaml.YAMLParseError[] {
  const seen = new Set<unknown>()
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    if (seen.has(key.value)) return mistake(key.range?.[0] ?? 0, 'Map keys must be unique')
    seen.add(key.value)
    return []
  })
}
