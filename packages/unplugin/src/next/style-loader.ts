import { splitMarker } from '@gemini-image/core/host'
import type { LoaderContext } from 'webpack'
import { pictureUrls } from './picture-urls.ts'
import type { LoaderOptions } from './pictures.ts'

const URL =
  /(?<=\burl\(\s*(["']))(?:(?!\1)[^\n])+\.prompt\.md\?(?:(?!\1)[^\n])*(?=\1\s*\))|(?<=\burl\(\s*)[^"'()\s]+\.prompt\.md\?[^"'()\s]*(?=\s*\))/g

/** Puts pictures in the place of prompt files in `url()`, for Turbopack. */
async function styleLoader(this: LoaderContext<LoaderOptions>, css: string): Promise<string> {
  const specifiers = new Set([...css.matchAll(URL)].map(([specifier]) => specifier))
  const urlOf = pictureUrls(this)
  const urls = new Map<string, string>()
  for (const specifier of specifiers) {
    if (splitMarker(specifier)) urls.set(specifier, await urlOf(specifier))
  }
  return css.replaceAll(URL, (specifier) => urls.get(specifier) ?? specifier)
}

export default styleLoader
