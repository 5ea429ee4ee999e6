import { readFileSync, type BigIntStats } from 'node:fs'
import { z } from 'zod'
import { writeWhole } from './write.ts'

/**
 * Which files were found to have which SHA-256, and what the file system said of them then: what
 * git's index is to a work tree. It lies in the derived cache of one machine and is never committed.
 */
export interface VerifiedIndex {
  /** The SHA-256 that the file was found to have, if nothing has touched it since. */
  find(file: string, stats: BigIntStats): string | undefined
  /** Notes a SHA-256 that was just computed. */
  note(file: string, stats: BigIntStats, object: string): void
  /** Writes what is new, if anything is. A failure to write costs time, not safety: it is ignored. */
  save(): Promise<void>
}

const schema = z.record(z.string(), z.tuple([z.string(), z.string()]))

/**
 * A file that changed this recently, in nanoseconds, may change again without its time changing:
 * file systems count time in steps of up to two seconds (FAT). It is not noted, and so is hashed
 * again next time.
 */
const TOO_RECENT = 2_000_000_000n

/** Opens the index in `file`; it need not exist, and an unreadable one is as good as none. */
export function openVerifiedIndex(file: string): VerifiedIndex {
  let known: Map<string, [stamp: string, object: string]> | undefined
  let isNew = false
  const load = (): Map<string, [stamp: string, object: string]> => {
    known ??= new Map(Object.entries(read(file)))
    return known
  }
  return {
    find: (path, stats) => {
      const [stamp, object] = load().get(path) ?? []
      return stamp === stampOf(stats) ? object : undefined
    },
    note: (path, stats, object) => {
      if (BigInt(Date.now()) * 1_000_000n - stats.ctimeNs < TOO_RECENT) return
      load().set(path, [stampOf(stats), object])
      isNew = true
    },
    save: async () => {
      if (!isNew) return
      isNew = false
      const text = JSON.stringify(Object.fromEntries(load()))
      await writeWhole(file, text).catch(() => undefined)
    },
  }
}

/**
 * Any write to a file changes its ctime, and no program can set a ctime. A file that was restored,
 * copied or checked out has another inode or ctime, and so is hashed.
 */
function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

function read(file: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
