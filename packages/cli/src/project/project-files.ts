import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** The files of a project, by their paths from its root. */
export interface ProjectFiles {
  readonly root: string
  has(file: string): boolean
  /** A file's text; `undefined` where there is none. */
  read(file: string): Promise<string | undefined>
  /** The texts of all files in a folder. */
  readAll(dir: string): Promise<readonly string[]>
}

/** Opens the files of the project in `root`. */
export function openFiles(root: string): ProjectFiles {
  const read = (file: string): Promise<string | undefined> =>
    readFile(path.join(root, file), 'utf8').catch(() => undefined)
  return {
    root,
    read,
    has: (file) => existsSync(path.join(root, file)),
    readAll: async (dir) => {
      const names = await readdir(path.join(root, dir)).catch(() => [])
      const texts = await Promise.all(names.map((name) => read(path.join(dir, name))))
      return texts.filter((text) => text !== undefined)
    },
  }
}
