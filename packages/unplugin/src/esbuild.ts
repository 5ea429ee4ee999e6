import type { Options } from '@gemini-image/core'
import type { Plugin } from 'esbuild'
import { setupPictures } from './esbuild/setup.ts'

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
export default function geminiImage(options: Options = {}): Plugin {
  return { name: 'gemini-image', setup: (build) => setupPictures(build, options) }
}
