// oxlint-disable-next-line no-restricted-imports -- asks for room and permissions, and opens nothing.
import { constants, existsSync } from 'node:fs'
// oxlint-disable-next-line no-restricted-imports -- asks for room and permissions, and opens nothing.
import { access, lstat, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { GeminiImageError } from '../errors/error.ts'
import { ignoreMissing } from './write.ts'

/**
 * Makes sure that a folder can be written to and that its disk has room, before anything is paid for
 * that could not be stored.
 * @param folder It need not exist, but the one above it must.
 * @param bytes What is to be written, in bytes.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const isThere = existsSync(folder)
  if (!isThere && (await lstat(folder).catch(ignoreMissing))) {
    throw noRoom(`${folder} is a link that leads nowhere.`)
  }
  const dir = isThere ? folder : path.dirname(folder)
  if (!(await stat(dir)).isDirectory()) throw noRoom(`${dir} is a file, where a folder should be.`)
  await access(dir, constants.W_OK).catch((cause: Error) => {
    throw noRoom(`${dir} cannot be written to: ${cause.message}`)
  })
  const disk = await statfs(dir).catch(() => undefined)
  // Some file systems count nothing.
  if (!disk || disk.blocks === 0) return
  const free = disk.bavail * disk.bsize
  if (free >= bytes) return
  throw noRoom(
    `The disk of ${dir} has ${toMegabytes(free)} MB left; what is missing may need ${toMegabytes(bytes)} MB.`,
  )
}

function noRoom(what: string): GeminiImageError {
  return new GeminiImageError({
    code: 'WRITE_FAILED',
    what,
    why: 'Nothing was generated, and nothing was paid for.',
    fix: 'free some disk space, or give your user permission to write there, and run again.',
  })
}

function toMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
