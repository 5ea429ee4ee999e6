import type { Options } from '@gemini-image/core'
import { createFarmPlugin } from 'unplugin'
import { farmHooks } from './farm/hooks.ts'
import { pluginOf } from './plugin.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/** Farm's own type of a plugin, as far as it is known without Farm's types. */
export interface FarmPlugin {
  readonly name: string
}

/**
 * The plugin for Farm.
 *
 * ```ts
 * // farm.config.ts
 * import geminiImage from 'unplugin-gemini-image/farm'
 *
 * export default { plugins: [geminiImage()] }
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
const geminiImage = createFarmPlugin(pluginOf(farmHooks)) as (options?: Options) => FarmPlugin

export default geminiImage
