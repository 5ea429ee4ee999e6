import path from 'node:path'
import { startOf } from '../kernel/place.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import { stampOf } from '../kernel/files/stamp.ts'
import type { LockEntry } from './lock-entry.ts'
import { isPinnedText, type PinnedResult, type PinnedText } from './pinned-text.ts'
import {
  formatLockfile,
  parseLockfile,
  type ParsedLockfile,
  type RemotePin,
} from './lockfile-text.ts'

interface Additions {
  readonly results: Map<string, PinnedResult>
  readonly remotes: Map<string, RemotePin>
}

function noAdditions(): Additions {
  return { results: new Map(), remotes: new Map() }
}

/** All that a lockfile holds, while it is changed. */
interface Content {
  readonly entries: Map<string, LockEntry>
  readonly texts: Map<string, PinnedText>
  readonly remotes: Map<string, RemotePin>
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
   * Adds a picture or a text and resolves once it is on disk. Calls made while a write is under way are
   * written together by the next one. Call it only under the project lock.
   * @throws {GeminiImageError} `WRITE_FAILED` or `CORRUPT_LOCKFILE`.
   */
  add(fingerprint: string, result: PinnedResult): Promise<void>
  /** Pins the address of a reference image, in the same way. */
  pin(url: string, pin: RemotePin): Promise<void>
  /**
   * Takes pictures, texts and addresses out, and resolves once that is on disk. Call it only under the
   * project lock, and while nothing is added.
   */
  remove(fingerprints: readonly string[], urls: readonly string[]): Promise<void>
  /** Writes it anew, without the conflict markers that were in it. Only under the project lock. */
  repair(): Promise<void>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/** Opens a lockfile; it need not exist. */
export function openLockfile(root: string, file: string): Lockfile {
  return new LockfileOnDisk(root, file)
}

class LockfileOnDisk implements Lockfile {
  readonly file: string
  readonly #files: ProjectFiles
  #cache: { readonly stamp: string | undefined; readonly parsed: ParsedLockfile } | undefined
  #pending: Additions = noAdditions()
  #next: Promise<void> | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(root: string, file: string) {
    this.#files = openFiles(root)
    this.file = file
  }

  async read(): Promise<ParsedLockfile> {
    const stamp = this.#stamp()
    if (this.#cache && this.#cache.stamp === stamp) return this.#cache.parsed
    const text = this.#files.readText('lockfile', this.file) ?? ''
    const parsed = parseLockfile(text, startOf(this.#files.root, this.file))
    this.#cache = { stamp, parsed }
    return parsed
  }

  add(fingerprint: string, result: PinnedResult): Promise<void> {
    this.#pending.results.set(fingerprint, result)
    return this.#flushSoon()
  }

  pin(url: string, remote: RemotePin): Promise<void> {
    this.#pending.remotes.set(url, remote)
    return this.#flushSoon()
  }

  async remove(fingerprints: readonly string[], urls: readonly string[]): Promise<void> {
    await this.#change(({ entries, texts, remotes }) => {
      for (const fingerprint of fingerprints) {
        entries.delete(fingerprint)
        texts.delete(fingerprint)
      }
      for (const url of urls) remotes.delete(url)
    })
  }

  async repair(): Promise<void> {
    if ((await this.read()).hasConflicts) await this.#change(() => undefined)
  }

  sweep(): Promise<void> {
    const name = path.basename(this.file)
    return this.#files.sweep('lockfile', path.dirname(this.file), (other) => other === name)
  }

  #flushSoon(): Promise<void> {
    if (!this.#next) {
      this.#next = this.#writing.then(() => this.#flush())
      this.#writing = this.#next.catch(() => undefined)
    }
    return this.#next
  }

  async #flush(): Promise<void> {
    const added = this.#pending
    this.#pending = noAdditions()
    this.#next = undefined
    await this.#write(({ entries, texts, remotes }) => {
      for (const [fingerprint, result] of added.results) {
        if (isPinnedText(result)) texts.set(fingerprint, result)
        else entries.set(fingerprint, result)
      }
      for (const [url, pin] of added.remotes) remotes.set(url, pin)
    })
  }

  async #change(change: (content: Content) => void): Promise<void> {
    const written = this.#writing.then(() => this.#write(change))
    this.#writing = written.catch(() => undefined)
    await written
  }

  /** Reads, changes and writes whole; what other processes have added stays. */
  async #write(change: (content: Content) => void): Promise<void> {
    const { entries, texts, remotes } = await this.read()
    const content: Content = {
      entries: new Map(entries),
      texts: new Map(texts),
      remotes: new Map(remotes),
    }
    change(content)
    const text = formatLockfile(content.entries, content.remotes, content.texts)
    await this.#files.write('lockfile', this.file, text)
    this.#cache = { stamp: this.#stamp(), parsed: { ...content, hasConflicts: false } }
  }

  /** Changes whenever the file does: an atomic write always makes a new inode. */
  #stamp(): string | undefined {
    const found = this.#files.locate('lockfile', this.file)
    return found && stampOf(found.stats)
  }
}
