import type { Options } from '@gemini-image/core'
import { createUnplugin } from 'unplugin'
import type bun from './bun.ts'
import { bunHooks } from './bun/hooks.ts'
import type esbuild from './esbuild.ts'
import { esbuildHooks } from './esbuild/setup.ts'
import type farm from './farm.ts'
import { farmHooks } from './farm/hooks.ts'
import { pluginOf, type HostHooks } from './plugin.ts'
import type rolldown from './rolldown.ts'
import type rollup from './rollup.ts'
import { rolldownHooks, rollupHooks } from './rollup/hooks.ts'
import type rspack from './rspack.ts'
import type vite from './vite.ts'
import { viteHooks } from './vite/hooks.ts'
import type webpack from './webpack.ts'
import { rspackHooks, webpackHooks } from './webpack/plugin.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/** The plugin of each host. */
export interface GeminiImage {
  readonly bun: typeof bun
  readonly esbuild: typeof esbuild
  readonly farm: typeof farm
  readonly rolldown: typeof rolldown
  readonly rollup: typeof rollup
  readonly rspack: typeof rspack
  readonly vite: typeof vite
  readonly webpack: typeof webpack
}

const HOOKS: Readonly<Record<keyof GeminiImage, (options: Options) => HostHooks>> = {
  bun: bunHooks,
  esbuild: esbuildHooks,
  farm: farmHooks,
  rolldown: rolldownHooks,
  rollup: rollupHooks,
  rspack: rspackHooks,
  vite: viteHooks,
  webpack: webpackHooks,
}

/**
 * The plugin for whatever builds a site, as [unplugin](https://unplugin.unjs.io) has it. An entry for each host
 * (`unplugin-gemini-image/vite`) holds the same plugin, and loads nothing of the others.
 *
 * ```ts
 * import geminiImage from 'unplugin-gemini-image'
 *
 * export default { plugins: [geminiImage.vite()] }
 * ```
 */
const geminiImage: GeminiImage = createUnplugin<Options | undefined, false>((options, meta) => {
  const hooksOf = HOOKS[meta.framework as keyof GeminiImage]
  return pluginOf(hooksOf)(options, meta)
})

export default geminiImage
