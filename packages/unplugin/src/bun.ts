import type { Options } from '@gemini-image/core'
import { createBunPlugin } from 'unplugin'
import { bunHooks } from './bun/hooks.ts'
import { pluginOf } from './plugin.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/** Bun's own type of a plugin, as far as it is known without Bun's types. */
export interface BunPlugin {
  readonly name: string
  setup(build: never): void | Promise<void>
}

/**
 * The plugin for Bun's bundler.
 *
 * ```ts
 * // build.ts
 * import geminiImage from 'unplugin-gemini-image/bun'
 *
 * await Bun.build({ entrypoints: ['src/main.ts'], outdir: 'dist', plugins: [geminiImage()] })
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
const geminiImage: (options?: Options) => BunPlugin = createBunPlugin(pluginOf(bunHooks))

export default geminiImage
