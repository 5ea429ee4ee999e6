import type { Options } from '@gemini-image/core'
import type { UnpluginFactory, UnpluginOptions } from 'unplugin'

/** The hooks of one host: unplugin's own, or those under its key. */
export type HostHooks = Omit<UnpluginOptions, 'name'>

/** The plugin for a host, whatever is special about it. */
export function pluginOf(
  hooksOf: (options: Options) => HostHooks,
): UnpluginFactory<Options | undefined, false> {
  return (options = {}) => ({ name: 'gemini-image', enforce: 'pre', ...hooksOf(options) })
}
