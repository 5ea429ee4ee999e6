import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Project } from '@gemini-image/core'
import { fileOfId, isPromptFile, promptPathOf } from '@gemini-image/core/host'
import { openFiles } from '@gemini-image/core/internal'
import type { Location } from 'vscode-languageserver/node'
import type { Named, Opened, Reading } from './reading.ts'

/** A position as editors count: both from 0. */
interface Position {
  readonly line: number
  readonly character: number
}

/** What a document names at a position. */
export type Target =
  | { readonly kind: 'picture'; readonly id: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'style'; readonly name: string }

/** The prompt file, image or style that a document names at a position. */
export function targetAt(
  { file, text }: Opened,
  position: Position,
  { named }: Pick<Reading, 'named'>,
  project: Project,
): Target | undefined {
  const asked = named.find((one) => isAt(one, position))
  if (asked) return { kind: 'picture', id: asked.id }
  const line = text.split('\n', position.line + 1)[position.line] ?? ''
  const word = wordAt(line, position.character)
  if (word === undefined) return undefined
  const isStyle = /^\s*["']?style["']?\s*:/.test(line) || /[{,]\s*style\s*:/.test(line)
  if (Object.hasOwn(project.options.styles, word) && isStyle) return { kind: 'style', name: word }
  if (!/[./]/.test(word) || /^[a-z][a-z\d+.-]+:/i.test(word)) return undefined
  const { root } = project.options
  const base = word.startsWith('/') ? root : path.dirname(file)
  const prompt = promptPathOf(word)
  const found = path.join(base, prompt ?? word)
  if (!isThere(fileOfId(found), root)) return undefined
  return prompt === undefined ? { kind: 'file', file: found } : { kind: 'picture', id: found }
}

function isAt({ place, length }: Named, { line, character }: Position): boolean {
  const start = place.column - 1
  return place.line - 1 === line && character >= start && character <= start + length
}

/** What stands between quotes around a column, or else between blanks and signs. */
function wordAt(line: string, column: number): string | undefined {
  for (const { index, 0: whole, 1: double, 2: single, 3: back } of line.matchAll(
    /"([^"]*)"|'([^']*)'|`([^`]*)`/g,
  )) {
    if (column > index && column < index + whole.length) return double ?? single ?? back
  }
  for (const { index, 0: word } of line.matchAll(/[^\s"'`,()[\]{}]+/g)) {
    if (column >= index && column <= index + word.length) return word
  }
  return undefined
}

/** Whether a file of the project is there: the gate lets nothing lead out of it. */
function isThere(file: string, root: string): boolean {
  try {
    return openFiles(root).locate(isPromptFile(file) ? 'prompt' : 'reference', file) !== undefined
  } catch {
    return false
  }
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** Where a target is declared. */
export function locationOf(target: Target, { options }: Project): Location | undefined {
  if (target.kind === 'style') return styleIn(options.configFile, target.name)
  const file = target.kind === 'file' ? target.file : fileOfId(target.id)
  return { uri: pathToFileURL(file).href, range: START }
}

/** The line of the configuration file that begins with the name of a style. */
function styleIn(file: string | undefined, name: string): Location | undefined {
  if (file === undefined || !existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const plain = name.replaceAll(/[^\w-]/g, String.raw`\$&`)
  const isKey = new RegExp(`(?:^|[\\s{,])["']?${plain}["']?\\s*:`)
  const styles = lines.findIndex((one) => /\bstyles\b/.test(one))
  const line = lines.findIndex((one, index) => index >= Math.max(0, styles) && isKey.test(one))
  const start = { line: Math.max(0, line), character: 0 }
  return { uri: pathToFileURL(file).href, range: { start, end: start } }
}
