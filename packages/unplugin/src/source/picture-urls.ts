import { findRequests, type Source } from '@gemini-image/core/internal'

/** A picture's URL in source code: `new URL('./hero.prompt.md?gemini-image', import.meta.url)`. */
export interface PictureUrl {
  readonly specifier: string
  /** Where the quoted specifier begins in the text. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** Finds what a bundler would ship as a file. */
export function findPictureUrls({ text, kind }: Source): PictureUrl[] {
  return findRequests(text, kind).flatMap((request) => {
    if (!('file' in request) || !request.isUrl) return []
    const { specifier, start, end } = request
    return [{ specifier, start: start - 1, end: end + 1 }]
  })
}
