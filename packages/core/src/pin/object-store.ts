import path from 'node:path'
import { z } from 'zod'
import type { StoredObject } from './lock-entry.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import { FileHasher, sha256 } from '../kernel/hash.ts'
import { openFileIndex } from '../kernel/files/file-index.ts'
import { writeFailed } from '../kernel/files/write.ts'

export type ObjectState = 'sound' | 'lost'

/** The folder of pictures, addressed by content. */
export interface ObjectStore {
  readonly dir: string
  /** The names of all objects, in one look at the folder; whether they are sound is not checked. */
  names(): Promise<ReadonlySet<string>>
  /**
   * Holds the object against its SHA-256. One that nothing has touched since this machine last read
   * and hashed it is known to be sound.
   * @param how `anew` hashes also what is known to be sound. @default 'once'
   * @throws {GeminiImageError} `CORRUPT_OBJECT` where the bytes are not those that were pinned.
   */
  verify(image: StoredObject, how?: 'once' | 'anew'): Promise<ObjectState>
  /** Its bytes. @throws {GeminiImageError} `CORRUPT_OBJECT`, also where it is lost. */
  read(image: StoredObject): Promise<Uint8Array>
  /** Its size in bytes; 0 where it is lost. */
  sizeOf(file: string): number
  /** Whether an object of this name is there; whether it is sound is not checked. */
  has(file: string): boolean
  /** Stores bytes under a readable name, and gives that name. @throws `WRITE_FAILED`. */
  put(bytes: Uint8Array, name: string, extension: string): Promise<StoredObject>
  /**
   * Writes an object back under its own name.
   * @throws {GeminiImageError} `CORRUPT_OBJECT` where the bytes are not those that were pinned, and
   *   `WRITE_FAILED`; nothing is written then.
   */
  restore(image: StoredObject, bytes: Uint8Array): Promise<void>
  /** Remembers on this machine which objects are sound. */
  save(): Promise<void>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/**
 * Opens the store in `dir`; it need not exist.
 * @param indexFile Where this machine remembers which objects it has checked.
 * @param isCommitted Whether git is to keep it; it is told when something is stored.
 */
export function openObjectStore(
  dir: string,
  indexFile: string,
  isCommitted: boolean = true,
): ObjectStore {
  // The folder itself may be no link out of the project that it lies in.
  const files = openFiles(path.dirname(dir))
  const hasher = new FileHasher()
  const index = openFileIndex(indexFile, z.string())
  const prepare = onceDone(() => prepareGitignore(dir, isCommitted, files))
  const checking = new Map<string, Promise<ObjectState>>()

  const check = async (entry: StoredObject, how: 'once' | 'anew'): Promise<ObjectState> => {
    const file = path.join(dir, entry.file)
    const found = files.locate('object', file)
    if (!found) return 'lost'
    const noted = how === 'anew' ? undefined : index.find(entry.file, found.stats)
    const actual = noted ?? (await hasher.hash(found.path))
    // What is no picture at all says why, where that is known.
    if (actual !== entry.object) await files.readBytes('object', file)
    if (actual !== entry.object) throw corrupt(file, entry, actual)
    if (noted === undefined) index.note(entry.file, found.stats, actual)
    return 'sound'
  }

  const verify = (entry: StoredObject, how: 'once' | 'anew' = 'once'): Promise<ObjectState> => {
    const key = `${entry.file} ${entry.object} ${how}`
    const started = checking.get(key) ?? check(entry, how).finally(() => checking.delete(key))
    checking.set(key, started)
    return started
  }

  const sizeOf = (file: string): number =>
    Number(files.locate('object', path.join(dir, file))?.stats.size ?? 0)

  const has = (file: string): boolean => files.locate('object', path.join(dir, file)) !== undefined

  const read = async (image: StoredObject): Promise<Uint8Array> => {
    const file = path.join(dir, image.file)
    const bytes = await files.readBytes('object', file)
    const actual = bytes ? sha256(bytes) : 'none: it is not there'
    if (!bytes || actual !== image.object) throw corrupt(file, image, actual)
    return bytes
  }

  const names = async (): Promise<ReadonlySet<string>> =>
    new Set((await files.list('object', dir)).map(({ name }) => name))

  const write = async (file: string, bytes: Uint8Array): Promise<void> => {
    await prepare()
    await files.write('object', path.join(dir, file), bytes)
  }

  const put = async (bytes: Uint8Array, name: string, extension: string): Promise<StoredObject> => {
    const object = sha256(bytes)
    const file = `${name}.${object.slice(0, 12)}.${extension}`
    await write(file, bytes)
    return { file, object }
  }

  const restore = async (image: StoredObject, bytes: Uint8Array): Promise<void> => {
    const file = path.join(dir, image.file)
    const actual = sha256(bytes)
    if (actual !== image.object) throw corrupt(file, image, actual)
    await write(image.file, bytes)
  }

  const sweep = (): Promise<void> =>
    files.sweep('object', dir, (name) => /\.(?:jpg|png|webp)$/.test(name))

  return { dir, names, has, sizeOf, verify, read, put, restore, sweep, save: index.save }
}

/** Does work once; what failed is tried again by whoever asks next. */
function onceDone(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    })
    return done
  }
}

function corrupt(file: string, entry: StoredObject, actual: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${file} is not the picture that the lockfile pins.`,
    why: `Its SHA-256 is ${actual.slice(0, 12)}…; gemini-image.lock says ${entry.object.slice(0, 12)}…. It was not used.`,
    fix: `restore the file from version control (git checkout -- "${file}"); or delete it, and a build in "auto" mode generates and pays for a new one.`,
  })
}

/** It ignores itself as well, so that nothing of the folder shows up in git. */
const IGNORE_ALL =
  '# These pictures are shared by other means: see "store" in the options of gemini-image.\n*\n'

/**
 * Tells git whether to keep a store, by a file in the store itself; one that a person wrote is left
 * alone.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
async function prepareGitignore(
  dir: string,
  isCommitted: boolean,
  files: ProjectFiles,
): Promise<void> {
  const file = path.join(dir, '.gitignore')
  const text = readText(file, files)
  if (isCommitted && text === IGNORE_ALL) await files.remove('cache', file)
  if (!isCommitted && text === undefined) await files.write('cache', file, IGNORE_ALL)
}

function readText(file: string, files: ProjectFiles): string | undefined {
  try {
    return files.readText('cache', file)
  } catch (error) {
    throw writeFailed(file, error)
  }
}
