import type { Document, Pair, YAMLMap } from 'yaml'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import type { Setting } from './declaration.ts'
import type { Place } from '../kernel/place.ts'
import { isCollection, isMap, isNode, isScalar, newLineCounter, parseDocument } from './yaml.ts'

/** The place of a line and a column of the text. */
export type PlaceOf = (line: number, column: number) => Place

/**
 * Reads frontmatter of any kind.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
export function readYamlSettings(yaml: string, placeOf: PlaceOf): ReadonlyMap<string, Setting> {
  const lineCounter = newLineCounter()
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return placeOf(line, col)
  }
  assertReadable(document, placeAt)
  return isMap(document.contents) ? settingsOfMap(document.contents, document, placeAt) : new Map()
}

/**
 * The settings that a map holds.
 * @throws {GeminiImageError} `MALFORMED_YAML` for aliases that lead nowhere, or without end.
 */
export function settingsOfMap(
  map: YAMLMap,
  document: Document.Parsed,
  placeAt: (offset: number) => Place,
): ReadonlyMap<string, Setting> {
  return new Map(map.items.map((pair) => readPair(pair, document, placeAt)))
}

function readPair(
  pair: Pair,
  document: Document.Parsed,
  placeAt: (offset: number) => Place,
): [key: string, setting: Setting] {
  const { value } = pair
  const keyPlace = (path: readonly PropertyKey[] = []): Place =>
    placeAt(rangeStart(keyOf(value, path) ?? pair.key))
  const valuePlace = (path: readonly PropertyKey[] = []): Place => {
    const part = partOf(value, path)
    return part === null ? keyPlace() : placeAt(rangeStart(part))
  }
  const plain = isScalar(value) ? value.value : toPlain(value, document, valuePlace)
  const key = String(isScalar(pair.key) ? pair.key.value : pair.key)
  return [key, { value: plain, keyPlace, valuePlace }]
}

/** @throws {GeminiImageError} `MALFORMED_YAML` for aliases that lead nowhere, or without end. */
function toPlain(node: unknown, document: Document.Parsed, place: () => Place): unknown {
  try {
    return isNode(node) ? node.toJS(document) : node
  } catch (error) {
    throw malformed((error as Error).message.split('\n')[0] ?? 'It cannot be read.', place())
  }
}

/** The key at the end of a path, where that leads into a map. */
function keyOf(node: unknown, path: readonly PropertyKey[]): unknown {
  const map = partOf(node, path.slice(0, -1))
  const last = path.at(-1)
  if (!isMap(map) || last === undefined) return undefined
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === last)?.key
}

/** The node at a path, or the nearest one above it that is there. */
function partOf(node: unknown, path: readonly PropertyKey[]): unknown {
  let part = node
  for (const key of path) {
    if (!isCollection(part)) break
    const next = part.get(key, true)
    if (next === undefined) break
    part = next
  }
  return part
}

function rangeStart(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range
  return range?.[0] ?? 0
}

function assertReadable(document: Document.Parsed, placeAt: (offset: number) => Place): void {
  const errors = document.errors.map((error) =>
    malformed(error.message.split('\n')[0] ?? error.message, placeAt(error.pos[0])),
  )
  if (errors.length > 0) throw joinErrors(errors)
  if (document.contents !== null && !isMap(document.contents)) {
    throw malformed('The frontmatter is not a list of "key: value" lines.', placeAt(0))
  }
}

function malformed(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'MALFORMED_YAML',
    what,
    fix: 'write the settings as YAML, one "key: value" a line; quote text that holds ": " or "#".',
    place,
  })
}
