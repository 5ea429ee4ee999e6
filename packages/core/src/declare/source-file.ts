import path from 'node:path'

/** What the files that may ask for a picture end in. */
export const SOURCE_EXTENSIONS: readonly string[] =
  'js jsx mjs cjs ts tsx mts cts vue svelte astro mdx html htm css scss sass less styl stylus pcss postcss sss'.split(
    ' ',
  )

/** Folders in which nobody declares anything. */
export const UNSEARCHED: readonly string[] = ['node_modules', 'dist']

/** Whether a file is of a kind that may ask for a picture. */
export function isSourceFile(file: string): boolean {
  return SOURCE_EXTENSIONS.includes(path.extname(file).slice(1))
}
