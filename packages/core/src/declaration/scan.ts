import { readFileSync } from 'node:fs'
import path from 'node:path'
import fastGlob from 'fast-glob'
import { findSpecifiers, isPromptFile, PromptFileIndex } from './specifiers.ts'

/** What the files that may ask for a picture end in. */
const SOURCE_EXTENSIONS =
  'js jsx mjs cjs ts tsx mts cts vue svelte astro mdx html htm css scss sass less styl stylus pcss postcss sss'.split(
    ' ',
  )

/** Folders in which nobody declares anything. */
const NEVER = ['**/node_modules/**', '**/dist/**']

/** Whether a file is of a kind that may ask for a picture. */
export function isSourceFile(file: string): boolean {
  return SOURCE_EXTENSIONS.includes(path.extname(file).slice(1))
}

/** Every prompt file of a project, and which of them its source asks for. */
export interface Scan {
  /** Absolute paths of all prompt files, sorted. */
  readonly promptFiles: readonly string[]
  /** Those that some source file asks for. */
  readonly used: ReadonlySet<string>
  /** The text of each prompt file, in the same order; `undefined` where it could not be read. */
  readonly texts: readonly (string | undefined)[]
}

/** Finds the declarations below `root`. */
export async function scanProject(root: string, exclude: readonly string[]): Promise<Scan> {
  const sources = `**/*.{${SOURCE_EXTENSIONS.join(',')}}`
  const found = await fastGlob(['**/*.prompt.md', sources], {
    cwd: root,
    ignore: [...NEVER, ...exclude],
    suppressErrors: true,
    // All patterns begin at the root, so that it is walked through once and nothing is found twice.
    unique: false,
  })
  const promptFiles: string[] = []
  const others: string[] = []
  const folder = root.endsWith(path.sep) ? root : root + path.sep
  for (const name of found) {
    // fast-glob writes forward slashes on every system.
    const file = folder + (path.sep === '/' ? name : name.replaceAll('/', path.sep))
    ;(isPromptFile(file) ? promptFiles : others).push(file)
  }
  promptFiles.sort()
  const asking = promptFiles.length === 0 ? [] : others
  const used = findUsed(asking, new PromptFileIndex(promptFiles))
  return { promptFiles, used, texts: promptFiles.map(readText) }
}

/**
 * One after another and with nothing in between: thousands of small files are read in half the time
 * that it takes to read each when its turn comes, and several times faster than through promises.
 */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Whoever asks for it is told why.
    return undefined
  }
}

function findUsed(sources: readonly string[], index: PromptFileIndex): ReadonlySet<string> {
  const used = new Set<string>()
  for (const file of sources) {
    for (const specifier of findSpecifiers(readFileSync(file, 'utf8'))) {
      for (const promptFile of index.resolve(specifier, file)) used.add(promptFile)
    }
  }
  return used
}
