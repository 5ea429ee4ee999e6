import path from 'node:path'
import glob, { type Options as GlobOptions } from 'fast-glob'
import { openFiles } from '../kernel/files/files.ts'
import { UNSEARCHED_GLOBS } from './source-files.ts'

/** Finds the prompt files behind specifiers, without a bundler. */
export class PromptFileIndex {
  readonly #files: ReadonlySet<string>
  /** Made when the first specifier needs it: most are relative. */
  #byName: ReadonlyMap<string, readonly string[]> | undefined

  readonly #root: string

  /** @param files Absolute paths of all prompt files below `root`. */
  constructor(files: readonly string[], root: string) {
    this.#files = new Set(files)
    this.#root = root
  }

  /**
   * The prompt files that a specifier may mean. A relative one means one file; one that only a
   * bundler can resolve (`@/pictures/hero.prompt.md`) means every file with the longest common end.
   */
  resolve(specifier: string, importer: string): readonly string[] {
    if (specifier.includes('*')) return this.#glob(specifier, importer)
    if (/^\.\.?\//.test(specifier)) {
      const file = besides(importer, specifier)
      if (this.#files.has(file)) return [file]
    }
    return this.#byEnding(specifier)
  }

  #glob(pattern: string, importer: string): readonly string[] {
    if (!/^\.\.?\//.test(pattern)) {
      return this.#byEnding(pattern.slice(pattern.lastIndexOf('*') + 1), true)
    }
    const found = glob.sync(pattern, {
      cwd: path.dirname(importer),
      absolute: true,
      ignore: [...UNSEARCHED_GLOBS],
      suppressErrors: true,
      fs: openFiles(this.#root).search as NonNullable<GlobOptions['fs']>,
    })
    return found.map((file) => path.normalize(file)).filter((file) => this.#files.has(file))
  }

  #byEnding(specifier: string, any = false): readonly string[] {
    if (any) return [...this.#files].filter((file) => file.endsWith(specifier))
    const segments = specifier.split('/')
    this.#byName ??= Map.groupBy(this.#files, (file) => path.basename(file))
    const candidates = this.#byName.get(segments.at(-1) ?? '') ?? []
    for (let dropped = 0; dropped < segments.length; dropped += 1) {
      const ending = path.sep + segments.slice(dropped).join(path.sep)
      const matches = candidates.filter((file) => file.endsWith(ending))
      if (matches.length > 0) return matches
    }
    return []
  }
}

/** The file behind a relative specifier. Most name a neighbour, whose path needs no normalizing. */
function besides(importer: string, specifier: string): string {
  if (!specifier.startsWith('./') || /[/\\]/.test(specifier.slice(2))) {
    return path.join(path.dirname(importer), specifier)
  }
  return importer.slice(0, importer.lastIndexOf(path.sep) + 1) + specifier.slice(2)
}
