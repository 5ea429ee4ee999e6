import { hash } from 'node:crypto'
import { lstatSync, realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { GeminiImageError, isGeminiImageError, type Project } from '@gemini-image/core'
import { openFiles, type FolderEntry, type ProjectFiles } from '@gemini-image/core/internal'
import { filesOfManifest, isOurs, MANIFEST, MODULE, TYPES } from './module.ts'
import { isFileName } from './names.ts'
import { changedMeanwhile, type EmittedFile } from './pictures.ts'

/** What became of a folder. All are paths in it. */
export interface Written {
  readonly written: readonly string[]
  readonly removed: readonly string[]
  /** Files that are not needed any more, and that somebody has changed since they were written. */
  readonly kept: readonly string[]
}

/** A folder that pictures are written into. Only what an earlier run wrote there is written over or removed. */
export class EmitFolder {
  readonly #path: string
  readonly #gate: ProjectFiles
  /** What an earlier run wrote, with the SHA-256 of its content. */
  readonly #before: ReadonlyMap<string, string>
  readonly #entries = new Map<string, Promise<ReadonlyMap<string, FolderEntry>>>()

  /**
   * Opens a folder, which need not exist.
   * @throws {GeminiImageError} `FILE_OUTSIDE_ROOT`, or `INVALID_ARGUMENT` where nothing may be written there.
   */
  constructor(folder: string, { options }: Pick<Project, 'options'>) {
    this.#path = folder
    this.#gate = openFiles(options.root)
    assertUsable(folder, this.#gate, [options.storeDir, options.cacheDir])
    const foreign = [MODULE, TYPES, MANIFEST].filter((name) => {
      const text = this.#gate.readText('emitted', path.join(folder, name))
      return text !== undefined && !isOurs(text)
    })
    if (foreign.length > 0) throw this.#inTheWay(foreign)
    const manifest = this.#gate.readText('emitted', path.join(folder, MANIFEST)) ?? ''
    const files = [...filesOfManifest(manifest)]
    this.#before = new Map(files.filter(([file]) => isFileName(file)))
  }

  /** @throws {GeminiImageError} `INVALID_ARGUMENT` where a module of ours names pictures that would be removed. */
  assertWithoutModule(): void {
    if (this.#gate.readText('emitted', this.#at(MODULE)) === undefined) return
    throw unusable(this.#path, `${MODULE} is there, with pictures of its own.`)
  }

  /**
   * Writes what is new, leaves alone what is as it should be, and removes what is not needed any more.
   * @param texts By name; the last is written last, when all that it names is there.
   * @throws {GeminiImageError} `INVALID_ARGUMENT` where a file is in the way; nothing was changed then.
   */
  async write(
    pictures: readonly EmittedFile[],
    texts: ReadonlyMap<string, string>,
  ): Promise<Written> {
    const files = new Map(pictures.map((one) => [one.file, one]))
    const due = await this.#due([...files.values()])
    const written: string[] = []
    for (const one of due) {
      await this.#gate.write('emitted', this.#at(one.file), await contentOf(one))
      written.push(one.file)
    }
    const { removed, kept } = await this.#clean(files)
    for (const [name, text] of texts) {
      if (this.#gate.readText('emitted', this.#at(name)) === text) continue
      await this.#gate.write('emitted', this.#at(name), text)
      written.push(name)
    }
    return { written, removed, kept }
  }

  /** The files that are not there as they should be. */
  async #due(files: readonly EmittedFile[]): Promise<readonly EmittedFile[]> {
    const due: EmittedFile[] = []
    const inTheWay: string[] = []
    for (const one of files) {
      const there = await this.#find(one.file)
      if (there === one.sha256) continue
      const isFree = there === undefined || there === this.#before.get(one.file)
      if (isFree) due.push(one)
      else inTheWay.push(one.file)
    }
    if (inTheWay.length > 0) throw this.#inTheWay(inTheWay)
    return due
  }

  async #clean(needed: ReadonlyMap<string, unknown>): Promise<Omit<Written, 'written'>> {
    this.#entries.clear()
    const names = new Set([...needed.keys()].map((file) => file.toLowerCase()))
    const removed: string[] = []
    const kept: string[] = []
    for (const [file, sha256] of this.#before) {
      // Where "Hero.jpg" and "hero.jpg" are one file, it was written anew.
      if (needed.has(file) || names.has(file.toLowerCase())) continue
      const there = await this.#find(file)
      if (there === sha256) {
        await this.#remove(file)
        removed.push(file)
      } else if (there !== undefined) kept.push(file)
    }
    return { removed, kept }
  }

  /** Removes a file, and the folders that are empty without it. */
  async #remove(file: string): Promise<void> {
    await this.#gate.remove('emitted', this.#at(file))
    for (let above = path.posix.dirname(file); above !== '.'; above = path.posix.dirname(above)) {
      const left = await this.#gate.list('emitted', this.#at(above))
      if (left.length > 0) return
      await this.#gate.remove('emitted', this.#at(above))
    }
  }

  /** SHA-256 of a file, or what stands in its place; `undefined` where there is nothing. */
  async #find(file: string): Promise<string | undefined> {
    let folder = this.#path
    const parts = file.split('/')
    for (const [index, name] of parts.entries()) {
      const entry = (await this.#entriesOf(folder)).get(name)
      if (!entry) return undefined
      const isLast = index === parts.length - 1
      // A link is somebody else's, wherever it leads.
      if (!(isLast ? entry.isFile() : entry.isDirectory())) return 'not a file of ours'
      folder = path.join(folder, name)
    }
    return hash('sha256', (await this.#gate.readBytes('emitted', folder)) ?? '')
  }

  #entriesOf(folder: string): Promise<ReadonlyMap<string, FolderEntry>> {
    const known = this.#entries.get(folder)
    if (known) return known
    const listed = this.#gate
      .list('emitted', folder)
      .then((entries) => new Map(entries.map((entry) => [entry.name, entry])))
    this.#entries.set(folder, listed)
    return listed
  }

  #at(file: string): string {
    return path.join(this.#path, ...file.split('/'))
  }

  #inTheWay(files: readonly string[]): GeminiImageError {
    const one = files.length === 1
    return new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: `${one ? 'A file is' : `${files.length} files are`} in the way that gemini-image did not write, or that changed since:\n${files.map((file) => `  ${path.relative(this.#gate.root, this.#at(file))}`).join('\n')}`,
      why: 'Nothing was written over, and nothing was removed.',
      fix: `move ${one ? 'it' : 'them'} elsewhere or delete ${one ? 'it' : 'them'}, or emit into another folder.`,
    })
  }
}

async function contentOf({ source, sha256 }: EmittedFile): Promise<Uint8Array> {
  if (typeof source !== 'string') return source
  const bytes = await readFile(source)
  if (hash('sha256', bytes) !== sha256) throw changedMeanwhile(source)
  return bytes
}

/** Whether there is anything, a link that leads nowhere included. */
function isThere(file: string): boolean {
  try {
    lstatSync(file)
    return true
  } catch {
    return false
  }
}

/** @param own Folders that are ours already. */
function assertUsable(folder: string, gate: ProjectFiles, own: readonly string[]): void {
  const missing: string[] = []
  let there = folder
  while (!isThere(there)) {
    missing.unshift(path.basename(there))
    there = path.dirname(there)
  }
  if (!statSync(there, { throwIfNoEntry: false })?.isDirectory()) {
    throw unusable(folder, `${there} is not a folder.`)
  }
  try {
    gate.assertReachable('emitted', there)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    throw new GeminiImageError({
      code: error.code,
      what: `The folder ${folder} is outside the project, which is ${gate.root}.`,
      why: 'Files outside the project are neither read nor written.',
      fix: 'name a folder in the project, or its root with --root.',
    })
  }
  const real = path.join(realpathSync(there), ...missing)
  const root = realpathSync(gate.root)
  const ours = own.map((one) => path.join(root, path.relative(gate.root, one)))
  if (ours.some((one) => `${real}${path.sep}`.startsWith(`${one}${path.sep}`))) {
    throw unusable(folder, 'gemini-image keeps its own files there.')
  }
}

function unusable(folder: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `Pictures cannot be written into ${folder}.`,
    why,
    fix: 'name another folder of the project, such as static/pictures.',
  })
}
