import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'

export const PROMPT_FILE_EXTENSION: string = '.prompt.md'

export function isPromptFile(file: string): boolean {
  return file.endsWith(PROMPT_FILE_EXTENSION)
}

/** Something names a prompt file that is not there. */
export function noPromptFile(specifier: string, place: Place | undefined): GeminiImageError {
  return new GeminiImageError({
    code: 'PROMPT_FILE_NOT_FOUND',
    what: `There is no prompt file "${specifier}".`,
    fix: 'create it, or fix the path here.',
    place,
  })
}

/** What the files that may ask for a picture end in. */
export const SOURCE_EXTENSIONS: readonly string[] =
  'js jsx mjs cjs ts tsx mts cts vue svelte astro mdx html htm njk liquid css scss sass less styl stylus pcss postcss sss'.split(
    ' ',
  )

/** Folders in which nobody declares anything: packages, what was built, and tests. */
const UNSEARCHED: readonly string[] = ['node_modules', 'dist', '__tests__']

/** Globs of all that lies in them. */
export const UNSEARCHED_GLOBS: readonly string[] = [
  ...UNSEARCHED.map((folder) => `**/${folder}/**`),
  '**/.vitepress/cache/**',
  // A CI system's credentials, which it writes beside the source.
  '**/gha-creds-*.json',
]

/** The name that Eleventy's configuration had first, and may have. */
export const ELEVENTY = '.eleventy.js'

/** What has a dot, and holds source code all the same. */
export const HIDDEN_SOURCES: readonly string[] = ['.storybook', '.vitepress', ELEVENTY]

/** A test asks for pictures, but no site shows what it asks for. @see https://vitest.dev/config/include */
const TEST = /\.(?:test|spec)\.[cm]?[jt]sx?$/

/** Whether a file is of a kind that may ask for a picture that a site shows. */
export function isSourceFile(file: string): boolean {
  return SOURCE_EXTENSIONS.includes(path.extname(file).slice(1)) && !TEST.test(file)
}

/** Whether a source file lies where a search finds it. */
export function isSearched(file: string, root: string): boolean {
  return isSourceFile(file) && !isUnsearched(file, root)
}

/** Whether no search looks at a file or folder, or at what it lies in. */
export function isUnsearched(file: string, root: string): boolean {
  const names = path.relative(root, file).split(path.sep)
  const isCache = (name: string, index: number): boolean =>
    name === 'cache' && names[index - 1] === '.vitepress'
  return names.some((name, index) => isUnsearchedName(name) || isCache(name, index))
}

/** Whether no search looks at what is called so, nor into it. */
export function isUnsearchedName(name: string): boolean {
  const isHidden = /^\.[^.]/.test(name) && !HIDDEN_SOURCES.includes(name)
  return isHidden || UNSEARCHED.includes(name)
}
