// oxlint-disable-next-line no-restricted-imports -- asks for thousands of cached files whether they are as they were.
import { lstatSync, statSync } from 'node:fs'
// oxlint-disable-next-line no-restricted-imports -- files in the cache, under names of our own.
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { openFileIndex } from './file-index.ts'
import { FileHasher, sha256 } from '../hash.ts'
import { writeWhole } from './write.ts'

/**
 * Files that can be made again at any time. A cache folder is restored from elsewhere, shared between branches and
 * filled by killed processes, so each file has its SHA-256 beside it and is held against that before it is used.
 */
export interface DerivedFiles {
  /**
   * Whether a file is there, and as it was written. One that nothing has touched since this machine last hashed it
   * is known to be.
   */
  isSound(file: string): Promise<boolean>
  /** @throws {GeminiImageError} `WRITE_FAILED`. */
  write(file: string, bytes: Uint8Array): Promise<void>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

/** Opens the derived files in `dir`; it need not exist. */
export function openDerivedFiles(dir: string): DerivedFiles {
  const hasher = new FileHasher()
  const index = openFileIndex(path.join(dir, 'verified.json'), z.string())
  const seal = (file: string): string => `${file}.sha256`

  const isSound = async (file: string): Promise<boolean> => {
    const stats = statSync(file, { throwIfNoEntry: false, bigint: true })
    if (!stats) return false
    const name = path.relative(dir, file)
    if (index.find(name, stats) !== undefined) return true
    try {
      const actual = await hasher.hash(file)
      if ((await readFile(seal(file), 'utf8')) !== actual) return false
      index.note(name, stats, actual)
      return true
    } catch {
      // Whatever is in its place, it is made again.
      return false
    }
  }

  const write = async (file: string, bytes: Uint8Array): Promise<void> => {
    await Promise.all([file, seal(file)].map(clear))
    await writeWhole(file, bytes)
    // Where this is missing or torn, the file is made again.
    await writeFile(seal(file), sha256(bytes)).catch(() => undefined)
  }

  return { isSound, write, save: index.save }
}

/** Makes way for a file: what a link leads to is not ours to write. */
async function clear(file: string): Promise<void> {
  const isFile = lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true
  if (!isFile) await rm(file, { recursive: true, force: true })
}
