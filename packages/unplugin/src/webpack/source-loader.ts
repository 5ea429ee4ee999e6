import type { LoaderContext } from 'webpack'
import type { PictureUrl } from '../source/picture-urls.ts'
import type { Rewritten } from '../source/rewrite.ts'
import { MAY_DECLARE } from '../source/filters.ts'
import { findRedirects, type Redirect } from './ahead.ts'
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
  // Of nearly all files, nothing is to be rewritten.
  if (MAY_DECLARE.test(code)) return void finish(code, replaceMacros(code, this), this)
  const session = this[SESSION]
  const { isOnce = false, isAhead = false } = session ?? {}
  const redirects =
    session && isOnce ? findRedirects(code, this.resourcePath, session, isAhead) : []
  if (redirects.length === 0) return code
  if (!this.sourceMap) return redirectPlainly(code, redirects)
  return void finish(code, redirectMapped(code, redirects, this.resourcePath), this)
}

async function finish(
  code: string,
  rewriting: Promise<Pick<Rewritten, 'code' | 'map'> | undefined>,
  loader: LoaderContext<SourceLoaderOptions>,
): Promise<void> {
  const callback = loader.async()
  try {
    const rewritten = await rewriting
    if (rewritten) callback(null, rewritten.code, JSON.parse(rewritten.map.toString()))
    else callback(null, code)
  } catch (error) {
    callback(error as Error)
  }
}

async function replaceMacros(
  code: string,
  loader: LoaderContext<SourceLoaderOptions>,
): Promise<Rewritten | undefined> {
  const [{ Source }, { rewriteSource }] = await Promise.all([
    import('@gemini-image/core/internal'),
    import('../source/rewrite.ts'),
  ])
  const source = new Source(code, { file: loader.resourcePath, root: loader.getOptions().root })
  return rewriteSource(source, askForFile)
}

function redirectPlainly(code: string, redirects: readonly Redirect[]): string {
  const parts: string[] = []
  let offset = 0
  for (const { start, end, request } of redirects) {
    parts.push(code.slice(offset, start), JSON.stringify(request))
    offset = end
  }
  return parts.join('') + code.slice(offset)
}

async function redirectMapped(
  code: string,
  redirects: readonly Redirect[],
  source: string,
): Promise<Pick<Rewritten, 'code' | 'map'>> {
  const { MagicString } = await import('magic-string')
  const magic = new MagicString(code)
  for (const { start, end, request } of redirects) magic.update(start, end, JSON.stringify(request))
  const map = magic.generateMap({ source, hires: 'boundary', includeContent: true })
  return { code: magic.toString(), map }
}

/** Rspack does not say whether a module or a file is asked for. */
function askForFile({ specifier }: PictureUrl): string {
  return JSON.stringify(`${specifier}&as=file`)
}

export default sourceLoader
