// oxlint-disable-next-line no-restricted-imports -- compares the stamps of thousands of files, and opens none.
import { statSync } from 'node:fs'
import path from 'node:path'
import type { DeclarationId } from '../../declare/declaration.ts'
import { readFixedFile } from '../../kernel/files/fixed-file.ts'
import type { HostOptions } from '../open-host.ts'
import type { Sheet } from '../../declare/sheets.ts'
import type { Prepared } from '../prepared.ts'
import type { BareImage } from '../../pictures/resolved-image.ts'
import type { StoredObject } from '../../pin/lock-entry.ts'
import { isTooRecent, stampOf } from '../../kernel/files/stamp.ts'

/**
 * A file or folder, absolute, what the file system said of it, and what it says itself, as a digest: where that is the
 * same, it does not matter that the file was touched. None where any change matters.
 */
export type Stamped = readonly [file: string, stamp: string, check?: string]

/**
 * What a build found where everything was pinned, and all that it was found from. The next build finds the same for as
 * long as the file system says the same of these files, which takes a tenth of the time of reading them; or they do.
 */
export interface BuildIndex {
  /** As `indexKey` gives it. */
  readonly key: string
  /** When the first of the pictures gets stale, in milliseconds since 1970; `null` where none does. */
  readonly until: number | null
  readonly options: Omit<HostOptions, 'logger' | 'forms' | 'configInputs'>
  readonly inputs: Prepared['inputs']
  readonly importers: Prepared['importers']
  readonly sheets?: readonly (readonly [DeclarationId, Sheet])[]
  /** Every folder that may declare something, every file that was read, lockfile and store. */
  readonly stamps: readonly Stamped[]
  /** Everything that the source asks for. */
  readonly pictures: readonly (readonly [DeclarationId, IndexedPicture])[]
  /** ThumbHash → placeholder, of those that a page shows. */
  readonly placeholders: readonly (readonly [thumbhash: string, uri: string])[]
}

/** A pinned picture. */
export interface IndexedPicture {
  readonly image: BareImage
  readonly objects: readonly IndexedObject[]
}

/** An object that was held against its SHA-256. */
export interface IndexedObject extends StoredObject {
  /** Absolute path. */
  readonly path: string
  readonly stamp: string
}

/** Bytes: an index of ten thousand pictures has a tenth of it. */
const MOST_BYTES = 100_000_000

/** Where an index is kept: one file for each way to build. */
export function indexFile(cacheDir: string, key: string): string {
  return path.join(cacheDir, 'index', `${shorten(key)}.json`)
}

/** The index for a key; what cannot be read is as good as none. */
export function readIndex(cacheDir: string, key: string): BuildIndex | undefined {
  try {
    const text = readFixedFile(indexFile(cacheDir, key), MOST_BYTES)
    const index = JSON.parse(text ?? '') as BuildIndex
    return index.key === key ? index : undefined
  } catch {
    return undefined
  }
}

/** What was touched since. The objects themselves are looked at when they are used. */
export function touchedSince({ stamps }: BuildIndex): readonly Stamped[] {
  return stamps.filter(([file, stamp]) => !isUntouched(file, stamp))
}

/** Whether a picture is stale by now. */
export function isStale({ until }: BuildIndex): boolean {
  return until !== null && Date.now() >= until
}

/** Whether the file system says of a file or folder what it said then. */
export function isUntouched(file: string, stamp: string): boolean {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats !== undefined && stampOf(stats) === stamp
}

/**
 * What the file system says of what was left alone since shortly before a moment.
 * @param moment Milliseconds since 1970.
 * @throws {RangeError} where it was touched since. What the file system throws where it is gone.
 */
export function stampBefore(file: string, moment: number): string {
  const stats = statSync(file, { bigint: true })
  if (isTooRecent(stats, moment)) throw new RangeError(file)
  return stampOf(stats)
}

/**
 * A name for a key, by the hash function FNV-1a; two keys of one name only forget each other. Loading
 * `node:crypto` takes longer than all else that an index takes.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
function shorten(key: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
