import type { Options } from '@gemini-image/core'
import type { WebpackPluginInstance } from 'webpack'
import { applyPictures } from './webpack/plugin.ts'

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
export default function geminiImage(options: Options = {}): WebpackPluginInstance {
  return { apply: (compiler) => applyPictures(compiler, options) }
}
