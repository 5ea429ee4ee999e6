import { mkdir, readdir, unlink } from 'node:fs/promises'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { GeminiImageError } from '../errors/error.ts'

/** What `write-file-atomic` leaves beside a file when its process is killed: `<file>.<digits>`. */
const LEFTOVER = /^(.+)\.\d+$/

/**
 * Writes a file whole or not at all: a temporary file beside it, flushed, then renamed over it.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFileAtomic(file, typeof content === 'string' ? content : Buffer.from(content))
  } catch (cause) {
    throw writeFailed(file, cause)
  }
}

/** Makes a folder and those above it. @throws {GeminiImageError} `WRITE_FAILED`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw writeFailed(folder, cause)
  }
}

/** The error for a file that could not be written. */
export function writeFailed(file: string, cause: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'WRITE_FAILED',
    what: `${file} could not be written.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: 'free some disk space or mend the rights of the folder, and run again; what was there before is unharmed.',
    cause,
  })
}

/**
 * Deletes the temporary files that killed processes left in a folder. Call it only while no other
 * process writes there.
 * @param isOurs Whether a name, without the temporary ending, is one that we write.
 */
export async function sweepLeftovers(
  dir: string,
  isOurs: (name: string) => boolean,
): Promise<void> {
  const names = (await readdir(dir).catch(ignoreMissing)) ?? []
  const leftovers = names.filter((name) => {
    const target = LEFTOVER.exec(name)?.[1]
    return target !== undefined && isOurs(target)
  })
  await Promise.all(leftovers.map((name) => unlink(path.join(dir, name)).catch(ignoreMissing)))
}

/** For a `catch`: what does not exist is `undefined`, anything else is thrown on. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  // A file in the place of a folder: what should be inside does not exist.
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
