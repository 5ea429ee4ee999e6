import type { Options } from '@gemini-image/core'
import type { Plugin } from 'rolldown'
import { createRolldownPlugin } from 'unplugin'
import { pluginOf } from './plugin.ts'
import { rolldownHooks } from './rollup/hooks.ts'

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
const geminiImage = createRolldownPlugin(pluginOf(rolldownHooks)) as (options?: Options) => Plugin

export default geminiImage
