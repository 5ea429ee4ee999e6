// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { lstatSync, realpathSync, existsSync } from 'node:fs'
import path from 'node:path'
import { parseJson } from '../json.ts'
import { readFixedFile } from './fixed-file.ts'

interface RealFolder {
  readonly path: string
  /** Whether that is the root, or below it. */
  readonly isInside: boolean
}

/** The real paths of the folders of a project: one look for each of them, and one more for each link. */
export class RealFolders {
  /** The root, as it was given; absolute. */
  readonly root: string
  readonly #known = new Map<string, RealFolder>()
  #realRoot: string | undefined

  constructor(root: string) {
    this.root = root
  }

  /** The root's real path. @throws what the file system throws, as all here do. */
  get realRoot(): string {
    this.#realRoot ??= realpathSync.native(this.root)
    return this.#realRoot
  }

  of(folder: string): RealFolder {
    const known = this.#known.get(folder)
    if (known) return known
    const real = this.#find(folder)
    const found = { path: real, isInside: this.isInside(real) }
    this.#known.set(folder, found)
    return found
  }

  /** Whether a real path is that of the root, or below it. */
  isInside(real: string): boolean {
    return real === this.realRoot || isBelow(this.realRoot, real)
  }

  #find(folder: string): string {
    if (folder === this.root) return this.realRoot
    if (!isBelow(this.root, folder)) return realpathSync.native(folder)
    const real = path.join(this.of(path.dirname(folder)).path, path.basename(folder))
    return lstatSync(real).isSymbolicLink() ? realpathSync.native(real) : real
  }
}

/** Whether a path lies below that of a folder; the file system is not asked. */
export function isBelow(folder: string, file: string): boolean {
  if (!file.startsWith(folder)) return false
  return folder.endsWith(path.sep) || file.charAt(folder.length) === path.sep
}

/** The nearest folder that two folders are, or lie in. */
export function sharedFolder(one: string, other: string): string {
  let shared = one
  while (shared !== other && !isBelow(shared, other)) {
    const above = path.dirname(shared)
    if (above === shared) break
    shared = above
  }
  return shared
}

/** Bytes; no manifest that a person wrote has as many. */
const MOST_MANIFEST = 10_000_000

/** The folder, from the project's upwards, whose `.gitignore` files count: the one with `.git`, or the project's. */
export function gitTopOf(root: string): string {
  return above(root).find((folder) => existsSync(path.join(folder, '.git'))) ?? root
}

/** The repository or workspace that a project is a part of; the project's folder where it is none. */
export function workspaceOf(root: string): string {
  const folders = above(root)
  const isTop = (folder: string): boolean => existsSync(path.join(folder, '.git'))
  return folders.find(isTop) ?? folders.find(declaresWorkspace) ?? root
}

/** The folder and those above it, the nearest first. */
function above(folder: string): readonly string[] {
  const parent = path.dirname(folder)
  return parent === folder ? [folder] : [folder, ...above(parent)]
}

function declaresWorkspace(folder: string): boolean {
  if (existsSync(path.join(folder, 'pnpm-workspace.yaml'))) return true
  return Object.hasOwn(readManifest(folder) ?? {}, 'workspaces')
}

/** The `package.json` of a folder; `undefined` where there is none, and empty where it is no object. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> | undefined {
  const text = readFixedFile(path.join(folder, 'package.json'), MOST_MANIFEST)
  return text === undefined ? undefined : (Object(parseJson(text)) as Record<string, unknown>)
}
