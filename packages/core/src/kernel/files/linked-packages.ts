// oxlint-disable-next-line no-restricted-imports -- follows links that a package manager made, and opens no file.
import { lstatSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { isBelow, readManifest, workspaceOf } from './folders.ts'

/** The content of a `package.json`. */
export type Manifest = Readonly<Record<string, unknown>>

/** A package of the workspace. */
export interface LinkedPackage {
  readonly name: string
  /** Its real path. */
  readonly folder: string
  readonly manifest: Manifest
}

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
const INSTALLED = `${path.sep}node_modules${path.sep}`

/** The packages of a workspace, by the links that a package manager made between them. */
export class LinkedPackages {
  /** The folder of the repository or workspace: nothing out of it is followed. */
  readonly workspace: string
  readonly #known = new Map<string, readonly LinkedPackage[]>()

  constructor(root: string) {
    this.workspace = workspaceOf(root)
  }

  /** The packages that the one of a folder is linked to. */
  of(folder: string): readonly LinkedPackage[] {
    const known = this.#known.get(folder)
    if (known) return known
    const manifest = readManifest(folder)
    const above = path.dirname(folder)
    const isOwn = manifest !== undefined || folder === this.workspace || above === folder
    const found = isOwn ? this.#linked(folder, manifest ?? {}) : this.of(above)
    this.#known.set(folder, found)
    return found
  }

  /** Whether a real path is that of a file of the workspace, and not of an installed package. */
  holds(file: string): boolean {
    return isBelow(this.workspace, file) && !file.includes(INSTALLED)
  }

  #linked(folder: string, manifest: Manifest): readonly LinkedPackage[] {
    const names = DEPENDENCIES.flatMap((field) => Object.keys(Object(manifest[field])))
    return [...new Set(names)].flatMap((name) => {
      const real = this.#follow(name, folder)
      const found = real === undefined ? undefined : readManifest(real)
      return real !== undefined && found ? { name, folder: real, manifest: found } : []
    })
  }

  /** Where a package is installed as a link to a folder of the workspace: beside who needs it, or above. */
  #follow(name: string, folder: string): string | undefined {
    for (let from = folder; ; from = path.dirname(from)) {
      const installed = path.join(from, 'node_modules', name)
      const stats = lstatSync(installed, { throwIfNoEntry: false })
      if (stats) return stats.isSymbolicLink() ? this.#target(installed) : undefined
      if (from === this.workspace || from === path.dirname(from)) return undefined
    }
  }

  #target(link: string): string | undefined {
    try {
      const real = realpathSync.native(link)
      return this.holds(real) ? real : undefined
    } catch {
      return undefined
    }
  }
}
