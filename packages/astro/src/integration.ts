import type { Options } from '@gemini-image/core'
import type { AstroIntegration } from 'astro'
import pictures from 'unplugin-gemini-image/vite'
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
      'astro:config:setup': ({ config, updateConfig }) => {
        updateConfig(imageServiceSetting(config))
        updateConfig({ vite: { plugins: [pictures(options), labelsPlugin(options)] } })
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
