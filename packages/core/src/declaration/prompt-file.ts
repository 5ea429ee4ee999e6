import path from 'node:path'
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
} from 'yaml'
import { GeminiImageError, joinErrors } from '../errors/error.ts'
import type { Declaration, Setting } from './declaration.ts'
import { projectPath, startOf, type Place } from './place.ts'
import { readPlainSettings } from './plain-settings.ts'

/** How a prompt file's name ends. */
export const PROMPT_FILE_EXTENSION = '.prompt.md'

const OPENING_FENCE = /^---[ \t]*(?:\n|$)/
const CLOSING_FENCE = /^---[ \t]*$/m

/** The two parts of a prompt file, with the line on which each begins (from 1). */
interface Parts {
  readonly yaml: string
  readonly yamlLine: number
  readonly body: string
  readonly bodyLine: number
}

/**
 * Reads a prompt file: Markdown with YAML frontmatter for the settings, and the prompt as its body.
 *
 * Line endings, a byte order mark and blank lines around the prompt carry no meaning.
 *
 * @param source The file's text.
 * @param file Its absolute path.
 * @param root The project root, for the places in messages.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
export function parsePromptFile(source: string, file: string, root: string): Declaration {
  const text = source.includes('\r') ? source.replaceAll(/\r\n?/g, '\n') : source
  const parts = splitFrontmatter(text.startsWith('\uFEFF') ? text.slice(1) : text, file, root)
  const settings = readSettings(parts, file, root)
  const prompt = parts.body.trim()
  const before = prompt === '' ? '' : parts.body.slice(0, parts.body.search(/\S/))
  const place: Place = {
    file,
    path: projectPath(root, file),
    line: parts.bodyLine + countLines(before) - 1,
    column: before.length - before.lastIndexOf('\n'),
  }
  return { file, name: nameOf(file), prompt, place, settings }
}

/** `hero` for `/site/src/hero.prompt.md`: lower case, with what file systems dislike taken out. */
export function nameOf(file: string): string {
  const base = path.basename(file).replace(/\.prompt\.md$/i, '')
  if (/^[a-z0-9]{1,60}$/.test(base)) return base
  const plain = base.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  // Store names stay readable and far below the 255 bytes that file systems allow.
  return slug.slice(0, 60).replace(/-$/, '') || 'picture'
}

function splitFrontmatter(text: string, file: string, root: string): Parts {
  const [open] = OPENING_FENCE.exec(text) ?? []
  if (open === undefined) return { yaml: '', yamlLine: 1, body: text, bodyLine: 1 }
  const rest = text.slice(open.length)
  const close = CLOSING_FENCE.exec(rest)
  if (!close) {
    throw new GeminiImageError({
      code: 'MALFORMED_YAML',
      what: 'The frontmatter that begins here is never closed.',
      fix: 'write a line of three dashes (---) between the settings and the prompt.',
      place: startOf(root, file),
    })
  }
  const yaml = rest.slice(0, close.index)
  return {
    yaml: yaml.endsWith('\n') ? yaml.slice(0, -1) : yaml,
    yamlLine: 2,
    body: rest.slice(close.index + close[0].length + 1),
    bodyLine: 2 + countLines(yaml),
  }
}

function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

function readSettings(parts: Parts, file: string, root: string): ReadonlyMap<string, Setting> {
  const placeOf = (line: number, column: number): Place => ({
    file,
    path: projectPath(root, file),
    line: line + parts.yamlLine - 1,
    column: Math.max(1, column),
  })
  return readPlainSettings(parts.yaml, placeOf) ?? readYaml(parts.yaml, placeOf)
}

function readYaml(
  yaml: string,
  placeOf: (line: number, column: number) => Place,
): ReadonlyMap<string, Setting> {
  const lineCounter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return placeOf(line, col)
  }
  assertReadable(document, placeAt)
  const settings = new Map<string, Setting>()
  if (!isMap(document.contents)) return settings
  for (const pair of document.contents.items) {
    const [key, setting] = readPair(pair, document, placeAt)
    settings.set(key, setting)
  }
  return settings
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
