import type { Options } from '@gemini-image/core'
import type { AstroIntegration } from 'astro'
import pictures from 'unplugin-gemini-image/vite'

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
      'astro:config:setup': ({ updateConfig }) => {
        updateConfig({ vite: { plugins: [pictures(options)] } })
      },
      'astro:config:done': ({ injectTypes }) => {
        injectTypes({
          filename: 'client.d.ts',
          content: '/// <reference types="astro-gemini-image/client" />\n',
        })
      },
    },
  }
}
