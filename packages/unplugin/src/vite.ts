import type { Options } from '@gemini-image/core'
import type { Plugin } from 'vite'
import { viteHooks } from './vite/hooks.ts'
import type { PicturesApi } from './vite/pictures-api.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'
export { imageCodeOf, type ImageCode } from './vite/image-code.ts'
export type { DeclarationSource } from './project/host-project.ts'
export type { PicturesApi } from './vite/pictures-api.ts'

/**
 * The Vite plugin.
 *
 * ```ts
 * // vite.config.ts
 * import geminiImage from 'unplugin-gemini-image/vite'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
export default function geminiImage(options: Options = {}): Plugin<PicturesApi> {
  return { name: 'gemini-image', enforce: 'pre', ...viteHooks(options) }
}
