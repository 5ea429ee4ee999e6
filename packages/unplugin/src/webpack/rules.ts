import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from '@gemini-image/core'
import { findProjectRoot } from '@gemini-image/core/host'
import type { Compiler, RuleSetRule } from 'webpack'
import type { SourceLoaderOptions } from './source-loader.ts'

const SOURCE_LOADER = fileURLToPath(new URL('source-loader.js', import.meta.url))

/** What lies in a store or in the derived cache. */
const PICTURE =
  /[\\/](?:\.gemini-image|node_modules[\\/]\.cache[\\/]gemini-image)[\\/].*\.(?:jpe?g|png|webp|avif|ico)$/
/** One of several that a browser chooses from. */
const RENDITION = /[\\/]node_modules[\\/]\.cache[\\/]gemini-image[\\/]renditions[\\/]/

/**
 * Adds the rules that pictures need, before those of the site, so that the site's prevail. They are regular expressions,
 * which Rspack matches without a call to JavaScript for each module of the site.
 */
export function addRules(compiler: Compiler, options: Options): void {
  const { rules } = compiler.options.module
  const root = findProjectRoot(options.root, compiler.context)
  const source: RuleSetRule = {
    test: /\.[cm]?[jt]sx?$/,
    exclude: /[\\/]node_modules[\\/]/,
    enforce: 'pre',
    use: [{ loader: SOURCE_LOADER, options: { root } satisfies SourceLoaderOptions }],
  }
  const asset: RuleSetRule = {
    test: PICTURE,
    // What webpack makes of `new URL()` and `url()` is a file already.
    dependency: { not: ['url'] },
    type: 'asset',
  }
  // Inside a script, each would come along, whichever is shown.
  const rendition: RuleSetRule = { ...asset, test: RENDITION, type: 'asset/resource' }
  rules.unshift(source, ...(handlesPictures(rules) ? [] : [asset, rendition]))
}

/** Whether the site says itself what becomes of pictures. */
function handlesPictures(rules: Compiler['options']['module']['rules']): boolean {
  return rules.some((rule) => {
    if (typeof rule !== 'object' || !rule) return false
    const { test, oneOf, rules: nested } = rule
    const isMatch = test instanceof RegExp && test.test(path.resolve('picture.jpg'))
    return isMatch || handlesPictures([...(oneOf ?? []), ...(nested ?? [])])
  })
}
