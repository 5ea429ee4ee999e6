import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { findProjectRoot, isPromptFile, openConfigInputs, SELECTING } from '@gemini-image/core/host'
import { MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'
import { resolvePromptFile, type Aliases } from './resolve.ts'
import { Worker, type ImageKind } from './worker.ts'

/** The transformer whose files have macros and imports of renditions replaced. */
export interface WrappedTransformer {
  /** Absolute path, or a name that resolves from the folder where Jest runs. */
  readonly transformer: string
  /** Its own configuration. */
  readonly transformerConfig?: unknown
}

/** What a transformer of ours is told. */
export interface TransformerOptions extends Partial<WrappedTransformer> {
  /** What an image import gives: its URL, or Next.js's `StaticImageData`. @default 'url' */
  readonly image?: ImageKind | undefined
}

/** What Jest tells a transformer. */
interface JestOptions {
  readonly config: {
    readonly rootDir: string
    readonly cacheDirectory: string
    readonly moduleNameMapper: Aliases
  }
  readonly configString: string
  readonly instrument: boolean
  readonly supportsStaticESM: boolean
  readonly transformerConfig?: unknown
}

type Result = string | { readonly code: string }

/** A transformer, as Jest has it. @see https://jestjs.io/docs/code-transformation */
export interface JestTransformer {
  canInstrument?: boolean
  getCacheKey?(text: string, file: string, options: JestOptions): string
  process?(text: string, file: string, options: JestOptions): Result
  processAsync?(text: string, file: string, options: JestOptions): Promise<Result>
}

interface TransformerModule extends JestTransformer {
  createTransformer?(config: unknown): JestTransformer | Promise<JestTransformer>
}

/** A transformer of prompt files, and of the source files that another one transforms. */
export async function createTransformer({
  transformer,
  transformerConfig,
  image = 'url',
}: TransformerOptions = {}): Promise<JestTransformer> {
  const inner =
    transformer === undefined ? {} : await loadTransformer(transformer, transformerConfig)
  const worker = new Worker()
  const configInputs = await openConfigInputs()
  const replaced = (text: string, file: string, options: JestOptions): string => {
    if (!isOurs(text, file, options)) return text
    const { rootDir, cacheDirectory, moduleNameMapper: aliases } = options.config
    const root = findProjectRoot(undefined, rootDir)
    const isModule = options.supportsStaticESM
    return worker.ask({ text, file, isModule, root, cacheDirectory, image, aliases })
  }
  const { canInstrument, process, processAsync } = inner
  return {
    ...(canInstrument !== undefined && { canInstrument }),
    getCacheKey: (text, file, options) => {
      const { configString, instrument, supportsStaticESM } = options
      const own = [text, file, configString, instrument, supportsStaticESM]
      const key = inner.getCacheKey?.(text, file, { ...options, transformerConfig }) ?? own
      const state = isOurs(text, file, options) ? stateOf(text, file, options, configInputs) : []
      return hash('sha256', JSON.stringify([key, state])).slice(0, 32)
    },
    ...((process || !processAsync) && {
      process: (text, file, options) => {
        const code = replaced(text, file, options)
        if (!process || isPromptFile(file)) return { code }
        return process.call(inner, code, file, { ...options, transformerConfig })
      },
    }),
    ...(processAsync && {
      processAsync: async (text, file, options) => {
        const code = replaced(text, file, options)
        if (isPromptFile(file)) return { code }
        return processAsync.call(inner, code, file, { ...options, transformerConfig })
      },
    }),
  }
}

/** Whether a file is a prompt file, or holds a macro or an import of a picture that is to be redirected. */
function isOurs(text: string, file: string, { supportsStaticESM }: JestOptions): boolean {
  if (isPromptFile(file) || MAY_DECLARE.test(text)) return true
  // Jest has no module of its own for a prompt file that an ECMAScript module imports.
  return supportsStaticESM ? PROMPT_SPECIFIER.test(text) : OTHER_THAN_PLAIN.test(text)
}

/** An import that asks for another form or for one of several pictures, or goes by an alias. */
const OTHER_THAN_PLAIN = new RegExp(
  `\\.prompt\\.md\\?[^"'\`\\n]*\\b(?:as=|${SELECTING})|["'\`][^."'\`\\n][^"'\`\\n]*\\.prompt\\.md\\?`,
)

async function loadTransformer(
  transformer: string,
  transformerConfig: unknown,
): Promise<JestTransformer> {
  const file = createRequire(path.resolve('_')).resolve(transformer)
  const loaded = (await import(pathToFileURL(file).href)) as { default?: TransformerModule }
  const found = (loaded.default ?? loaded) as TransformerModule & { default?: TransformerModule }
  // Compiled to CommonJS, a default export is one more property.
  const one = found.createTransformer || found.process ? found : (found.default ?? found)
  return (await one.createTransformer?.(transformerConfig)) ?? one
}

/** All that decides what is told of a file's pictures, besides its own text. */
function stateOf(
  text: string,
  file: string,
  { config }: JestOptions,
  configInputs: (dir: string) => readonly string[],
): readonly unknown[] {
  const root = findProjectRoot(undefined, config.rootDir)
  const promptFiles = [...text.matchAll(SPECIFIER)].flatMap(
    ([, specifier = '']) => resolvePromptFile(specifier, file, config.moduleNameMapper) ?? [],
  )
  const files = [path.join(root, 'gemini-image.lock'), ...configInputs(root), ...promptFiles]
  return [import.meta.url, ...files.map(readIfThere)]
}

const SPECIFIER = /["'`]([^"'`\n]+\.prompt\.md)\?/g

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
