import type { Options } from '@gemini-image/core'
import type { RspackPluginInstance } from '@rspack/core'
import type { Compiler } from 'webpack'
import { applyPictures } from './webpack/plugin.ts'

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
export default function geminiImage(options: Options = {}): RspackPluginInstance {
  // The hooks that are used have the same names and the same parameters.
  return { apply: (compiler) => applyPictures(compiler as unknown as Compiler, options) }
}
