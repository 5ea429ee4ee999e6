import type { Options } from '@gemini-image/core'
import type { UnpluginContextMeta, UnpluginFactory, UnpluginOptions } from 'unplugin'

/** The hooks of one host. What only that host has stands under its key. */
export type HooksOf = (options: Options, meta: UnpluginContextMeta) => Omit<UnpluginOptions, 'name'>

/** The plugin for a host, whatever is special about it. */
export function pluginOf(hooksOf: HooksOf): UnpluginFactory<Options | undefined, false> {
  return (options = {}, meta) => ({
    name: 'gemini-image',
    enforce: 'pre',
    ...hooksOf(options, meta),
  })
}
