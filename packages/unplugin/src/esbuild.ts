import type { Options } from '@gemini-image/core'
import type { Plugin } from 'esbuild'
import { createEsbuildPlugin } from 'unplugin'
import { pluginOf } from './plugin.ts'
import { esbuildHooks } from './esbuild/setup.ts'

export type { Mode, Options, Provider } from '@gemini-image/core'

/**
 * The esbuild plugin.
 *
 * ```ts
 * // build.js
 * import { build } from 'esbuild'
 * import geminiImage from 'unplugin-gemini-image/esbuild'
 *
 * await build({ entryPoints: ['src/main.js'], bundle: true, outdir: 'dist', plugins: [geminiImage()] })
 * ```
 *
 * @param options All optional; see {@link Options} for each default.
 */
const geminiImage: (options?: Options) => Plugin = createEsbuildPlugin(pluginOf(esbuildHooks))

export default geminiImage
