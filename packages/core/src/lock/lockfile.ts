import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { startOf } from '../declaration/place.ts'
import { sweepLeftovers, writeWhole } from '../store/write.ts'
import type { LockEntry } from './lock-entry.ts'
import {
  formatLockfile,
  parseLockfile,
  type LockEntries,
  type ParsedLockfile,
} from './lockfile-text.ts'

/** The lockfile on disk. */
export interface Lockfile {
  readonly file: string
  /**
   * The entries as they stand on disk now. Reads again only when the file changed.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  read(): Promise<ParsedLockfile>
  /**
   * Adds an entry and resolves once it is on disk. Calls made while a write is under way are
   * written together by the next one. Call it only under the project lock.
   * @throws {GeminiImageError} `WRITE_FAILED` or `CORRUPT_LOCKFILE`.
   */
  add(fingerprint: string, entry: LockEntry): Promise<void>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/** Opens a lockfile; it need not exist. */
export function openLockfile(root: string, file: string): Lockfile {
  let cache: { readonly stamp: string; readonly parsed: ParsedLockfile } | undefined
  let pending = new Map<string, LockEntry>()
  let next: Promise<void> | undefined
  let writing: Promise<void> = Promise.resolve()

  const read = async (): Promise<ParsedLockfile> => {
    const stamp = await stampOf(file)
    if (cache?.stamp === stamp) return cache.parsed
    const text = stamp === ABSENT ? '' : await readFile(file, 'utf8')
    const parsed = parseLockfile(text, startOf(root, file))
    cache = { stamp, parsed }
    return parsed
  }

  const flush = async (): Promise<void> => {
    const added = pending
    pending = new Map()
    next = undefined
    const { entries } = await read()
    const merged: LockEntries = new Map([...entries, ...added])
    await writeWhole(file, formatLockfile(merged))
    cache = { stamp: await stampOf(file), parsed: { entries: merged, healed: false } }
  }

  const add = (fingerprint: string, entry: LockEntry): Promise<void> => {
    pending.set(fingerprint, entry)
    if (!next) {
      next = writing.then(flush)
      writing = next.catch(() => undefined)
    }
    return next
  }

  const sweep = (): Promise<void> =>
    sweepLeftovers(path.dirname(file), (name) => name === path.basename(file))

  return { file, read, add, sweep }
}

const ABSENT = 'absent'

/** Changes whenever the file does: an atomic write always makes a new inode. */
async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ABSENT
    throw error
  }
}
