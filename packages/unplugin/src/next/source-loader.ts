import path from 'node:path'
import { Source } from '@gemini-image/core'
import type { LoaderContext } from 'webpack'
import { findPictureUrls } from '../source/picture-urls.ts'
import { rewriteSource } from '../source/rewrite.ts'
import { pictureUrl } from './picture-url.ts'
import type { LoaderOptions } from './pictures.ts'

/** Puts pictures in the place of macros and in `new URL()`, for Turbopack. */
async function sourceLoader(this: LoaderContext<LoaderOptions>, code: string): Promise<void> {
  const callback = this.async()
  const rewritten = await rewrite(code, this).catch((error: Error) => error)
  if (rewritten instanceof Error) callback(rewritten)
  else callback(null, rewritten.code, rewritten.map)
}

async function rewrite(
  code: string,
  loader: LoaderContext<LoaderOptions>,
): Promise<{ code: string; map?: string }> {
  const file = loader.resourcePath
  const source = new Source(code, { file, root: loader.getOptions().root })
  const urls = new Map<string, string>()
  for (const { specifier } of findPictureUrls(source)) {
    urls.set(specifier, await pictureUrl(specifier, loader))
  }
  const importPath = `./${path.basename(file)}`
  const rewritten = rewriteSource(source, (one) => JSON.stringify(urls.get(one)), importPath)
  return rewritten ? { code: rewritten.code, map: rewritten.map.toString() } : { code }
}

export default sourceLoader
