import { channel } from 'node:diagnostics_channel'
import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Declaration, Setting } from './declaration.ts'
import { assertMerged, assertNoFrontmatterMeant } from './lookalike.ts'
import { placeOfOffset, projectPath, startOf, type Place } from '../kernel/place.ts'
import { readPlainSettings } from './plain-settings.ts'
import { toSlug } from '../kernel/slug.ts'
import { readYamlSettings } from './yaml-settings.ts'

const OPENING_FENCE = /^---[ \t]*(?:\n|$)/
const CLOSING_FENCE = /^---[ \t]*$/m

/** Told of every prompt file that is parsed. @see https://nodejs.org/api/diagnostics_channel.html */
const parsed = channel('gemini-image:parse')

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
 * @param linesAbove How many lines stand above the text, where it is a part of the file.
 * @throws {GeminiImageError} `MALFORMED_YAML` or `MERGE_CONFLICT`.
 */
export function parsePromptFile(
  source: string,
  file: string,
  root: string,
  linesAbove = 0,
): Declaration {
  if (parsed.hasSubscribers) parsed.publish(file)
  const text = source.includes('\r') ? source.replaceAll(/\r\n?/g, '\n') : source
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  const start: Place = { ...startOf(root, file), line: linesAbove + 1 }
  const parts = below(linesAbove, splitFrontmatter(plain, start))
  const settings = readSettings(parts, file, root)
  const prompt = parts.body.trim()
  const before = prompt === '' ? '' : parts.body.slice(0, parts.body.search(/\S/))
  const place: Place = {
    file,
    path: projectPath(root, file),
    line: parts.bodyLine + countLines(before) - 1,
    column: before.length - before.lastIndexOf('\n'),
  }
  return { id: file, file, name: nameOf(file), prompt, place, settings }
}

/** `hero` for `/site/src/hero.prompt.md`: lower case, with what file systems dislike taken out. */
export function nameOf(file: string): string {
  const base = path.basename(file).replace(/\.prompt\.md$/i, '')
  return toSlug(base)
}

function below(lines: number, parts: Parts): Parts {
  if (lines === 0) return parts
  return { ...parts, yamlLine: parts.yamlLine + lines, bodyLine: parts.bodyLine + lines }
}

function splitFrontmatter(text: string, start: Place): Parts {
  const placeOf = (offset: number): Place => placeOfOffset(text, offset, start)
  assertMerged(text, placeOf)
  const [open] = OPENING_FENCE.exec(text) ?? []
  if (open === undefined) {
    assertNoFrontmatterMeant(text, placeOf)
    return { yaml: '', yamlLine: 1, body: text, bodyLine: 1 }
  }
  const rest = text.slice(open.length)
  const close = CLOSING_FENCE.exec(rest)
  if (!close) {
    throw new GeminiImageError({
      code: 'MALFORMED_YAML',
      what: 'The frontmatter that begins here is never closed.',
      fix: 'write a line of three dashes (---) between the settings and the prompt.',
      place: start,
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
  return readPlainSettings(parts.yaml, placeOf) ?? readYamlSettings(parts.yaml, placeOf)
}
