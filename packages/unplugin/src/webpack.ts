import type { Options } from '@gemini-image/core'
import { createWebpackPlugin } from 'unplugin'
import type { WebpackPluginInstance } from 'webpack'
import { pluginOf } from './plugin.ts'
import { webpackHooks } from './webpack/plugin.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/**
 * The webpack plugin.
 *
 * ```ts
 * // webpack.config.js
 * import geminiImage from 'unplugin-gemini-image/webpack'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
const geminiImage: (options?: Options) => WebpackPluginInstance = createWebpackPlugin(
  pluginOf(webpackHooks),
)

export default geminiImage
