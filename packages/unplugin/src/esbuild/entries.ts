import type { OnResolveResult, PluginBuild } from 'esbuild'
import { PASSED_ON } from './passed-on.ts'
import type { Opened } from './setup.ts'

/**
 * Has a build that fails watch all that is involved, whether or not it is bundled: only what is resolved
 * or loaded can name files to watch, and entries always are.
 */
export function watchEntries(build: PluginBuild, opened: Opened): void {
  const entries = entriesOf(build)
  if (entries.length === 0) return
  // esbuild puts `./` before those that are files.
  const filter = new RegExp(`^(?:\\./)?(?:${entries.map(escape).join('|')})$`)
  build.onResolve({ filter }, async ({ path, kind, pluginData, ...asked }) => {
    const session = opened()
    if (kind !== 'entry-point' || session?.state !== 'wrong') return undefined
    if (pluginData === PASSED_ON) return undefined
    const resolved = await build.resolve(path, { ...asked, kind, pluginData: PASSED_ON })
    return { ...(resolved as OnResolveResult), watchFiles: session.watchFiles() }
  })
}

function entriesOf({ initialOptions: { entryPoints = [] } }: PluginBuild): readonly string[] {
  if (!Array.isArray(entryPoints)) return Object.values(entryPoints)
  return entryPoints.map((entry) => (typeof entry === 'string' ? entry : entry.in))
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
