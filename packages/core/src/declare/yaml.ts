import type * as Yaml from 'yaml'
import { require } from '../kernel/require.ts'

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
export const parseDocument = ((text: string, options: Yaml.ParseOptions) =>
  parser().parseDocument(text, options)) as typeof Yaml.parseDocument
export const visit = ((node, visitor) => parser().visit(node, visitor)) as typeof Yaml.visit

/** What tells lines and columns of offsets. */
export function newLineCounter(): Yaml.LineCounter {
  return new (parser().LineCounter)()
}
