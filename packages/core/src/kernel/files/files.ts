import { isUtf8 } from 'node:buffer'
// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  stat,
  statSync,
} from 'node:fs'
// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { isGeminiImageError } from '../errors/error.ts'
import { LEFTOVER, makeFolder, writeFailed, writeWhole } from './write.ts'
import * as faults from './faults.ts'
import { isBelow, RealFolders, workspaceOf } from './folders.ts'
import { FILE_KINDS, type FileKindName } from './kinds.ts'
import { Privacy } from './privacy.ts'
import type { FileStats } from './stamp.ts'

/** A regular file that may be read. */
interface LocatedFile {
  /** Its real path: absolute, links resolved. */
  readonly path: string
  readonly stats: FileStats
}

export interface FolderEntry {
  readonly name: string
  isFile(): boolean
  isDirectory(): boolean
}

/**
 * The gate to files whose names come from data. Every file has a kind, and the kind its rules ({@link FILE_KINDS}).
 * Paths are absolute. A file that isn't there is `undefined`; one that may not be read is an error with the
 * code of its kind, without a place unless the file itself is to blame.
 *
 * A gate keeps what it finds out about folders: open one for each look at the project.
 */
export interface ProjectFiles {
  /** The folder that nothing leads out of, as it was given. */
  readonly root: string
  /** How a glob follows links: to no folder out of the root, nor to one that it comes from. For fast-glob's option `fs`. */
  readonly search: SearchThrough
  /** A file's text, without a byte order mark. Synchronous: thousands of small files are read several times faster. */
  readText(kind: FileKindName, file: string): string | undefined
  /**
   * Reads files that a search has found, one after another: as {@link readText}, but that a file which may not
   * be read is `undefined`. Files of one folder in a row cost nothing but being read.
   */
  reader(kind: FileKindName): (file: string) => string | undefined
  readBytes(kind: FileKindName, file: string): Promise<Uint8Array | undefined>
  /** Where a file really is, and what the file system says of it; it is not opened. */
  locate(kind: FileKindName, file: string): LocatedFile | undefined
  /** The entries of a folder; none where there is no folder. */
  list(kind: FileKindName, folder: string): Promise<readonly FolderEntry[]>
  /** Makes sure that a path leads to no place where files of this kind may not be. */
  assertReachable(kind: FileKindName, file: string): void
  /** Makes sure that a text that was read may become text for a model. */
  assertForModels(kind: FileKindName, file: string, text: string): void
  /**
   * Writes a file whole or not at all. Of a link inside the root, the target is written.
   * @throws {GeminiImageError} `WRITE_FAILED`, or that the path leads outside.
   */
  write(kind: FileKindName, file: string, content: string | Uint8Array): Promise<void>
  /** Makes a folder and those above it. @throws as {@link write}. */
  makeFolder(kind: FileKindName, folder: string): Promise<void>
  /**
   * Changes a text, and keeps its byte order mark.
   * @param change Gives the new text, or `undefined` to leave the file alone.
   * @returns Whether it was written.
   */
  edit(
    kind: FileKindName,
    file: string,
    change: (text: string) => string | undefined,
  ): Promise<boolean>
  /** Deletes a file, or a folder with all that it holds; of a link, the link. */
  remove(kind: FileKindName, file: string): Promise<void>
  /**
   * Deletes the temporary files that killed processes left in a folder. Call it only while no other
   * process writes there.
   * @param isOurs Whether a name, without the temporary ending, is one that we write.
   */
  sweep(kind: FileKindName, folder: string, isOurs: (name: string) => boolean): Promise<void>
}

/** Opens the gate to the files below a folder. Nothing is looked at yet. */
export function openFiles(root: string): ProjectFiles {
  return new Gate(root)
}

/** Whether opening a file follows a link in the last place, whatever is asked for: on Windows. */
const FOLLOWS = constants.O_NOFOLLOW === undefined
/** No link in the last place is followed, and no pipe waited for. */
const OPEN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
/** Its type knows flags by name only. */
const AS_TEXT = { encoding: 'utf8', flag: OPEN as unknown as string } as const
/** Nothing is there, and nothing can be. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'])
/** Opening a link, by system. */
const IS_LINK = new Set(['ELOOP', 'EMLINK'])
/** Opening a socket or a folder, by system. */
const IRREGULAR = new Set(['ENXIO', 'EOPNOTSUPP', 'EISDIR'])
/** Pointers of Git LFS are smaller, in bytes. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const MOST_POINTER = 1024
const POINTER = 'version https://git-lfs.github.com/spec/'
const BYTE_ORDER_MARK = '\uFEFF'
/** What is left of bytes that can't be decoded; a text may hold it as well. */
const UNDECODED = '\uFFFD'

