import type { Options } from '@gemini-image/core'
import type { Plugin } from 'rollup'
import { createRollupPlugin } from 'unplugin'
import { pluginOf } from './plugin.ts'
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
const geminiImage = createRollupPlugin(pluginOf(rollupHooks)) as (options?: Options) => Plugin

export default geminiImage
