import { randomInt } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- how the gate writes.
import { mkdir, open, realpath, rename, rm, stat, access, lstat, statfs } from 'node:fs/promises'
import path from 'node:path'
// oxlint-disable-next-line no-restricted-imports -- asks for room and permissions, and opens nothing.
import { constants, existsSync } from 'node:fs'
import { GeminiImageError } from '../errors/error.ts'

/** What is left beside a file when its process is killed amid writing: `<file>.<digits>`. */
export const LEFTOVER: RegExp = /^(.+)\.\d+$/

/**
 * Writes a file whole or not at all: a temporary file beside it, flushed, then renamed over it.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await makeFolders(path.dirname(file))
    // Of a link, what it leads to is written.
    await replace(await realpath(file).catch(() => file), content)
  } catch (cause) {
    throw writeFailed(file, cause)
  }
}

/**
 * The package write-file-atomic takes a short write, which is how a disk that fills up begins, for a
 * whole one, and puts half a file in place (7.0.1); a file handle writes on until all is written.
 * @see https://nodejs.org/api/fs.html#filehandlewritefiledata-options
 */
async function replace(file: string, content: string | Uint8Array): Promise<void> {
  const mode = (await stat(file).catch(ignoreMissing))?.mode
  const temporary = `${file}.${randomInt(2 ** 47)}`
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

/** Makes sure that what was renamed or made in a folder is there after a power failure, too. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows opens no folders, and not every file system flushes them.
  const handle = await open(folder).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/**
 * Makes a folder and those above it.
 * @param mode Who may enter it, where it is new. @default what the process makes folders with
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  try {
    await makeFolders(folder, mode)
  } catch (cause) {
    throw writeFailed(folder, cause)
  }
}

/** Node tells a read-only file system as ENOENT: the first folder that is missing says what is wrong. */
async function makeFolders(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    let first = folder
    while (!(await stat(path.dirname(first)).catch(ignoreMissing))) first = path.dirname(first)
    await mkdir(first, { mode })
    await mkdir(folder, { recursive: true, mode })
  }
}

export function writeFailed(file: string, cause: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'WRITE_FAILED',
    what: `${file} could not be written.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: `${remedyFor((cause as NodeJS.ErrnoException | null)?.code)}, and run again; what was there before is unharmed.`,
    cause,
  })
}

function remedyFor(code: string | undefined): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'give your user permission to write there (chmod, chown)'
    case 'EROFS':
      return 'mount that file system so that it can be written'
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'free some disk space'
    default:
      return 'free some disk space, or fix what is in the way'
  }
}

/** For a `catch`: what does not exist is `undefined`, anything else is thrown on. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  // A file in the place of a folder: what should be inside does not exist.
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

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

/** Bytes as people read them: `1.5`. */
export function toMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
