import { Source } from '@gemini-image/core'
import type { LoaderContext } from 'webpack'
import { MAY_DECLARE, rewriteSource } from '../source/rewrite.ts'

/** What the source loader is told. It may run in a process of its own, so that nothing else reaches it. */
export interface SourceLoaderOptions {
  /** The project root, for places. */
  readonly root: string
}

/** Puts imports of pictures in the place of macros, before any compiler sees the code. */
function sourceLoader(this: LoaderContext<SourceLoaderOptions>, code: string): string | undefined {
  if (!MAY_DECLARE.test(code)) return code
  const { root } = this.getOptions()
  const source = new Source(code, { file: this.resourcePath, root })
  const rewritten = rewriteSource(source, askForFile)
  if (!rewritten) return code
  this.callback(null, rewritten.code, JSON.parse(rewritten.map.toString()))
  return undefined
}

/** Rspack does not say whether a module or a file is asked for. */
function askForFile(specifier: string): string {
  return JSON.stringify(`${specifier}&as=file`)
}

export default sourceLoader
