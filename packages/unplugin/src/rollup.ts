import type { Options } from '@gemini-image/core'
import type { Plugin } from 'rollup'
import { rollupHooks } from './rollup/hooks.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/**
 * The Rollup plugin.
 *
 * ```ts
 * // rollup.config.js
 * import geminiImage from 'unplugin-gemini-image/rollup'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
export default function geminiImage(options: Options = {}): Plugin {
  return { name: 'gemini-image', ...rollupHooks(options) }
}
