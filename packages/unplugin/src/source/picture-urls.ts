import type { Source } from '@gemini-image/core/internal'
import { splitMarker } from '@gemini-image/core/host'

/** A picture's URL in source code: `new URL('./hero.prompt.md?gemini-image', import.meta.url)`. */
export interface PictureUrl {
  /** As it is written, without its quotes. */
  readonly specifier: string
  /** Where the quoted specifier begins in the text. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

const NEW_URL =
  /(?<=\bnew\s+URL\(\s*)(?<quote>["'`])(?<specifier>[^"'`$\\\n]+\.prompt\.md\?[^"'`$\\\n]*)\k<quote>(?=\s*,\s*import\.meta\.url\s*,?\s*\))/g
const CALL = /new\s+URL\(\s*$/

/** Finds what a bundler would ship as a file. Comments and texts ask for nothing. */
export function findPictureUrls(source: Source): PictureUrl[] {
  return [...source.text.matchAll(NEW_URL)].flatMap(({ index, 0: quoted, groups }) => {
    const specifier = groups?.['specifier'] ?? ''
    // The specifier is a text itself; what counts is where the call stands.
    const call = CALL.exec(source.text.slice(0, index))?.index ?? index
    if (!splitMarker(specifier) || source.isInert(call)) return []
    return [{ specifier, start: index, end: index + quoted.length }]
  })
}
