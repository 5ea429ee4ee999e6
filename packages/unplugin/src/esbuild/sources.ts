import { readFile } from 'node:fs/promises'
import type { OnLoadArgs, OnLoadResult, PluginBuild } from 'esbuild'
import { MAY_DECLARE } from '../source/filters.ts'
import { refuseUrl } from '../source/refuse-url.ts'
import type { Session } from './session.ts'
import type { Opened } from './setup.ts'

/** Adds what puts imports of pictures in the place of macros. Other sources are left to others. */
export function addSources(build: PluginBuild, opened: Opened): void {
  build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async (asked) => {
    const session = opened()
    // What is imported with an attribute is text or the like.
    if (!session || asked.namespace !== 'file' || asked.with['type']) return undefined
    return loadSource(asked, session)
  })
}

async function loadSource(
  { path: file, suffix, pluginData }: OnLoadArgs,
  session: Session,
): Promise<OnLoadResult | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (!MAY_DECLARE.test(text)) return undefined
  const [{ moduleSource }, { rewriteSource }] = await Promise.all([
    import('../source/module-source.ts'),
    import('../source/rewrite.ts'),
  ])
  try {
    const { root } = session.options
    const source = moduleSource(text, file.replaceAll('\\', '/') + suffix, root)
    if (!source) return undefined
    const rewritten = await rewriteSource(source, (url) => refuseUrl(url, source, 'esbuild'))
    if (!rewritten) return undefined
    for (const { id } of rewritten.declarations) session.declarations.add(id)
    const contents = `${rewritten.code}\n//# sourceMappingURL=${rewritten.map.toUrl()}`
    // By its extension, as the site has settled it.
    return { contents, loader: 'default', pluginData: pluginData as unknown, watchFiles: [file] }
  } catch (error) {
    session.fail(error)
    const errors = session.tell()
    return errors.length > 0 ? { errors, watchFiles: [file] } : undefined
  }
}
