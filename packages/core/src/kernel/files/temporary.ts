import { hash } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { lstat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { makeFolder } from './write.ts'

/** Bits of a mode. */
const WRITABLE_BY_OTHERS = 0o022

/**
 * A folder of this user's alone in the system's temporary folder, for one project; `undefined` where there is
 * none. Anyone may make a folder in the temporary one: whatever others put there is not ours.
 * @param root The project.
 */
export async function findPrivateTemporary(root: string): Promise<string | undefined> {
  // By number: in a container a user may have no name. On Windows the folder is a user's own anyway.
  const uid = process.getuid?.()
  const folder = folderOf(uid)
  const stats = await lstat(folder).catch(() => undefined)
  if (!stats?.isDirectory()) return undefined
  const isOurs = uid === undefined || (stats.uid === uid && (stats.mode & WRITABLE_BY_OTHERS) === 0)
  return isOurs ? path.join(folder, hash('sha256', root).slice(0, 12)) : undefined
}

/** The same; it is made where it is not there. */
export async function makePrivateTemporary(root: string): Promise<string | undefined> {
  await makeFolder(folderOf(process.getuid?.()), 0o700).catch(() => undefined)
  return findPrivateTemporary(root)
}

function folderOf(uid: number | undefined): string {
  return path.join(tmpdir(), `gemini-image-${uid ?? 'salvage'}`)
}
