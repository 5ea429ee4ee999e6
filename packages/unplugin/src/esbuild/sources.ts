import { readFile } from 'node:fs/promises'
import type { OnLoadArgs, OnLoadResult, PluginBuild } from 'esbuild'
import { MAY_DECLARE } from '../source/rewrite.ts'
import { rewriteModule } from '../vite/rewrite-module.ts'
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
  try {
    const rewritten = rewriteModule(text, file.replaceAll('\\', '/') + suffix, session)
    if (!rewritten) return undefined
    const contents = `${rewritten.code}\n//# sourceMappingURL=${rewritten.map.toUrl()}`
    // By its extension, as the site has settled it.
    return { contents, loader: 'default', pluginData: pluginData as unknown, watchFiles: [file] }
  } catch (error) {
    session.fail(error)
    const errors = session.tell()
    return errors.length > 0 ? { errors, watchFiles: [file] } : undefined
  }
}
