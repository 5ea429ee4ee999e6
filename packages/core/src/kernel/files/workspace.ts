// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { readFixedFile } from './fixed-file.ts'

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
  try {
    const text = readFixedFile(path.join(folder, 'package.json'), MOST_MANIFEST)
    const manifest: unknown = JSON.parse(text ?? '{}')
    return Object.hasOwn(Object(manifest) as object, 'workspaces')
  } catch {
    return false
  }
}
