import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import type { Alias, Document, Node, Pair } from 'yaml'
import { DEEPEST } from './plain-values.ts'

const require = createRequire(import.meta.url)

/**
 * The YAML parser, loaded when the first text needs it: what most files say is read without, and loading its
 * 72 modules takes as long as a plan of a hundred pictures.
 */
const parser = (): typeof Yaml => require('yaml') as typeof Yaml

const isAlias = ((node) => parser().isAlias(node)) as typeof Yaml.isAlias
export const isCollection = ((node) => parser().isCollection(node)) as typeof Yaml.isCollection
export const isMap = ((node) => parser().isMap(node)) as typeof Yaml.isMap
export const isNode = ((node) => parser().isNode(node)) as typeof Yaml.isNode
export const isScalar = ((node) => parser().isScalar(node)) as typeof Yaml.isScalar
export const isSeq = ((node) => parser().isSeq(node)) as typeof Yaml.isSeq
export const visit = ((node, visitor) => parser().visit(node, visitor)) as typeof Yaml.visit

/** What a document is made of. */
export function yamlNodes(): Pick<typeof Yaml, 'Pair' | 'Scalar' | 'YAMLMap' | 'YAMLSeq'> {
  return parser()
}

/** What tells lines and columns of offsets. */
export function newLineCounter(): Yaml.LineCounter {
  return new (parser().LineCounter)()
}

/** In characters: the parser takes a hundred times the memory of a text. */
export const LONGEST_TEXT = 1_000_000

/** Reads a document, in time and memory that grow with the text. What is wrong with it stands in its `errors`. */
export function parseDocument(text: string, lineCounter?: Yaml.LineCounter): Yaml.Document.Parsed {
  const { Composer } = parser()
  if (text.length > LONGEST_TEXT) return refused(`It has more than ${LONGEST_TEXT} characters.`)
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

/** What the nodes of a document stand for. Each is worked out once, however many aliases lead to it. */
export class YamlValues {
  readonly #document: Document.Parsed
  #targets: ReadonlyMap<Alias, Node> | undefined
  readonly #plain = new Map<Node, unknown>()

  constructor(document: Document.Parsed) {
    this.#document = document
  }

  /** The node that an alias stands for, `undefined` where it leads nowhere; any other node itself. */
  resolve(node: unknown): unknown {
    if (!isAlias(node)) return node
    this.#targets ??= targetsOf(this.#document)
    return this.#targets.get(node)
  }

  /**
   * A node as plain values.
   * @throws {RangeError} for aliases that lead nowhere, or without end, and for keys that are no text.
   */
  plain(written: unknown, depth = 0): unknown {
    const node = this.resolve(written)
    if (isScalar(node)) return node.value
    if (node === undefined && isAlias(written))
      throw new RangeError(`*${written.source} leads nowhere.`)
    if (!isSeq(node) && !isMap(node)) return null
    if (this.#plain.has(node)) return this.#plain.get(node)
    // Aliases may lead deeper than a text is nested.
    if (depth > DEEPEST) throw new RangeError('This is nested too deeply, or holds itself.')
    const plain = isSeq(node)
      ? node.items.map((item) => this.plain(item, depth + 1))
      : Object.fromEntries(node.items.map((pair) => this.#entry(pair, depth + 1)))
    this.#plain.set(node, plain)
    return plain
  }

  #entry(pair: Pair, depth: number): [key: string, value: unknown] {
    const key = keyText(pair)
    if (key === undefined) throw new RangeError(NO_TEXT)
    return [key, this.plain(pair.value, depth)]
  }
}

/** Written out as text, a key that is a map of keys would grow with two to the power of its depth. */
export const NO_TEXT = 'A key is not a text, but a list, a map or an alias.'

/** The key of a pair; `undefined` where that is a list, a map or an alias. */
export function keyText({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined
}

/** Every alias → the last node before it that has its anchor. */
function targetsOf(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchored.set(node.anchor, node)
    },
    Alias(_, alias) {
      const target = anchored.get(alias.source)
      if (target) targets.set(alias, target)
    },
  })
  return targets
}
