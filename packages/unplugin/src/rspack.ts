import type { Options } from '@gemini-image/core'
import type { RspackPluginInstance } from '@rspack/core'
import { createRspackPlugin } from 'unplugin'
import { pluginOf } from './plugin.ts'
import { rspackHooks } from './webpack/plugin.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/**
 * The Rspack plugin, also for Rsbuild.
 *
 * ```ts
 * // rspack.config.js
 * import geminiImage from 'unplugin-gemini-image/rspack'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
const geminiImage: (options?: Options) => RspackPluginInstance = createRspackPlugin(
  pluginOf(rspackHooks),
)

export default geminiImage
