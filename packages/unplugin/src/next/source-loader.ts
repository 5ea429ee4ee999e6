import path from 'node:path'
import { Source } from '@gemini-image/core/internal'
import type { LoaderContext } from 'webpack'
import { rewriteSource } from '../source/rewrite.ts'
import { pictureUrls } from './picture-urls.ts'
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
  const urlOf = pictureUrls(loader)
  const rewritten = await rewriteSource(
    source,
    async ({ specifier }) => JSON.stringify(await urlOf(specifier)),
    `./${path.basename(file)}`,
  )
  return rewritten ? { code: rewritten.code, map: rewritten.map.toString() } : { code }
}

export default sourceLoader
