import type { Alias, Document, Node, Pair } from 'yaml'
import { DEEPEST } from './plain-values.ts'
import { isAlias, isMap, isScalar, isSeq, visit } from './yaml.ts'

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
