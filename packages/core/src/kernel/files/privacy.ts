import path from 'node:path'
import { sharedFolder } from './folders.ts'
import { GitIgnore } from './git-ignore.ts'
import { gitTopOf } from './workspace.ts'

/** Why a file's text is private, and what a person can do. */
export interface Secrecy {
  readonly why: string
  readonly fix: string
}

/** Folders with a dot in which tools keep source code that people write. */
const HIDDEN_SOURCE = new Set(['.storybook', '.vitepress'])

/** Tells files whose text is not for models: hidden ones, and those that git ignores. All paths are real ones. */
export class Privacy {
  readonly #root: string
  readonly #git: GitIgnore
  readonly #folders = new Map<string, { readonly hidden?: string; readonly isPublished: boolean }>()

  /** @param root The project. */
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
