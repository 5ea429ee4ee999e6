import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { GeminiImageError } from '../errors/error.ts'
import type { LockEntry } from '../lock/lock-entry.ts'
import { sha256 } from './hash.ts'
import { ignoreMissing, sweepLeftovers, writeWhole } from './write.ts'

/** How an object stands on disk. */
export type ObjectState = 'sound' | 'lost'

/** The folder of pictures, addressed by content. */
export interface ObjectStore {
  readonly dir: string
  /** Absolute path of an entry's object, whether it exists or not. */
  pathOf(entry: LockEntry): string
  /**
   * Reads the object and holds it against its SHA-256. An object that has not been touched since
   * it was last found sound is not read again.
   * @throws {GeminiImageError} `CORRUPT_OBJECT` where the bytes are not those that were pinned.
   */
  verify(entry: LockEntry): Promise<ObjectState>
  /** Stores bytes under a readable name, and gives that name. @throws `WRITE_FAILED`. */
  put(bytes: Uint8Array, name: string, extension: string): Promise<StoredObject>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/** What {@link ObjectStore.put} stored. */
export interface StoredObject {
  /** Its name in the store. */
  readonly file: string
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
}

/** Opens the store in `dir`; it need not exist. */
export function openObjectStore(dir: string): ObjectStore {
  const sound = new Map<string, string>()

  const verify = async (entry: LockEntry): Promise<ObjectState> => {
    const file = path.join(dir, entry.file)
    const found = await stat(file).catch(ignoreMissing)
    if (!found) return 'lost'
    const stamp = `${entry.object} ${found.mtimeMs} ${found.size} ${found.ino}`
    if (sound.get(file) === stamp) return 'sound'
    const actual = sha256(await readFile(file))
    if (actual !== entry.object) throw corrupt(file, entry, actual)
    sound.set(file, stamp)
    return 'sound'
  }

  const put = async (bytes: Uint8Array, name: string, extension: string): Promise<StoredObject> => {
    const object = sha256(bytes)
    const file = `${name}.${object.slice(0, 12)}.${extension}`
    await writeWhole(path.join(dir, file), bytes)
    return { file, object }
  }

  const sweep = (): Promise<void> => sweepLeftovers(dir, (name) => /\.(?:jpg|png|webp)$/.test(name))

  return { dir, pathOf: (entry) => path.join(dir, entry.file), verify, put, sweep }
}

function corrupt(file: string, entry: LockEntry, actual: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${file} is not the picture that the lockfile pins.`,
    why: `Its SHA-256 is ${actual.slice(0, 12)}…; gemini-image.lock says ${entry.object.slice(0, 12)}…. It was not used.`,
    fix: `restore the file from version control (git checkout -- "${file}"); or delete it, and a build in "auto" mode generates and pays for a new one.`,
  })
}
