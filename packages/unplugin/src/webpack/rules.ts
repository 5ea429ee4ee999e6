import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from '@gemini-image/core'
import { findProjectRoot } from '@gemini-image/core/host'
import type { Compiler, RuleSetRule } from 'webpack'
import type { SourceLoaderOptions } from './source-loader.ts'
import type { StrayLoaderOptions } from './stray-loader.ts'

const SOURCE_LOADER = fileURLToPath(new URL('source-loader.js', import.meta.url))
const STRAY_LOADER = fileURLToPath(new URL('stray-loader.js', import.meta.url))

/** The files that the source loader sees. */
export const SOURCE_FILE: RegExp = /\.[cm]?[jt]sx?$/

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
    test: SOURCE_FILE,
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

/**
 * webpack takes everything in `node_modules` for a package that only a package manager changes. Rspack leaves out names
 * that begin with a dot.
 */
export function watchDerivedFiles({ options: { snapshot } }: Compiler): void {
  const ours = /[\\/]node_modules[\\/]\.cache[\\/]gemini-image[\\/]/
  snapshot.unmanagedPaths = [...(snapshot.unmanagedPaths ?? []), ours]
}

/** Adds the rules for what asks for pictures unseen, after those of the site, so that these prevail. */
export function addStrayRules({ options }: Compiler): void {
  const rule = (isFile: boolean): RuleSetRule => ({
    resourceQuery: /[?&]gemini-image(?:[&=]|$)/,
    dependency: isFile ? 'url' : { not: ['url'] },
    // Its pitch comes before that of any other.
    enforce: 'post',
    type: 'javascript/auto',
    use: [{ loader: STRAY_LOADER, options: { isFile } satisfies StrayLoaderOptions }],
  })
  options.module.rules.push(rule(false), rule(true))
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
