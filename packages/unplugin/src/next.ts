import process from 'node:process'
import type { NextConfig } from 'next'
import { drawAhead, drawBehind } from './next/draw.ts'
import { addToNext } from './next/rules.ts'

/** What a `next.config` file exports. */
export type NextConfigExport =
  | NextConfig
  | ((phase: string, context: { defaultConfig: NextConfig }) => NextConfig | Promise<NextConfig>)

/**
 * Adds pictures to a Next.js site, with Turbopack and with webpack.
 *
 * ```ts
 * // next.config.ts
 * import withGeminiImage from 'unplugin-gemini-image/next'
 *
 * export default withGeminiImage({})
 * ```
 *
 * A build draws what is missing before Next.js begins; a dev server does it when it starts. Options
 * come from `gemini-image.config.*`: Turbopack's loaders run in processes of their own.
 *
 * @param config The configuration of the site, or a function that gives it.
 * @returns A function, which Next.js calls.
 * @throws {GeminiImageError} as a build of any host.
 */
function withGeminiImage(config: NextConfigExport = {}): Exclude<NextConfigExport, NextConfig> {
  // A server asks for its configuration more than once.
  let behind: Promise<void> | undefined
  return async (phase, context) => {
    const resolved = typeof config === 'function' ? await config(phase, context) : config
    const root = process.cwd()
    // What only asks for types (`next typegen`), and the workers of a build, are in that phase, too.
    const isBuild = phase === 'phase-production-build' && process.argv.includes('build')
    if (isBuild) await drawAhead(root, resolved)
    if (phase === 'phase-development-server') await (behind ??= drawBehind(root))
    return addToNext(resolved, root)
  }
}

export default withGeminiImage
