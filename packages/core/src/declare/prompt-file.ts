import { channel } from 'node:diagnostics_channel'
import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Declaration, Setting } from './declaration.ts'
import { placeOfOffset, projectPath, startOf, type Place } from '../kernel/place.ts'
import { readPlainSettings } from './plain-settings.ts'
import { readYamlSettings } from './yaml-settings.ts'
import { SETTING_NAMES } from './settings.ts'

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
    // Where the fence ends the file, no line is below it.
    line:
      prompt === ''
        ? Math.min(parts.bodyLine, linesAbove + countLines(plain))
        : parts.bodyLine + countLines(before) - 1,
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

/** How a text differs from one with frontmatter, and how to fix it. */
interface Lookalike {
  readonly pattern: RegExp
  what(found: string): string
  readonly fix: string
}

const KEY = `(?:${SETTING_NAMES.join('|')})[ \\t]*:(?=[ \\t\\n]|$)`

const WRITE_FENCES = 'write a line of three dashes (---) above the settings and one below them.'

/** What people write in the place of frontmatter; the first that fits is told. */
const LOOKALIKES: readonly Lookalike[] = [
  {
    pattern: /^(?:[ \t]*\n)+(?=[ \t]*---[ \t]*(?:\n|$))/,
    what: () => 'A blank line stands above the frontmatter.',
    fix: 'delete it: the three dashes (---) are the first line of a prompt file.',
  },
  {
    pattern: /^[ \t]+(?=---[ \t]*(?:\n|$))/,
    what: () => 'The three dashes (---) above the frontmatter are indented.',
    fix: 'delete the spaces in front of them.',
  },
  {
    pattern: /^[ \t\n]*(?:\+{3}|;{3})[^\n]*/,
    what: (found) => `"${found}" begins no frontmatter: it is YAML, between lines of dashes.`,
    fix: 'write the settings as YAML, one "key: value" a line, between two lines of three dashes (---).',
  },
  {
    // Three dashes and something else; two, or a longer one that stands for them, alone on its line.
    pattern: /^[ \t\n]*(?:-{3,}[^\n]*|(?:--|[\u2012-\u2015]{1,3})[ \t]*(?=\n|$))/,
    what: (found) => `"${found}" begins no frontmatter: that takes three dashes, and nothing else.`,
    fix: WRITE_FENCES,
  },
  {
    pattern: new RegExp(`^[ \\t\\n]*${KEY}`),
    what: (found) => `"${found}" is a setting, and no line of dashes stands above it.`,
    fix: WRITE_FENCES,
  },
]

/** Letters of a line in a message. */
const MOST_SHOWN = 40

const CONFLICT = /^(?:<{7}|>{7})(?: |$)/m

/**
 * Makes sure that a text without frontmatter was not meant to have some: all of it would be sent as the prompt.
 * @param text Without a byte order mark, and with line feeds alone.
 * @param placeOf The place of an offset in the text.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
function assertNoFrontmatterMeant(text: string, placeOf: (offset: number) => Place): void {
  for (const { pattern, what, fix } of LOOKALIKES) {
    const found = pattern.exec(text)
    if (!found) continue
    const [match] = found
    const shown = match.trim().slice(0, MOST_SHOWN)
    throw new GeminiImageError({
      code: 'MALFORMED_YAML',
      what: what(shown),
      why: 'Without frontmatter, all of the file is the prompt.',
      fix: `${fix} Where it is a part of the prompt, put an empty frontmatter above it: two lines of three dashes.`,
      place: placeOf(found.index + match.length - match.trimStart().length),
    })
  }
}

/**
 * Makes sure that no merge was left half done.
 * @throws {GeminiImageError} `MERGE_CONFLICT`.
 */
function assertMerged(text: string, placeOf: (offset: number) => Place): void {
  // Nearly no text holds these characters anywhere.
  if (!text.includes('<<<<<<<') && !text.includes('>>>>>>>')) return
  const found = CONFLICT.exec(text)
  if (!found) return
  throw new GeminiImageError({
    code: 'MERGE_CONFLICT',
    what: 'A conflict marker of a merge stands here.',
    fix: 'keep one side of the merge, and delete the lines that begin with <<<<<<<, =======, and >>>>>>>.',
    place: placeOf(found.index),
  })
}

/** Lower case, with what file systems and addresses dislike taken out; `picture` where nothing is left. */
export function toSlug(text: string): string {
  if (/^[a-z0-9]{1,60}$/.test(text)) return text
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  // Store names stay readable and far below the 255 bytes that file systems allow.
  return slug.slice(0, 60).replace(/-$/, '') || 'picture'
}
