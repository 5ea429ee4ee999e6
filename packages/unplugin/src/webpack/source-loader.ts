import type { LoaderContext } from 'webpack'
import type { PictureUrl } from '../source/picture-urls.ts'
import { findDefaultImports } from '../source/default-imports.ts'
import { MAY_DECLARE } from '../source/filters.ts'
import { SESSION, type SharedSession } from './shared-session.ts'

/** What the source loader is told. It may run in a process of its own, so that nothing else reaches it. */
export interface SourceLoaderOptions {
  /** The project root, for places. */
  readonly root: string
}

/** Puts imports of pictures in the place of macros, before any compiler sees the code. */
function sourceLoader(
  this: LoaderContext<SourceLoaderOptions> & SharedSession,
  code: string,
): string | undefined {
  this[SESSION]?.defaults?.note(this.resource, findDefaultImports(code))
  // Of nearly all files, nothing is to be rewritten.
  if (!MAY_DECLARE.test(code)) return code
  void rewrite(code, this)
  return undefined
}

async function rewrite(code: string, loader: LoaderContext<SourceLoaderOptions>): Promise<void> {
  const callback = loader.async()
  try {
    const [{ Source }, { rewriteSource }] = await Promise.all([
      import('@gemini-image/core'),
      import('../source/rewrite.ts'),
    ])
    const source = new Source(code, { file: loader.resourcePath, root: loader.getOptions().root })
    const rewritten = await rewriteSource(source, askForFile)
    if (rewritten) callback(null, rewritten.code, JSON.parse(rewritten.map.toString()))
    else callback(null, code)
  } catch (error) {
    callback(error as Error)
  }
}

/** Rspack does not say whether a module or a file is asked for. */
function askForFile({ specifier }: PictureUrl): string {
  return JSON.stringify(`${specifier}&as=file`)
}

export default sourceLoader
