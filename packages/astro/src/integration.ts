import { isIPv6 } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Options } from '@gemini-image/core'
import type { AstroConfig, AstroIntegration } from 'astro'
import pictures, { type PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin, PluginOption } from 'vite'
import { contentImages, type ContentState } from './content/content-images.ts'
import { heldImages } from './held-images.ts'
import { loadersPlugin } from './content/loaders-plugin.ts'
import { teachMarkdown } from './markdown/markdown.ts'
import { mdxPlugin } from './markdown/mdx-plugin.ts'
import { noPages, warnOfRoutes } from './no-pages.ts'
import { TOOLBAR_APP } from './toolbar/toolbar-app-entry.ts'
import { labelsPlugin } from './image-service/labels-plugin.ts'
import { imageServiceSetting, imageServiceWarning } from './image-service/setup.ts'

/**
 * The Astro integration.
 *
 * ```ts
 * // astro.config.ts
 * import { defineConfig } from 'astro/config'
 * import geminiImage from 'astro-gemini-image'
 *
 * export default defineConfig({ integrations: [geminiImage()] })
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
export function geminiImage(options: Options = {}): AstroIntegration {
  const content: ContentState = { isRead: false }
  let api: PicturesApi | undefined
  let base = '/'
  return {
    name: 'astro-gemini-image',
    hooks: {
      'astro:config:setup': ({ config, command, updateConfig, addDevToolbarApp }) => {
        const plugin = pictures(options)
        // A build begins when content is read; a server starts before.
        content.isRead = command === 'build'
        api = plugin.api
        base = config.base
        addDevToolbarApp(TOOLBAR_APP)
        updateConfig({ vite: { plugins: vitePlugins(plugin, options, config, content) } })
        updateConfig(teachMarkdown(config))
        updateConfig(imageServiceSetting(config))
      },
      'astro:routes:resolved': ({ routes, logger }) => warnOfRoutes(routes, logger),
      'astro:config:done': async ({ config, injectTypes, logger }) => {
        injectTypes({
          filename: 'client.d.ts',
          content: '/// <reference types="astro-gemini-image/client" />\n',
        })
        const warning = await imageServiceWarning(config)
        if (warning) logger.warn(warning)
      },
      'astro:server:start': async ({ address, logger }) => {
        content.isRead = true
        const host = isIPv6(address.address) ? `[${address.address}]` : address.address
        if (api) logger.info(`studio: ${api.studioAt(`http://${host}:${address.port}${base}`)}`)
        await api?.refresh()
      },
    },
  }
}

function vitePlugins(
  plugin: Plugin<PicturesApi>,
  options: Options,
  { root, srcDir, base, trailingSlash }: AstroConfig,
  content: ContentState,
): PluginOption[] {
  const refusesSlash = trailingSlash === 'never' && base !== '/'
  const folders = { root: fileURLToPath(root), srcDir: fileURLToPath(srcDir) }
  return [
    plugin,
    contentImages(plugin, folders, content),
    heldImages(plugin),
    mdxPlugin(plugin),
    noPages(folders.srcDir),
    ...(refusesSlash ? [studioFirst(plugin)] : []),
    loadersPlugin(),
    labelsPlugin(options),
  ]
}

/** Astro's own middlewares go first, and one of them refuses the studio's address below a base for the slash at its end. */
function studioFirst({ api }: Plugin<PicturesApi>): Plugin {
  return {
    name: 'gemini-image:studio-first',
    configureServer: { order: 'post', handler: () => () => api?.studioFirst() },
  }
}
