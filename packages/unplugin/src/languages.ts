import { inLanguage as choose } from '@gemini-image/core/languages'

/** What an import with `by=language` gives: a picture for each language; the first is for readers of all others. */
export type ByLanguage<Picture> = Readonly<Record<string, Picture>>

/**
 * The picture for readers of a language, by BCP 47: for `de-AT`, that of `de`.
 *
 * ```js
 * import { inLanguage } from 'unplugin-gemini-image/languages'
 * import posters from './poster.prompt.md?gemini-image&as=url&by=language'
 *
 * const src = inLanguage(posters, document.documentElement.lang)
 * ```
 * @param pictures What the import gives.
 * @param language As in `<html lang>`; `undefined` for the first.
 */
export function inLanguage<Picture>(
  pictures: ByLanguage<Picture>,
  language: string | undefined,
): Picture {
  return choose(pictures, language)
}
