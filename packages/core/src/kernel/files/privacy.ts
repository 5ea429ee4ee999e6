import { createRequire } from 'node:module'
import path from 'node:path'
// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { existsSync } from 'node:fs'
import type { Ignore } from 'ignore'
import { sharedFolder, isBelow, gitTopOf } from './folders.ts'
import { readFixedFile } from './fixed-file.ts'

/** Why a file's text is private, and what a person can do. */
export interface Secrecy {
  readonly why: string
  readonly fix: string
}

/** Files of credentials that a CI system writes beside the source. */
const CREDENTIALS = /^gha-creds-.*\.json$/

/** Folders with a dot in which tools keep source code that people write. */
const HIDDEN_SOURCE = new Set(['.storybook', '.vitepress'])

/** Tells files whose text is not for models: hidden ones, and those that git ignores. All paths are real ones. */
export class Privacy {
  readonly #root: string
  readonly #git: GitIgnore
  readonly #folders = new Map<string, { readonly hidden?: string; readonly isPublished: boolean }>()

  constructor(root: string) {
    this.#root = root
    this.#git = new GitIgnore(gitTopOf(root), root)
  }

  /** Why a file is private; `undefined` where it is not. */
  of(file: string): Secrecy | undefined {
    const end = file.lastIndexOf(path.sep)
    const folder = file.slice(0, end)
    const { hidden, isPublished } = this.#ofFolder(folder)
    const name = file.slice(end + 1)
    const dotted = hidden ?? (name.startsWith('.') ? name : undefined)
    if (dotted !== undefined) {
      const why = `"${dotted}" begins with a dot`
      return { why, fix: 'move the text to a file that is not hidden.' }
    }
    if (CREDENTIALS.test(name)) {
      return { why: 'it holds credentials', fix: 'move the text to a file of its own.' }
    }
    const pattern = isPublished ? undefined : this.#git.patternFor(file, folder)
    if (pattern === undefined) return undefined
    const why = `git ignores it, by the pattern "${pattern}" in .gitignore`
    return { why, fix: 'move the text to a file that git keeps.' }
  }

  #ofFolder(folder: string): { readonly hidden?: string; readonly isPublished: boolean } {
    const known = this.#folders.get(folder)
    if (known) return known
    // What the project lies in says nothing of a file beside it.
    const parts = folder.slice(sharedFolder(this.#root, folder).length).split(path.sep)
    // What is published in a package is public, however package managers call their folders.
    const start = parts.lastIndexOf('node_modules') + 1
    const isHidden = (part: string): boolean => part.startsWith('.') && !HIDDEN_SOURCE.has(part)
    const hidden = parts.slice(start).find(isHidden)
    const found = { ...(hidden !== undefined && { hidden }), isPublished: start > 0 }
    this.#folders.set(folder, found)
    return found
  }
}

/** Bytes; nobody writes as many rules. */
const MOST = 1_000_000

interface Rules {
  readonly folder: string
  readonly matcher: Ignore
}

/**
 * Which files git ignores, by the `.gitignore` files between its top folder and the file. Rules that ignore
 * the project itself say nothing of its files. All paths are real ones.
 */
class GitIgnore {
  readonly #top: string
  readonly #root: string
  readonly #rules = new Map<string, readonly Rules[]>()
  readonly #folders = new Map<string, string | undefined>()

  /**
   * @param top The folder that holds `.git`, or else the project.
   * @param root The project.
   */
  constructor(top: string, root: string) {
    this.#top = top
    this.#root = root
  }

  /** The pattern that makes git ignore a file; `undefined` where none does, or it is not below the top folder. */
  patternFor(file: string, folder: string = path.dirname(file)): string | undefined {
    if (folder !== this.#top && !isBelow(this.#top, folder)) return undefined
    const rules = this.#rulesOf(folder)
    if (rules.length === 0) return undefined
    // Below a folder that outer rules ignore, inner ones change nothing.
    const ofFolder = rules.length > 1 ? this.#ofFolder(folder) : undefined
    return ofFolder ?? decide(file, rules)
  }

  #ofFolder(folder: string): string | undefined {
    if (folder.length <= this.#top.length) return undefined
    if (this.#folders.has(folder)) return this.#folders.get(folder)
    const above = path.dirname(folder)
    const found = this.#ofFolder(above) ?? decide(folder + path.sep, this.#rulesOf(above))
    this.#folders.set(folder, found)
    return found
  }

  /** The rules for what lies in a folder, the nearest first. */
  #rulesOf(folder: string): readonly Rules[] {
    const known = this.#rules.get(folder)
    if (known) return known
    const above = folder.length <= this.#top.length ? [] : this.#rulesOf(path.dirname(folder))
    const own = this.#read(folder)
    const rules = own ? [own, ...above] : above
    this.#rules.set(folder, rules)
    return rules
  }

  #read(folder: string): Rules | undefined {
    const file = folder.endsWith(path.sep)
      ? `${folder}.gitignore`
      : `${folder}${path.sep}.gitignore`
    if (!existsSync(file)) return undefined
    const text = readFixedFile(file, MOST) ?? ''
    if (text === '') return undefined
    // Its 50 KB are loaded where there is something to match.
    const ignore = createRequire(import.meta.url)('ignore') as () => Ignore
    const rules = { folder, matcher: ignore().add(text) }
    return isBelow(folder, this.#root) && decide(this.#root + path.sep, [rules]) !== undefined
      ? undefined
      : rules
  }
}

/** The pattern by which the nearest rules that know a path ignore it. */
function decide(file: string, rules: readonly Rules[]): string | undefined {
  for (const { folder, matcher } of rules) {
    const start = folder.endsWith(path.sep) ? folder.length : folder.length + 1
    const below = file.slice(start)
    const relative = path.sep === '/' ? below : below.replaceAll(path.sep, '/')
    const { ignored, unignored, rule } = matcher.test(relative)
    if (ignored) return rule?.pattern ?? '.gitignore'
    if (unignored) return undefined
  }
  return undefined
}
