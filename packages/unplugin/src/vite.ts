import type { Options } from '@gemini-image/core'
import { createVitePlugin } from 'unplugin'
import type { Plugin } from 'vite'
import { pluginOf } from './plugin.ts'
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
const geminiImage = createVitePlugin(pluginOf(viteHooks)) as (
  options?: Options,
) => Plugin<PicturesApi>

export default geminiImage
