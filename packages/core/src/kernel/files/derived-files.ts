// oxlint-disable-next-line no-restricted-imports -- asks for thousands of cached files whether they are as they were.
import { constants, lstatSync, statSync } from 'node:fs'
// oxlint-disable-next-line no-restricted-imports -- files in the cache, under names of our own.
import { access, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { FileHasher, sha256 } from '../hash.ts'
import { openFileIndex } from './file-index.ts'
import { makePrivateTemporary } from './temporary.ts'
import { makeFolder, writeWhole } from './write.ts'

/** Where derived files may lie. */
export interface DerivedFolders {
  readonly root: string
  readonly cacheDir: string
  readonly hostCacheDir?: string | undefined
}

/**
 * Files that can be made again, and that a build can't do without: renditions, placeholders. They lie in the
 * project's cache. Where that can't be written, as in a container with a read-only project, what is missing is
 * made in the host's cache, or in a temporary folder. A cache is restored from elsewhere, shared between branches and
 * filled by killed processes, so each file has its SHA-256 beside it and is held against that before it is used.
 */
export interface DerivedFiles {
  /**
   * Whether a file is there, and as it was written. One that nothing has touched since this machine last hashed it
   * is known to be.
   */
  isSound(name: string): Promise<boolean>
  /** The absolute path of a file that is there. */
  pathOf(name: string): string
  /** Finds out where files can be written: some may lie there already. */
  prepare(): Promise<void>
  /**
   * Writes a file.
   * @throws {GeminiImageError} `WRITE_FAILED` where none of the folders can be written.
   */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

/** Opens the derived files of one kind. @param kind A folder's name. */
export function openDerivedFiles(kind: string, folders: DerivedFolders): DerivedFiles {
  const hasher = new FileHasher()
  const index = openFileIndex(path.join(folders.cacheDir, kind, 'verified.json'), z.string())
  const known = new Set([folders.cacheDir])
  /** Name → where it lies. */
  const found = new Map<string, string>()
  let writable: Promise<string> | undefined

  const choose = (): Promise<string> => (writable ??= firstWritable(folders))

  const isSoundAt = async (file: string): Promise<boolean> => {
    const stats = statSync(file, { throwIfNoEntry: false, bigint: true })
    if (!stats) return false
    if (index.find(file, stats) !== undefined) return true
    try {
      const actual = await hasher.hash(file)
      if ((await readFile(sealOf(file), 'utf8')) !== actual) return false
      index.note(file, stats, actual)
      return true
    } catch {
      // Whatever is in its place, it is made again.
      return false
    }
  }

  const isSound = async (name: string): Promise<boolean> => {
    for (const folder of known) {
      const file = path.join(folder, kind, name)
      if (!(await isSoundAt(file))) continue
      found.set(name, file)
      return true
    }
    return false
  }

  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    const file = path.join(await choose(), kind, name)
    await Promise.all([file, sealOf(file)].map(clear))
    await writeWhole(file, bytes)
    // Where this is missing or torn, the file is made again.
    await writeFile(sealOf(file), sha256(bytes)).catch(() => undefined)
    found.set(name, file)
  }

  return {
    isSound,
    pathOf: (name) => found.get(name) ?? path.join(folders.cacheDir, kind, name),
    prepare: async () => void known.add(await choose()),
    write,
    save: index.save,
  }
}

/** What a file held when it was written. */
function sealOf(file: string): string {
  return `${file}.sha256`
}

/** Makes way for a file: what a link leads to is not ours to write. */
async function clear(file: string): Promise<void> {
  const isFile = lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true
  if (!isFile) await rm(file, { recursive: true, force: true })
}

async function firstWritable({ root, cacheDir, hostCacheDir }: DerivedFolders): Promise<string> {
  if (await isWritable(cacheDir)) return cacheDir
  const ofHost = hostCacheDir === undefined ? undefined : path.join(hostCacheDir, 'gemini-image')
  if (ofHost !== undefined && (await isWritable(ofHost))) return ofHost
  const temporary = await makePrivateTemporary(root)
  return temporary !== undefined && (await isWritable(temporary)) ? temporary : cacheDir
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
