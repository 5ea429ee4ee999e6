import type { Document, Pair, YAMLMap } from 'yaml'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import type { Setting } from './declaration.ts'
import type { Place } from '../kernel/place.ts'
import { assertPlain } from './plain-values.ts'
import {
  isCollection,
  isMap,
  isScalar,
  newLineCounter,
  parseDocument,
  keyText,
  NO_TEXT,
  YamlValues,
} from './yaml.ts'

type PlaceOf = (line: number, column: number) => Place

/**
 * Reads frontmatter of any kind.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
export function readYamlSettings(yaml: string, placeOf: PlaceOf): ReadonlyMap<string, Setting> {
  const lineCounter = newLineCounter()
  const document = parseDocument(yaml, lineCounter)
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return placeOf(line, col)
  }
  assertReadable(document, placeAt)
  const { contents } = document
  if (!isMap(contents)) return new Map()
  const settings = settingsOfMap(contents, new YamlValues(document), placeAt)
  assertPlain(settings)
  return settings
}

/**
 * The settings that a map holds.
 * @throws {GeminiImageError} `MALFORMED_YAML` for keys that are no text, and for aliases that lead nowhere, or
 *   without end.
 */
export function settingsOfMap(
  map: YAMLMap,
  values: YamlValues,
  placeAt: (offset: number) => Place,
): ReadonlyMap<string, Setting> {
  return new Map(map.items.map((pair) => readPair(pair, values, placeAt)))
}

function readPair(
  pair: Pair,
  values: YamlValues,
  placeAt: (offset: number) => Place,
): [key: string, setting: Setting] {
  const { value } = pair
  const keyPlace = (path: readonly PropertyKey[] = []): Place =>
    placeAt(rangeStart(keyOf(value, path) ?? pair.key))
  const valuePlace = (path: readonly PropertyKey[] = []): Place => {
    const part = partOf(value, path)
    return part === null ? keyPlace() : placeAt(rangeStart(part))
  }
  const key = keyText(pair)
  if (key === undefined) throw malformed(NO_TEXT, keyPlace())
  const plain = isScalar(value) ? value.value : toPlain(value, values, valuePlace)
  return [key, { value: plain, keyPlace, valuePlace }]
}

/** @throws {GeminiImageError} `MALFORMED_YAML`. */
function toPlain(node: unknown, values: YamlValues, place: () => Place): unknown {
  try {
    return values.plain(node)
  } catch (error) {
    throw malformed((error as Error).message, place())
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

/** A mistake in YAML often causes those that follow. */
const MOST_TOLD = 10

function assertReadable(document: Document.Parsed, placeAt: (offset: number) => Place): void {
  const errors = document.errors
    .slice(0, MOST_TOLD)
    .map(({ message, pos }) => malformed(message.split('\n')[0] ?? message, placeAt(pos[0])))
  if (errors.length > 0) throw joinErrors(errors)
  if (document.contents !== null && !isMap(document.contents)) {
    throw malformed('The frontmatter is not a list of "key: value" lines.', placeAt(0))
  }
}

function malformed(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'MALFORMED_YAML',
    what,
    fix: 'write the settings as YAML, one "key: value" a line; quote text that holds ": ", "#" or "{{".',
    place,
  })
}
