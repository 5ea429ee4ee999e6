import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { startOf } from '../declaration/place.ts'
import { GeminiImageError } from '../errors/error.ts'
import { sweepLeftovers, writeWhole } from '../store/write.ts'
import type { LockEntry } from './lock-entry.ts'
import { formatLockfile, parseLockfile, type ParsedLockfile } from './lockfile-text.ts'
import type { RemotePin } from './remote-pin.ts'

/** What the next write adds. */
interface Additions {
  readonly entries: Map<string, LockEntry>
  readonly remotes: Map<string, RemotePin>
}

function noAdditions(): Additions {
  return { entries: new Map(), remotes: new Map() }
}

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
  /** Pins the address of a reference image, in the same way. */
  pin(url: string, pin: RemotePin): Promise<void>
  /**
   * Takes entries and addresses out, and resolves once that is on disk. Call it only under the
   * project lock, and while nothing is added.
   */
  remove(fingerprints: readonly string[], urls: readonly string[]): Promise<void>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/** Opens a lockfile; it need not exist. */
export function openLockfile(root: string, file: string): Lockfile {
  let cache: { readonly stamp: string; readonly parsed: ParsedLockfile } | undefined
  let pending: Additions = noAdditions()
  let next: Promise<void> | undefined
  let writing: Promise<void> = Promise.resolve()

  const read = async (): Promise<ParsedLockfile> => {
    const stamp = await stampOf(file)
    if (cache?.stamp === stamp) return cache.parsed
    const text = stamp === ABSENT ? '' : await readText(root, file)
    const parsed = parseLockfile(text, startOf(root, file))
    cache = { stamp, parsed }
    return parsed
  }

  const flush = async (): Promise<void> => {
    const added = pending
    pending = noAdditions()
    next = undefined
    const { entries, remotes } = await read()
    await write({
      entries: new Map([...entries, ...added.entries]),
      remotes: new Map([...remotes, ...added.remotes]),
    })
  }

  const write = async ({ entries, remotes }: Additions): Promise<void> => {
    await writeWhole(file, formatLockfile(entries, remotes))
    cache = { stamp: await stampOf(file), parsed: { entries, remotes, healed: false } }
  }

  const remove = async (
    fingerprints: readonly string[],
    urls: readonly string[],
  ): Promise<void> => {
    await writing
    const { entries, remotes } = await read()
    const left = { entries: new Map(entries), remotes: new Map(remotes) }
    for (const fingerprint of fingerprints) left.entries.delete(fingerprint)
    for (const url of urls) left.remotes.delete(url)
    await write(left)
  }

  const flushSoon = (): Promise<void> => {
    if (!next) {
      next = writing.then(flush)
      writing = next.catch(() => undefined)
    }
    return next
  }

  const add = (fingerprint: string, entry: LockEntry): Promise<void> => {
    pending.entries.set(fingerprint, entry)
    return flushSoon()
  }

  const pin = (url: string, remote: RemotePin): Promise<void> => {
    pending.remotes.set(url, remote)
    return flushSoon()
  }

  const sweep = (): Promise<void> =>
    sweepLeftovers(path.dirname(file), (name) => name === path.basename(file))

  return { file, read, add, pin, remove, sweep }
}

const ABSENT = 'absent'

async function readText(root: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GeminiImageError({
      code: 'CORRUPT_LOCKFILE',
      what: 'It cannot be read.',
      why: (cause as Error).message,
      fix: 'mend the rights of the file, or restore it from version control.',
      place: startOf(root, file),
      cause,
    })
  }
}

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
