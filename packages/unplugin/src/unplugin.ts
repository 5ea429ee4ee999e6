import type { Options } from '@gemini-image/core'
import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { viteHooks } from './vite/hooks.ts'

/** The plugin for every host; each host's entry takes its own from here. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin(
  (options = {}) => ({
    name: 'gemini-image',
    enforce: 'pre',
    vite: viteHooks(options),
  }),
)
