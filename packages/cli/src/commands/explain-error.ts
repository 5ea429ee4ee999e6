import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { GeminiImageError } from '@gemini-image/core'
import { didYouMean } from '@gemini-image/core/internal'
import type { Outcome } from '../command.ts'
import { paragraphs } from '../output/table.ts'
import { DOCS } from '../project/docs-folder.ts'

/** Codes, and nothing else: names of pictures are file names, of which hardly one is all capitals. */
const CODE = /^[A-Z]+(?:_[A-Z0-9]+)*$/

/** Whether a word is meant as the code of an error. */
export function looksLikeCode(word: string): boolean {
  return CODE.test(word)
}

/**
 * What is known of an error, by its code.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` for a code that does not exist.
 */
export async function explainError(code: string): Promise<Outcome> {
  const { ERRORS, isErrorCode } = await import('@gemini-image/core/errors')
  if (!isErrorCode(code)) {
    throw new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: `There is no error ${code}, and no picture of that name.`,
      fix: `${didYouMean(code, Object.keys(ERRORS))}Copy the code from the first line of the error.`,
    })
  }
  const { meaning, more, page } = ERRORS[code]
  const file = page === undefined ? undefined : pageFile(page)
  return {
    report: { code, meaning, more, page: file },
    text: paragraphs(
      `${code}: ${meaning}`,
      // Terminals show no Markdown.
      more?.replaceAll('`', '"') ?? '',
      file === undefined ? '' : `Read on: ${file}`,
    ),
  }
}

/** The path of a page from here, with its heading, so that a terminal makes a link of it. */
function pageFile(page: string): string | undefined {
  const [name = '', heading] = page.split('#')
  const file = path.join(DOCS, name)
  if (!existsSync(file)) return undefined
  const shown = path.relative(process.cwd(), file)
  return heading === undefined ? shown : `${shown}#${heading}`
}
