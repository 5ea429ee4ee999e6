import path from 'node:path'
import glob, { type Options as GlobOptions } from 'fast-glob'
import { openFiles } from '../kernel/files/files.ts'
import { isBelow } from '../kernel/files/folders.ts'
import { decodePath, type GlobRequest } from './requests/request.ts'
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
    const written = this.#resolve(specifier, importer)
    return written.length > 0 || !specifier.includes('%')
      ? written
      : this.#resolve(decodePath(specifier), importer)
  }

  /** The prompt files that the patterns of a call match, also out of the root. */
  match({ patterns, base = '' }: GlobRequest, importer: string): readonly string[] {
    const from = base.startsWith('/') ? this.#root : path.dirname(importer)
    const toGlob = (pattern: string): string => this.#globOf(pattern, path.join(from, base))
    const isLeftOut = (pattern: string): boolean => pattern.startsWith('!')
    const found = glob.sync(patterns.filter((one) => !isLeftOut(one)).map(toGlob), {
      absolute: true,
      ignore: [
        ...UNSEARCHED_GLOBS,
        ...patterns.filter(isLeftOut).map((one) => toGlob(one.slice(1))),
      ],
      suppressErrors: true,
      fs: openFiles(this.#root).search as NonNullable<GlobOptions['fs']>,
    })
    const files = found.map((file) => path.normalize(file))
    return files.filter((file) => this.#files.has(file) || !isBelow(this.#root, file))
  }

  /** An absolute glob. What begins at the root of a bundler or with an alias may begin in any folder. */
  #globOf(pattern: string, folder: string): string {
    if (/^(?:\.\.?\/|\*\*)/.test(pattern)) {
      return path.posix.join(glob.convertPathToPattern(folder), pattern)
    }
    const ending = pattern.replace(/^[^/*]*\//, '')
    return `${glob.convertPathToPattern(this.#root)}/**/${ending}`
  }

  #resolve(specifier: string, importer: string): readonly string[] {
    if (/^\.\.?\//.test(specifier)) {
      const file = besides(importer, specifier)
      if (this.#files.has(file)) return [file]
    }
    return this.#byEnding(specifier)
  }

  #byEnding(specifier: string): readonly string[] {
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
