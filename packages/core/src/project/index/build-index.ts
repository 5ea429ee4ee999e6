// oxlint-disable-next-line no-restricted-imports -- compares the stamps of thousands of files, and opens none.
import { statSync } from 'node:fs'
import path from 'node:path'
import type { DeclarationId } from '../../declare/declaration-id.ts'
import { readFixedFile } from '../../kernel/files/fixed-file.ts'
import type { HostOptions } from '../open-host.ts'
import type { Prepared } from '../prepared.ts'
import type { BareImage } from '../../pictures/resolved-image.ts'
import type { StoredObject } from '../../pin/object-store.ts'
import { stampOf } from '../../kernel/files/stamp.ts'

/** A file or folder, absolute, and what the file system said of it. */
export type Stamped = readonly [file: string, stamp: string]

/**
 * What a build found where everything was pinned, and all that it was found from. The next build finds the same for as
 * long as the file system says the same of these files, which takes a tenth of the time of reading them.
 */
export interface Memory {
  /** As `memoryKey` gives it. */
  readonly key: string
  /** When the first of the pictures gets stale, in milliseconds since 1970; `null` where none does. */
  readonly until: number | null
  readonly options: Omit<HostOptions, 'logger'>
  readonly inputs: Prepared['inputs']
  readonly importers: Prepared['importers']
  /** Every folder that may declare something, every file that was read, lockfile and store. */
  readonly stamps: readonly Stamped[]
  /** Everything that the source asks for. */
  readonly pictures: readonly (readonly [DeclarationId, RememberedPicture])[]
  /** ThumbHash → placeholder, of those that a page shows. */
  readonly placeholders: readonly (readonly [thumbhash: string, uri: string])[]
}

/** A pinned picture. */
export interface RememberedPicture {
  readonly image: BareImage
  readonly objects: readonly RememberedObject[]
}

/** An object that was held against its SHA-256. */
export interface RememberedObject extends StoredObject {
  /** Absolute path. */
  readonly path: string
  readonly stamp: string
}

/** Bytes: a memory of ten thousand pictures has a tenth of it. */
const MOST = 100_000_000

/** Where a memory is kept: one file for each way to build. */
export function memoryFile(cacheDir: string, key: string): string {
  return path.join(cacheDir, 'memory', `${shorten(key)}.json`)
}

/** The memory for a key; what cannot be read is as good as none. */
export function readMemory(cacheDir: string, key: string): Memory | undefined {
  try {
    const text = readFixedFile(memoryFile(cacheDir, key), MOST)
    const memory = JSON.parse(text ?? '') as Memory
    return memory.key === key ? memory : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether nothing has happened since that could change what was found. The objects themselves are looked at when they
 * were used.
 */
export function isCurrent({ until, stamps }: Memory): boolean {
  if (until !== null && Date.now() >= until) return false
  return stamps.every(([file, stamp]) => isUntouched(file, stamp))
}

/** Whether the file system says of a file or folder what it said then. */
export function isUntouched(file: string, stamp: string): boolean {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats !== undefined && stampOf(stats) === stamp
}

/**
 * A name for a key, by the hash function FNV-1a; two keys of one name only forget each other. Loading
 * `node:crypto` takes longer than all else that a memory takes.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
function shorten(key: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
