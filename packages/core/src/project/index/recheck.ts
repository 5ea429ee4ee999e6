import { hash } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- lists folders of the project, and opens none of their files.
import { readdirSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { handsOverContent, isContentFile } from '../../declare/inline/content.ts'
import { mentions } from '../../declare/inline/imports.ts'
import { isPromptFile, isSourceFile, isUnsearchedName } from '../../declare/source-files.ts'
import { Neighbours } from '../../declare/neighbours.ts'
import { findMistaken } from '../../declare/requests/mistaken.ts'
import { findRequests } from '../../declare/requests/requests.ts'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../../kernel/files/files.ts'
import { readFixedFile } from '../../kernel/files/fixed-file.ts'
import { isBelow } from '../../kernel/files/folders.ts'
import type { FileKindName } from '../../kernel/files/kinds.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { ProjectPlaces } from '../../options/places.ts'
import type { BuildIndex, Stamped } from './build-index.ts'

/** Where a project lies. */
type Places = Pick<ProjectPlaces, 'lockfile' | 'storeDir'> & { readonly root: string }

/**
 * Digests of what files and folders say. A copy of a project says the same: a clone whose cache folder was restored
 * is answered from the index.
 */
export class Checks {
  readonly #places: Places
  readonly #files: ProjectFiles
  readonly #neighbours: Neighbours
  readonly #readers = new Map<FileKindName, (file: string) => string | undefined>()

  constructor(places: Places) {
    this.#places = places
    this.#files = openFiles(places.root)
    this.#neighbours = new Neighbours(places.root)
  }

  /**
   * The names in a folder that may matter; what a source file asks for; of all else, the content. `undefined` where
   * that cannot be told, or may not be known.
   */
  async of(file: string): Promise<string | undefined> {
    try {
      const stats = statSync(file, { throwIfNoEntry: false })
      if (stats?.isDirectory() !== true)
        return (await this.#asksOf(file)) ?? (await this.#contentOf(file))
      return file === this.#places.storeDir ? digest(readdirSync(file).toSorted()) : namesIn(file)
    } catch {
      return undefined
    }
  }

  /**
   * What a source file asks for, and where it declares something. `undefined` where something else of it matters as
   * well, or where something is wrong with it.
   */
  async #asksOf(file: string): Promise<string | undefined> {
    if (!isSourceFile(file) || isContentFile(file) || isPromptFile(file)) return undefined
    // What another package of the workspace imports decides as well, and is not told apart.
    if (!isBelow(this.#places.root, file)) return undefined
    const text = this.#text('source', file)
    if (text === undefined || handsOverContent(text)) return undefined
    if (findMistaken(text, file, this.#places.root).problems.length > 0) return undefined
    const asked = findRequests(text, file).map((one) => ('file' in one ? one.file : one))
    const requests = [...asked, ...this.#neighbours.specifiersIn(text, file)]
    // Nearly none does, and what reads declarations takes its time to load.
    if (!mentions(text, 'macro') && !mentions(text, 'components')) return digest([requests, []])
    const { findAsked } = await import('../../declare/inline/find.ts')
    const { declarations } = findAsked(text, { file, root: this.#places.root }, undefined)
    const places: unknown[] = []
    for (const one of declarations) {
      if (isGeminiImageError(one)) return undefined
      places.push([one.id, one.place.line, one.place.column])
    }
    if (places.length > 0) this.#files.assertForModels('source', file, text)
    return digest([requests, places])
  }

  async #contentOf(file: string): Promise<string | undefined> {
    const kind = kindOf(file, this.#places)
    if (kind !== 'reference') {
      const text = this.#text(kind, file)
      return text === undefined ? undefined : digest(text)
    }
    const bytes = await this.#files.readBytes(kind, file)
    return bytes && sha256(bytes)
  }

  #text(kind: FileKindName, file: string): string | undefined {
    const read = this.#readers.get(kind) ?? this.#files.reader(kind)
    this.#readers.set(kind, read)
    return read(file)
  }
}

/** Whether all that was touched still says what it said. */
export async function isAsBefore(
  touched: readonly Stamped[],
  index: BuildIndex,
  places: Places,
): Promise<boolean> {
  const checks = new Checks(places)
  for (const [file, , check] of touched) {
    if (check === undefined || check !== (await checks.of(file))) return false
  }
  const isFromElsewhere = touched.some(([file]) => file === places.lockfile)
  return !isFromElsewhere || isPinned(index, places)
}

/** Whether the lockfile pins every picture of an index that came from elsewhere, which is no witness of its own. */
async function isPinned({ pictures }: BuildIndex, places: Places): Promise<boolean> {
  const { root, lockfile, storeDir } = places
  const { openLockfile } = await import('../../pin/lockfile.ts')
  const { keptImages } = await import('../../pin/lock-entry.ts')
  const { entries } = await openLockfile(root, lockfile).read()
  const stored = [...entries.values()].flatMap(keptImages)
  const pinned = new Map(stored.map(({ file, object }) => [path.join(storeDir, file), object]))
  return pictures.every(
    ([, { image, objects }]) =>
      objects.every((one) => pinned.get(one.path) === one.object) &&
      pinned.get(image.file) === image.object &&
      image.images.every(({ file }) => pinned.has(file)),
  )
}

function kindOf(file: string, { lockfile }: Places): FileKindName {
  if (file === lockfile) return 'lockfile'
  if (isPromptFile(file)) return 'prompt'
  if (isContentFile(file)) return 'content'
  return isSourceFile(file) ? 'source' : 'reference'
}

/** The names in a folder of which one may matter, and git's list of what is private. */
function namesIn(folder: string): string {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === '.gitignore')
      return readFixedFile(path.join(folder, entry.name), Infinity) ?? []
    return mayMatter(entry) ? `${entry.name}${entry.isDirectory() ? '/' : ''}` : []
  })
  return digest(names.toSorted())
}

/** What a scan may look at; it follows links. */
function mayMatter(entry: Dirent): boolean {
  const { name } = entry
  if (isUnsearchedName(name)) return false
  return !entry.isFile() || isPromptFile(name) || isSourceFile(name) || isContentFile(name)
}

/** Characters of a digest: 132 bits. */
const ENOUGH = 22

function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, ENOUGH)
}
