import { GeminiImageError } from '@gemini-image/core/host'
import { placeOfSpecifier } from '../project/missing-file.ts'

/** Matches the modules of macros: nothing of an import is left where a macro was replaced. */
export const MACRO_MODULE: RegExp = /^(?:astro|unplugin)-gemini-image\/macro$/

/**
 * The error for a macro that is about to be bundled as it stands. Code of installed packages is none of the
 * project's: it says what is wrong when it runs.
 * @param specifier The module of the macro, as the importer names it.
 * @param why Who has kept it from being replaced.
 */
export function leftMacro(
  specifier: string,
  importer: string,
  root: string,
  why: string,
): GeminiImageError | undefined {
  if (/[\\/]node_modules[\\/]/.test(importer)) return undefined
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: 'A macro would be shipped as it is written, prompt included, and throw when it runs.',
    why,
    fix: "write a prompt file and import it: import picture from './picture.prompt.md?gemini-image'.",
    place: placeOfSpecifier(specifier, importer, root),
  })
}

/**
 * Refuses a macro in a page: whoever makes modules of Markdown compiles its scripts before a macro could be replaced.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE`.
 */
export function refuseInMarkdown(
  specifier: string,
  importer: string | undefined,
  root: string,
): void {
  if (importer === undefined || !MACRO_MODULE.test(specifier)) return
  if (!/\.(?:md|markdown|svx)(?:\?|$)/.test(importer)) return
  const why = 'In Markdown, scripts are compiled before gemini-image is asked.'
  const error = leftMacro(specifier, importer, root, why)
  if (error) throw error
}