/** Node's functions, in types of our own, since theirs need Node.js's types. */
interface SearchThrough {
  stat(link: string, done: (error: Error | null, stats: LinkStats) => void): void
  statSync(link: string): LinkStats
}

type LinkStats = Pick<FolderEntry, 'isDirectory'>

class Gate implements ProjectFiles {
  readonly root: string
  readonly search: ProjectFiles['search']
  readonly #folders: RealFolders
  #privacy: Privacy | undefined
  #workspace: string | undefined
  #buffer: Buffer = Buffer.alloc(0)

  constructor(root: string) {
    this.root = path.resolve(root)
    this.#folders = new RealFolders(this.root)
    // A folder elsewhere is as good as none; files there are refused when they are read.
    const problemOf = (link: string, stats: LinkStats): Error | null =>
      stats.isDirectory() && !this.#leadsOn(path.normalize(link))
        ? new Error('It leads to nothing that is to be searched.')
        : null
    this.search = {
      stat: (link, done) =>
        stat(link, (error, stats) => done(error ?? problemOf(link, stats), stats)),
      statSync: (link) => {
        const stats = statSync(link)
        const problem = problemOf(link, stats)
        if (problem) throw problem
        return stats
      },
    }
  }

  readText(kind: FileKindName, file: string): string | undefined {
    return this.#look(kind, file, (name) => {
      const bytes = this.#readNow(kind, name)
      const text = bytes.toString('utf8')
      if (isPointer(bytes)) throw faults.lfsPointer(this.#one(kind, name))
      const isDoubtful = text.includes(UNDECODED) || text.includes('\0')
      if (isDoubtful && FILE_KINDS[kind].isStrict) this.#assertUtf8(kind, name, bytes)
      return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
    })
  }

  reader(kind: FileKindName): (file: string) => string | undefined {
    let folder = ''
    let isPlain = false
    return (file) => {
      const end = file.lastIndexOf(path.sep)
      if (end !== folder.length || !file.startsWith(folder)) {
        folder = file.slice(0, end)
        isPlain = this.#isPlain(folder)
      }
      try {
        return (isPlain ? this.#readPlain(kind, file) : undefined) ?? this.readText(kind, file)
      } catch {
        return undefined
      }
    }
  }

  async readBytes(kind: FileKindName, file: string): Promise<Uint8Array | undefined> {
    const found = this.locate(kind, file)
    if (!found) return undefined
    const bytes = await readOpened(found.path).catch((error: unknown) => {
      throw faults.denied(this.#one(kind, file), error)
    })
    if (isPointer(bytes)) throw faults.lfsPointer(this.#one(kind, file))
    return bytes
  }

  locate(kind: FileKindName, file: string): LocatedFile | undefined {
    return this.#look(kind, file, (name) => {
      const beside = this.#beside(kind, name)
      const found = lstatSync(beside, { bigint: true })
      const real = found.isSymbolicLink() ? this.#follow(kind, name, beside) : beside
      const stats = real === beside ? found : lstatSync(real, { bigint: true })
      this.#assertOrdinary(kind, name, stats)
      return { path: real, stats }
    })
  }

  async list(kind: FileKindName, folder: string): Promise<readonly FolderEntry[]> {
    const real = this.#look(kind, folder, (name) => this.#resolve(kind, name))
    if (real === undefined) return []
    return readdir(real, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (isMissing(error)) return []
      throw faults.denied(this.#one(kind, folder), error)
    })
  }

  assertReachable(kind: FileKindName, file: string): void {
    this.#look(kind, file, (name) => this.#resolve(kind, name))
  }

  assertForModels(kind: FileKindName, file: string, text: string): void {
    this.#look(kind, file, (name) => {
      if (FILE_KINDS[kind].isForModels) this.#assertPublic(kind, name, this.#resolve(kind, name))
      if (text.includes(UNDECODED)) this.#assertUtf8(kind, name, this.#readNow(kind, name))
    })
  }

  async write(kind: FileKindName, file: string, content: string | Uint8Array): Promise<void> {
    await writeWhole(await this.#target(kind, path.resolve(file)), content)
  }

  async makeFolder(kind: FileKindName, folder: string): Promise<void> {
    await makeFolder(await this.#target(kind, path.resolve(folder)))
  }

  async edit(
    kind: FileKindName,
    file: string,
    change: (text: string) => string | undefined,
  ): Promise<boolean> {
    const text = this.readText(kind, file)
    const changed = text === undefined ? undefined : change(text)
    if (changed === undefined) return false
    const bytes = await this.readBytes(kind, file)
    const mark =
      bytes && Buffer.from(bytes.subarray(0, 3)).toString('utf8') === BYTE_ORDER_MARK
        ? BYTE_ORDER_MARK
        : ''
    await this.write(kind, file, mark + changed)
    return true
  }

  async remove(kind: FileKindName, file: string): Promise<void> {
    const name = path.resolve(file)
    // Looked at anew, as where something is written.
    const fresh = new Gate(this.root)
    const folder = fresh.#look(kind, path.dirname(name), (one) => fresh.#resolve(kind, one))
    if (folder === undefined) return
    const target = path.join(folder, path.basename(name))
    await rm(target, { recursive: true, force: true }).catch((error: unknown) => {
      throw writeFailed(name, error)
    })
  }

  async sweep(
    kind: FileKindName,
    folder: string,
    isOurs: (name: string) => boolean,
  ): Promise<void> {
    const names = (await this.list(kind, folder)).map(({ name }) => name)
    const leftovers = names.filter((name) => isOurs(LEFTOVER.exec(name)?.[1] ?? ''))
    await Promise.all(leftovers.map((name) => this.remove(kind, path.join(folder, name))))
  }

  /** Whether a link to a folder leads to one of the project, in which it does not lie itself. */
  #leadsOn(link: string): boolean {
    try {
      const target = this.#folders.of(link)
      let above = path.dirname(link)
      let leadsOn = target.isInside
      while (leadsOn && above !== this.root) {
        leadsOn = !this.#isIn(target.path, above)
        above = path.dirname(above)
      }
      return leadsOn && target.path !== this.#folders.realRoot
    } catch {
      // It is gone by now.
      return false
    }
  }

  /** Whether a folder, links resolved, is another or lies in it. */
  #isIn(outer: string, folder: string): boolean {
    const real = this.#folders.of(folder).path
    return real === outer || isBelow(outer, real)
  }

  /** Runs what looks at a file; whatever the file system throws is told as an error of the kind. */
  #look<Value>(kind: FileKindName, file: string, look: (name: string) => Value): Value | undefined {
    const name = normalize(file)
    try {
      return look(name)
    } catch (error) {
      if (isGeminiImageError(error)) throw error
      if (isMissing(error)) return undefined
      const { code = '' } = error as NodeJS.ErrnoException
      const one = this.#one(kind, name)
      throw IRREGULAR.has(code)
        ? faults.irregular(one, code === 'EISDIR')
        : faults.denied(one, error)
    }
  }

  /** Whether files in a folder may be opened as they are named: neither they nor a folder on the way are followed. */
  #isPlain(folder: string): boolean {
    if (FOLLOWS) return false
    try {
      return (
        this.#folders.of(folder).path === this.#folders.realRoot + folder.slice(this.root.length)
      )
    } catch {
      return false
    }
  }

  /** The text of a file that is no link; `undefined` where there is anything to be said of it. */
  #readPlain(kind: FileKindName, file: string): string | undefined {
    const { isForModels, isStrict, most } = FILE_KINDS[kind]
    if (isForModels && isStrict) {
      this.#privacy ??= new Privacy(this.#folders.realRoot)
      if (this.#privacy.of(this.#folders.realRoot + file.slice(this.root.length))) return undefined
    }
    // Whole in one call of the system's library, where it is as fast as reading can be.
    const text = readFileSync(file, AS_TEXT)
    const isOdd =
      text === '' ||
      text.length > most ||
      text.startsWith(BYTE_ORDER_MARK) ||
      text.startsWith(POINTER) ||
      (isStrict && (text.includes(UNDECODED) || text.includes('\0')))
    return isOdd ? undefined : text
  }

  /** Its bytes, in a buffer that the next reading writes over. */
  #readNow(kind: FileKindName, name: string): Buffer {
    const descriptor = this.#open(kind, name)
    try {
      const stats = fstatSync(descriptor)
      this.#assertOrdinary(kind, name, stats)
      if (this.#buffer.length < stats.size) this.#buffer = Buffer.allocUnsafeSlow(stats.size * 2)
      const length = readSync(descriptor, this.#buffer, 0, stats.size, 0)
      return this.#buffer.subarray(0, length)
    } finally {
      closeSync(descriptor)
    }
  }

  /** Opens a file; nearly none is a link, which is found out by trying. */
  #open(kind: FileKindName, name: string): number {
    const { isForModels, isStrict } = FILE_KINDS[kind]
    const real = this.#beside(kind, name)
    // What need not be UTF-8 is text for a model only where it declares something.
    if (isForModels && isStrict) this.#assertPublic(kind, name, real)
    try {
      if (!(FOLLOWS && lstatSync(real).isSymbolicLink())) return openSync(real, OPEN)
    } catch (error) {
      if (!IS_LINK.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
    const target = this.#follow(kind, name, real)
    if (isForModels && isStrict) this.#assertPublic(kind, name, target)
    return openSync(target, OPEN)
  }

  /** The real path of a file or folder, if it may be there. */
  #resolve(kind: FileKindName, name: string): string {
    const beside = this.#beside(kind, name)
    const isLink = lstatSync(beside, { throwIfNoEntry: false })?.isSymbolicLink()
    return isLink ? this.#follow(kind, name, beside) : beside
  }

  /** Where a name lies, links resolved but for one in the last place. */
  #beside(kind: FileKindName, name: string): string {
    if (name === this.root) return this.#folders.realRoot
    const end = name.lastIndexOf(path.sep)
    const folder = this.#folders.of(name.slice(0, end) || path.parse(name).root)
    const real =
      folder.path + (folder.path.endsWith(path.sep) ? name.slice(end + 1) : name.slice(end))
    if (!folder.isInside) this.#assertWithin(kind, name, real)
    return real
  }

  #follow(kind: FileKindName, name: string, link: string): string {
    const target = realpathSync.native(link)
    this.#assertWithin(kind, name, target)
    return target
  }

  #assertWithin(kind: FileKindName, name: string, real: string): void {
    const { reach } = FILE_KINDS[kind]
    if (this.#folders.isInside(real)) return
    if (reach === 'workspace' && this.#isResolvedByHost(name)) {
      this.#workspace ??= workspaceOf(this.#folders.realRoot)
      if (isBelow(this.#workspace, real)) return
    }
    throw faults.outside(this.#one(kind, name), isBelow(this.root, name))
  }

  /** Whether a bundler has put the path together: that of another package of the workspace. */
  #isResolvedByHost(name: string): boolean {
    if (!isBelow(this.root, name)) return true
    return name.slice(this.root.length).includes(`${path.sep}node_modules${path.sep}`)
  }

  #assertPublic(kind: FileKindName, name: string, real: string): void {
    this.#privacy ??= new Privacy(this.#folders.realRoot)
    const secrecy = this.#privacy.of(real)
    if (secrecy) throw faults.isPrivate(this.#one(kind, name), secrecy)
  }

  #assertOrdinary(
    kind: FileKindName,
    name: string,
    stats: { readonly size: number | bigint; isFile(): boolean; isDirectory(): boolean },
  ): void {
    if (!stats.isFile()) throw faults.irregular(this.#one(kind, name), stats.isDirectory())
    if (stats.size > FILE_KINDS[kind].most) {
      throw faults.tooLarge(this.#one(kind, name), Number(stats.size))
    }
  }

  #assertUtf8(kind: FileKindName, name: string, bytes: Buffer): void {
    if (isUtf8(bytes) && !bytes.includes(0)) return
    throw faults.notUtf8(this.#one(kind, name), bytes)
  }

  /** Where a file is to be written: looked at anew, and whatever is missing of its path is made later. */
  async #target(kind: FileKindName, name: string): Promise<string> {
    await makeFolder(this.root)
    const missing: string[] = []
    let there = name
    for (;;) {
      try {
        const target = path.join(realpathSync.native(there), ...missing)
        this.#assertWithin(kind, name, target)
        return target
      } catch (error) {
        if (!isMissing(error)) throw isGeminiImageError(error) ? error : writeFailed(name, error)
        missing.unshift(path.basename(there))
        there = path.dirname(there)
      }
    }
  }

  #one(kind: FileKindName, file: string): faults.RefusedFile {
    return { kind, file, root: this.root }
  }
}

/** A path without dots in it; that of a scan has none. */
function normalize(file: string): string {
  const isPlain =
    path.sep === '/' && file.startsWith('/') && !file.includes('/.') && !file.includes('//')
  return isPlain && !file.endsWith('/') ? file : path.resolve(file)
}

async function readOpened(file: string): Promise<Buffer> {
  const handle = await open(file, OPEN)
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

function isPointer(bytes: Buffer): boolean {
  return bytes.length < MOST_POINTER && bytes.toString('latin1', 0, POINTER.length) === POINTER
}

function isMissing(error: unknown): boolean {
  return MISSING.has((error as NodeJS.ErrnoException).code ?? '')
}
