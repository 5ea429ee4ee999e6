import type { PicturesApi } from 'unplugin-gemini-image/vite'
import type { EnvironmentModuleNode, ViteDevServer } from 'vite'
import { withSlashes } from './with-slashes.ts'

/** What Astro reads all entries from. */
const ENTRIES = '\0astro:data-layer-content'

/**
 * Keeps a dev server's content and its pictures together. Before Astro 7, a server goes on with the
 * images that it knew when content has others, and puts images into the entries that it keeps.
 * @param assets What Astro writes for the images of all content.
 */
export function watchContent(server: ViteDevServer, assets: string, api: PicturesApi): void {
  api.onLanded(() => void forget(server, ({ id }) => id === ENTRIES))
  const onChange = (changed: string): void => {
    if (withSlashes(changed) !== assets) return
    const isStale = forget(server, ({ id, file }) => id === ENTRIES || file === assets)
    if (isStale) server.environments.client.hot.send({ type: 'full-reload' })
    void api.refresh()
  }
  server.watcher.add(assets)
  server.watcher.on('add', onChange)
  server.watcher.on('change', onChange)
}

/** Has modules made anew when they are needed next, and says whether any was up to date. */
function forget(
  { environments }: ViteDevServer,
  isMeant: (module: EnvironmentModuleNode) => boolean,
): boolean {
  let isStale = false
  for (const { moduleGraph } of Object.values(environments)) {
    for (const module of moduleGraph.idToModuleMap.values()) {
      if (!isMeant(module)) continue
      isStale ||= module.transformResult !== null
      moduleGraph.invalidateModule(module)
    }
  }
  return isStale
}
