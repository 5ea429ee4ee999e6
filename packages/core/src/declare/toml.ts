import { createRequire } from 'node:module'
import type * as Toml from 'toml-eslint-parser'
import type { AST } from 'toml-eslint-parser'
import type { Document, Node, YAMLMap, YAMLSeq } from 'yaml'
import { isMap, isSeq, parseDocument, yamlNodes } from './yaml.ts'

const require = createRequire(import.meta.url)

/**
 * Reads TOML as the document that YAML of the same content would be, each node with its offset in the TOML.
 * @returns `undefined` for what is no TOML.
 */
export function parseToml(text: string): Document.Parsed | undefined {
  const { parseTOML } = require('toml-eslint-parser') as typeof Toml
  try {
    const [table] = parseTOML(text).body
    const document = parseDocument('{}')
    return Object.assign(document, { contents: new Tables().contentsOf(table) })
  } catch {
    // A mistake, or nested too deeply.
    return undefined
  }
}

type Path = readonly (string | number)[]

class Tables {
  readonly #nodes = yamlNodes()

  contentsOf({ body }: AST.TOMLTopLevelTable): YAMLMap {
    const top = this.#map(0)
    for (const part of body) {
      if (part.type === 'TOMLKeyValue') this.#add(part, top)
      else {
        const table = this.#at(part.resolvedKey, top, part.range[0])
        for (const pair of part.body) this.#add(pair, table)
      }
    }
    return top
  }

  #add({ key, value }: AST.TOMLKeyValue, table: YAMLMap): void {
    const names = key.keys.map((one) => ('name' in one ? one.name : one.value))
    const inner = this.#at(names.slice(0, -1), table, key.range[0])
    this.#put(names.at(-1) ?? '', this.#nodeOf(value), inner, key.range[0])
  }

  /** The table at the end of a path, made where it is not there. */
  #at(path: Path, from: YAMLMap, offset: number): YAMLMap {
    let node: YAMLMap | YAMLSeq = from
    for (const [index, key] of path.entries()) {
      const found: unknown = node.get(key, true)
      if (isMap(found) || isSeq(found)) node = found
      else {
        const made = typeof path[index + 1] === 'number' ? this.#seq(offset) : this.#map(offset)
        if (isSeq(node)) node.items.push(made)
        else this.#put(String(key), made, node, offset)
        node = made
      }
    }
    if (!isMap(node)) throw new TypeError('A path of tables ends in a table.')
    return node
  }

  #put(key: string, value: Node, map: YAMLMap, offset: number): void {
    map.items.push(new this.#nodes.Pair(this.#scalar(key, offset), value))
  }

  #nodeOf(node: AST.TOMLContentNode): Node {
    const [offset] = node.range
    if (node.type === 'TOMLArray') {
      const seq = this.#seq(offset)
      for (const element of node.elements) seq.items.push(this.#nodeOf(element))
      return seq
    }
    if (node.type === 'TOMLInlineTable') {
      const map = this.#map(offset)
      for (const pair of node.body) this.#add(pair, map)
      return map
    }
    return this.#scalar('datetime' in node ? node.datetime : node.value, offset)
  }

  #map(offset: number): YAMLMap {
    return Object.assign(new this.#nodes.YAMLMap(), { range: [offset, offset, offset] })
  }

  #seq(offset: number): YAMLSeq {
    return Object.assign(new this.#nodes.YAMLSeq(), { range: [offset, offset, offset] })
  }

  #scalar(value: unknown, offset: number): Node {
    return Object.assign(new this.#nodes.Scalar(value), { range: [offset, offset, offset] })
  }
}
