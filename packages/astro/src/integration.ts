import { fileURLToPath } from 'node:url'
import type { Options } from '@gemini-image/core'
import type { AstroConfig, AstroIntegration } from 'astro'
import pictures from 'unplugin-gemini-image/vite'
import type { PluginOption } from 'vite'
import { contentImages } from './content/content-images.ts'
import { loadersPlugin } from './content/loaders-plugin.ts'
import { teachMarkdown } from './markdown/markdown.ts'
import { mdxPlugin } from './markdown/mdx-plugin.ts'
import { TOOLBAR_APP } from './toolbar/toolbar-app-entry.ts'
import { toolbarPlugin } from './toolbar/toolbar-plugin.ts'
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
  return {
    name: 'astro-gemini-image',
    hooks: {
      'astro:config:setup': ({ config, updateConfig, addDevToolbarApp }) => {
        addDevToolbarApp(TOOLBAR_APP)
        updateConfig({ vite: { plugins: vitePlugins(options, config) } })
        updateConfig(teachMarkdown(config))
        updateConfig(imageServiceSetting(config))
      },
      'astro:config:done': async ({ config, injectTypes, logger }) => {
        injectTypes({
          filename: 'client.d.ts',
          content: '/// <reference types="astro-gemini-image/client" />\n',
        })
        const warning = await imageServiceWarning(config)
        if (warning) logger.warn(warning)
      },
    },
  }
}

function vitePlugins(options: Options, { root, srcDir }: AstroConfig): PluginOption[] {
  const plugin = pictures(options)
  const folders = { root: fileURLToPath(root), srcDir: fileURLToPath(srcDir) }
  return [
    plugin,
    contentImages(plugin, folders),
    mdxPlugin(plugin),
    loadersPlugin(),
    labelsPlugin(options),
    toolbarPlugin(plugin),
  ]
}
