import { createRequire } from 'node:module'
import path from 'node:path'
import type { WrappedTransformer } from './transformer.ts'

type Transform = Readonly<Record<string, string | readonly [string, unknown?]>>

/** The parts of a configuration of Jest's that are added to. */
export interface JestConfig {
  readonly rootDir?: string | undefined
  readonly preset?: string | null | undefined
  readonly transform?: Transform | undefined
  readonly moduleNameMapper?: Readonly<Record<string, string | readonly string[]>> | undefined
}

/** What a configuration file of Jest's exports. */
export type JestConfigExport<Config> = Config | Promise<Config> | (() => Config | Promise<Config>)

/** The marker and all beside it: what a module is, its path says. */
const SPECIFIER = String.raw`^(.+\.prompt\.md)\?.*$`
const PROMPT_FILE = String.raw`\.prompt\.md$`
/** What Jest transforms where nothing is configured. @see https://jestjs.io/docs/configuration#transform-objectstring-pathtotransformer--pathtotransformer-object */
const SOURCE = String.raw`\.[jt]sx?$`
/** What nobody transforms may hold macros all the same. */
const MODULE = String.raw`\.[cm]?[jt]sx?$`

/**
 * Adds pictures to a configuration of Jest's: imports of prompt files give what is known of their pictures, and macros
 * and imports of renditions are replaced before the transformers of the configuration see the code.
 *
 * ```js
 * // jest.config.mjs
 * import { withGeminiImage } from 'unplugin-gemini-image/jest'
 *
 * export default withGeminiImage({ testEnvironment: 'jsdom' })
 * ```
 *
 * @param config The configuration, or a function that gives it.
 * @returns A function, which Jest calls.
 */
export function withGeminiImage<Config extends JestConfig = JestConfig>(
  config?: JestConfigExport<Config>,
): () => Promise<Config & JestConfig> {
  return async () => {
    const given = ((await (typeof config === 'function' ? config() : config)) ?? {}) as Config
    const rootDir = path.resolve(given.rootDir ?? '.')
    const transform = { ...transformOfPreset(given, rootDir), ...given.transform }
    const isDefault = given.transform === undefined && Object.keys(transform).length === 0
    const all: Transform = isDefault ? { [SOURCE]: babelJest(rootDir) } : transform
    const ours = createRequire(import.meta.url).resolve('unplugin-gemini-image/jest')
    const image = isNext(all) ? 'next' : 'url'
    const wrapped = Object.entries(all).map(([pattern, one]) => [
      pattern,
      [ours, { ...wrap(one, rootDir), image }],
    ])
    return {
      ...given,
      moduleNameMapper: { [SPECIFIER]: '$1', ...given.moduleNameMapper },
      // The first pattern that matches counts.
      transform: {
        [PROMPT_FILE]: [ours, { image }],
        ...Object.fromEntries(wrapped),
        ...(!(MODULE in all) && { [MODULE]: [ours, { image }] }),
      },
    }
  }
}

/** Whether it is what `next/jest` makes: image imports give objects there. */
function isNext(transform: Transform): boolean {
  const names = Object.values(transform).map((one) => (typeof one === 'string' ? one : one[0]))
  return names.some((name) => /[\\/]next[\\/]dist[\\/]/.test(name))
}

function wrap(one: string | readonly [string, unknown?], rootDir: string): WrappedTransformer {
  const [name, transformerConfig] = typeof one === 'string' ? [one] : one
  const transformer = requireIn(rootDir).resolve(name.replace('<rootDir>', rootDir))
  return { transformer, transformerConfig }
}

/** Jest lays the transforms of a configuration over those of its preset. */
function transformOfPreset({ preset }: JestConfig, rootDir: string): Transform | undefined {
  if (preset === undefined || preset === null) return undefined
  const from = requireIn(rootDir)
  const name = preset.replace('<rootDir>', rootDir)
  const isPath = name.startsWith('.') || path.isAbsolute(name)
  const loaded = from(isPath ? name : `${name}/jest-preset`) as JestConfig & {
    readonly default?: JestConfig
  }
  return (loaded.default ?? loaded).transform
}

/** The transformer that Jest brings along; some package managers show it to Jest's own packages alone. */
function babelJest(rootDir: string): string {
  let from = requireIn(rootDir)
  for (const name of ['jest', 'jest-cli', 'jest-config']) {
    try {
      from = createRequire(from.resolve(name))
    } catch {
      // It is not shown to this one; the next may be.
    }
  }
  return from.resolve('babel-jest')
}

function requireIn(folder: string): NodeJS.Require {
  return createRequire(path.join(folder, '_'))
}
