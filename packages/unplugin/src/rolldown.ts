import type { Options } from '@gemini-image/core'
import type { Plugin } from 'rolldown'
import { rollupHooks } from './rollup/hooks.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/**
 * The Rolldown plugin, also for tsdown.
 *
 * ```ts
 * // rolldown.config.js
 * import geminiImage from 'unplugin-gemini-image/rolldown'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
export default function geminiImage(options: Options = {}): Plugin {
  // The hooks that are used have the same names and the same parameters.
  const hooks = rollupHooks(options) as unknown as Partial<Plugin>
  return { name: 'gemini-image', ...hooks }
}
