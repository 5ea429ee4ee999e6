import { readFileSync } from 'node:fs'
import type { GeminiImageError, Place } from '@gemini-image/core'
import { inert, isGeminiImageError } from '@gemini-image/core/host'
import type { Location, PartialMessage } from 'esbuild'

/** What is wrong as messages of esbuild: one for each mistake, each with its code and its place. */
export function toMessages(error: unknown): PartialMessage[] {
  if (!isGeminiImageError(error)) {
    return [{ text: error instanceof Error ? error.message : String(error), detail: error }]
  }
  if (error.problems.length > 0) {
    return error.problems.flatMap((one: GeminiImageError) => toMessages(one))
  }
  const { message, place, loc } = error
  return [{ text: message, location: place && loc ? toLocation(place) : null, detail: error }]
}

/** esbuild counts columns from 0, and in bytes. */
function toLocation({ file, path, line, column }: Place): Partial<Location> {
  const lineText = lineOf(file, line)
  const before = inert(lineText.slice(0, column - 1))
  return { file: path, line, column: Buffer.byteLength(before), lineText: inert(lineText) }
}

function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1] ?? ''
  } catch {
    return ''
  }
}
