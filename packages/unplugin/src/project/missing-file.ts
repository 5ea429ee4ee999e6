import { existsSync, readFileSync } from 'node:fs'
import type { Place } from '@gemini-image/core'
import {
  fileOfId,
  GeminiImageError,
  noPromptFile,
  placeOfText,
  selectionOfId,
  startOf,
  writtenSelection,
  type DeclarationId,
} from '@gemini-image/core/host'

/** A module id without its query. */
export function withoutQuery(id: string): string {
  return id.split('?', 1)[0] ?? id
}

/**
 * Where a module names something; `undefined` for a module that is no file.
 * @param specifier As it is written, or as ids have it.
 * @param importer The module that asks.
 * @param root The project root.
 */
export function placeOfSpecifier(
  specifier: string,
  importer: string,
  root: string,
): Place | undefined {
  const file = withoutQuery(importer)
  try {
    const text = readFileSync(file, 'utf8')
    const start = startOf(root, file)
    return placeOfText(text, specifier, start) ?? placeOfText(text, fileOfId(specifier), start)
  } catch {
    return undefined
  }
}

/** The error for a prompt file that is not there, at the place that names it, as {@link placeOfSpecifier}. */
export function missingFile(
  specifier: string,
  importer: string | undefined,
  root: string,
): GeminiImageError {
  const place = importer === undefined ? undefined : placeOfSpecifier(specifier, importer, root)
  return noPromptFile(specifier, place)
}

/**
 * The error for a prompt file that a page shows and no scan has seen to be asked for, as {@link missingFile}.
 */
export function undeclaredFile(
  specifier: string,
  id: DeclarationId,
  page: string,
  root: string,
): GeminiImageError {
  if (!existsSync(fileOfId(id))) return missingFile(specifier, page, root)
  return new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: `The page shows "${fileOfId(specifier)}${writtenSelection(selectionOfId(id))}", which nothing in the source asks for.`,
    why: 'No plan lists such a picture, so nothing is paid for it.',
    fix: 'name it in Markdown, in frontmatter or in a template of HTML, Nunjucks or Liquid, or import it in a module.',
    place: placeOfSpecifier(specifier, page, root) ?? startOf(root, withoutQuery(page)),
  })
}
