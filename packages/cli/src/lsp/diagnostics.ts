import { pathToFileURL } from 'node:url'
import type { GeminiImageError, Place } from '@gemini-image/core'
import { eachProblem } from '@gemini-image/core/internal'
import type { Diagnostic, DiagnosticSeverity, Range } from 'vscode-languageserver/node'
import type { Opened, Reading } from './reading.ts'

const ERROR: typeof DiagnosticSeverity.Error = 1
const WARNING: typeof DiagnosticSeverity.Warning = 2

/** What is wrong with a document, as editors show it: each problem once, at its place. */
export function toDiagnostics(
  { problems, warnings }: Pick<Reading, 'problems' | 'warnings'>,
  document: Opened,
): Diagnostic[] {
  const all = [
    ...eachProblem(problems).map((one) => toDiagnostic(one, ERROR, document)),
    ...eachProblem(warnings).map((one) => toDiagnostic(one, WARNING, document)),
  ]
  const seen = new Set<string>()
  return all.filter((one) => {
    const key = JSON.stringify([one.range, one.message])
    return !seen.has(key) && seen.add(key)
  })
}

function toDiagnostic(
  { code, what, why, fix, place }: GeminiImageError,
  severity: DiagnosticSeverity,
  { file, text }: Opened,
): Diagnostic {
  const message = [what, ...(why === undefined ? [] : [why]), `What to do: ${fix}`].join('\n')
  const common = { severity, code, source: 'gemini-image', message }
  if (place?.file === file) return { ...common, range: rangeAt(text, place) }
  const range = rangeAt(text, { line: 1, column: 1 })
  if (!place) return { ...common, range }
  // The file at fault is not the one that is looked at.
  const start = { line: place.line - 1, character: place.column - 1 }
  const location = { uri: pathToFileURL(place.file).href, range: { start, end: start } }
  return { ...common, range, relatedInformation: [{ location, message: place.path }] }
}

/**
 * What stands at a place: a text in quotes, the key in front of a colon, or all up to the end of the value. Never empty,
 * but where the line is.
 */
function rangeAt(text: string, { line, column }: Pick<Place, 'line' | 'column'>): Range {
  const content = text.split('\n', line)[line - 1] ?? ''
  const start = Math.min(column - 1, content.length)
  const rest = content.slice(start)
  const closing = insideQuotes(content[start - 1], rest)
  const length = closing === -1 ? lengthOf(rest) : closing
  return {
    start: { line: line - 1, character: start },
    end: { line: line - 1, character: start + length },
  }
}

/** Where a text ends that stands behind its opening quote; -1 for what is none. */
function insideQuotes(before: string | undefined, rest: string): number {
  return before === '"' || before === "'" || before === '`' ? rest.indexOf(before) : -1
}

function lengthOf(rest: string): number {
  const [quoted] = /^(["'`])(?:\\.|(?!\1).)*\1/.exec(rest) ?? []
  if (quoted !== undefined) return quoted.length
  const [key] = /^[\w$-]+(?=\s*[:=](?:\s|["'`{]|$))/.exec(rest) ?? []
  if (key !== undefined) return key.length
  const [bracket] = rest
  if (bracket === '{' || bracket === '[') return upToClosing(rest)
  const [value = ''] = /^.+?(?=\s*(?:$|\s#|["'`,}\]]\s*(?:[,}\]]|$)))/.exec(rest) ?? []
  return value.length || rest.trimEnd().length
}

/** The length of what begins with a bracket, or of the line where that goes on below. */
function upToClosing(rest: string): number {
  let depth = 0
  for (let at = 0; at < rest.length; at += 1) {
    const sign = rest.charAt(at)
    if (sign === '{' || sign === '[') depth += 1
    if (sign === '}' || sign === ']') depth -= 1
    if (depth === 0) return at + 1
  }
  return rest.trimEnd().length
}
