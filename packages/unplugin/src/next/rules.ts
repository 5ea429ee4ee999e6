import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'
import { MAY_DECLARE } from '../source/filters.ts'
import geminiImage from '../webpack.ts'
import { keptFolder } from './kept-names.ts'
import type { LoaderOptions } from './pictures.ts'

type Rules = NonNullable<NonNullable<NextConfig['turbopack']>['rules']>
type Rule = Exclude<Rules[string], unknown[]> & { readonly condition?: unknown }

const SOURCES = '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'
const ASKS = { query: /[?&]gemini-image(?=[&=]|$)/ }
/** What the first rule made of a prompt file is JavaScript, and is not to be read once more. */
const IS_DONE = { path: /\.prompt\.md\.js$/ }

/** A configuration with our loaders for Turbopack, and our plugin for webpack. */
export function addToNext(config: NextConfig, root: string): NextConfig {
  return {
    ...config,
    turbopack: {
      ...config.turbopack,
      rules: turbopackRules(config.turbopack?.rules, { root, kept: keptFolder(config, root) }),
    },
    webpack(webpackConfig, context) {
      const changed = config.webpack?.(webpackConfig, context) ?? webpackConfig
      changed.plugins.push(geminiImage())
      return changed
    },
  }
}

/** The site's rules, and ours beside those for the same files. */
function turbopackRules(rules: Rules | undefined, { root, kept }: LoaderOptions): Rules {
  const options = { root, ...(kept !== undefined && { kept }) }
  const use = (name: string): { loader: string; options: typeof options }[] => [
    { loader: fileURLToPath(new URL(`${name}.js`, import.meta.url)), options: { ...options } },
  ]
  const picture = { condition: ASKS, loaders: use('next-picture-loader'), as: '*.js' }
  const sources = [
    { ...picture, condition: { all: [ASKS, { not: IS_DONE }] } },
    {
      condition: { all: [{ not: 'foreign' as const }, { not: ASKS }, { content: MAY_DECLARE }] },
      loaders: use('next-source-loader'),
    },
  ]
  const styles = {
    condition: { content: /url\([^\n]*\.prompt\.md\?[^\n]*gemini-image/ },
    loaders: use('next-style-loader'),
  }
  return {
    ...rules,
    '*.prompt.md': picture,
    [SOURCES]: [...listOf(rules?.[SOURCES]), ...sources],
    '*.css': [...listOf(rules?.['*.css']), styles],
  }
}

function listOf(rules: Rules[string] | undefined): Rule[] {
  return [rules ?? []].flat() as Rule[]
}
