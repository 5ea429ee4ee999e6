import { readFile } from 'node:fs/promises'
import type { GeminiImageError } from '@gemini-image/core'
import { noPromptFile, placeOfText, startOf } from '@gemini-image/core/host'

/** A module id without its query. */
export function withoutQuery(id: string): string {
  return id.split('?', 1)[0] ?? id
}

/**
 * The error for a prompt file that is not there, at the place that names it.
 * @param specifier As it is written.
 * @param importer The module that asks.
 * @param root The project root.
 */
export async function missingFile(
  specifier: string,
  importer: string | undefined,
  root: string,
): Promise<GeminiImageError> {
  if (importer === undefined) return noPromptFile(specifier, undefined)
  const file = withoutQuery(importer)
  const source = await readFile(file, 'utf8').catch(() => undefined)
  const place =
    source === undefined ? undefined : placeOfText(source, specifier, startOf(root, file))
  return noPromptFile(specifier, place)
}
