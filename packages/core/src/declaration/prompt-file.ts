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

/** How a prompt file's name ends. */
export const PROMPT_FILE_EXTENSION = '.prompt.md'

const FENCE = /^---[ \t]*$/

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
  const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const parts = splitFrontmatter(text, file, root)
  const settings = readSettings(parts, file, root)
  const prompt = parts.body.trim()
  const blankLines = parts.body.slice(0, parts.body.search(/\S|$/)).split('\n').length - 1
  const place: Place = {
    file,
    path: projectPath(root, file),
    line: parts.bodyLine + (prompt === '' ? 0 : blankLines),
    column: 1,
  }
  return { file, name: nameOf(file), prompt, place, settings }
}

/** `hero` for `/site/src/hero.prompt.md`: lower case, with what file systems dislike taken out. */
export function nameOf(file: string): string {
  const base = path.basename(file).replace(/\.prompt\.md$/i, '')
  const plain = base.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  // Store names stay readable and far below the 255 bytes that file systems allow.
  return slug.slice(0, 60).replace(/-$/, '') || 'picture'
}

function splitFrontmatter(text: string, file: string, root: string): Parts {
  const lines = text.split('\n')
  if (!FENCE.test(lines[0] ?? '')) return { yaml: '', yamlLine: 1, body: text, bodyLine: 1 }
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line))
  if (end === -1) {
    throw new GeminiImageError({
      code: 'MALFORMED_YAML',
      what: 'The frontmatter that begins here is never closed.',
      fix: 'write a line of three dashes (---) between the settings and the prompt.',
      place: startOf(root, file),
    })
  }
  return {
    yaml: lines.slice(1, end).join('\n'),
    yamlLine: 2,
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
  }
}

function readSettings(parts: Parts, file: string, root: string): ReadonlyMap<string, Setting> {
  const lineCounter = new LineCounter()
  const document = parseDocument(parts.yaml, { lineCounter, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    const at = { line: line + parts.yamlLine - 1, column: Math.max(1, col) }
    return { file, path: projectPath(root, file), ...at }
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
  const keyPlace = (): Place => placeAt(rangeStart(pair.key))
  const valuePlace = (path: readonly PropertyKey[] = []): Place => {
    const part = partOf(value, path)
    return part === null ? keyPlace() : placeAt(rangeStart(part))
  }
  const plain = isScalar(value) ? value.value : isNode(value) ? value.toJS(document) : value
  const key = String(isScalar(pair.key) ? pair.key.value : pair.key)
  return [key, { value: plain, keyPlace, valuePlace }]
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
