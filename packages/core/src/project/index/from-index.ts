import { fileOfId, type DeclarationId } from '../../declare/declaration.ts'
import type { ResolvedImage } from '../../pictures/resolved-image.ts'
import { withScenesAtHand } from '../../pictures/with-scenes.ts'
import type { Prepared } from '../prepared.ts'
import { withPlaceholder } from '../../pixels/blur-data-url.ts'
import type { Project } from '../project.ts'
import {
  isStale,
  isUntouched,
  type BuildIndex,
  type IndexedObject,
  type IndexedPicture,
} from './build-index.ts'
import type { TouchedObjects } from './touched-objects.ts'

/** What a build from an index goes by. */
export interface Indexed {
  readonly index: BuildIndex
  /** Milliseconds since 1970: before it was looked at whether the index holds. */
  readonly began: number
  readonly file: string
}

/** What the last build found, for one in which nothing has changed. */
export class PicturesOfIndex implements Prepared {
  readonly ids: Prepared['ids']
  readonly languages: Prepared['languages']
  readonly sheets: Prepared['sheets']
  readonly inputs: Prepared['inputs']
  readonly importers: Prepared['importers']
  readonly generated = 0
  readonly placeholders = 0
  readonly spent = 0
  readonly #indexed: Indexed
  readonly #pictures: ReadonlyMap<DeclarationId, IndexedPicture>
  readonly #drawnPlaceholders: Map<string, string>
  /** Objects that were handed out since they were verified last. */
  readonly #handedOut = new Set<IndexedObject>()
  readonly #project: () => Promise<Project>
  #touched: Promise<TouchedObjects> | undefined
  /** File → what the file system said of it. */
  #stamps: ReadonlyMap<string, string> | undefined

  constructor(indexed: Indexed, project: () => Promise<Project>) {
    const { pictures, placeholders, inputs, importers, sheets } = indexed.index
    this.#indexed = indexed
    this.#pictures = new Map(pictures)
    this.#drawnPlaceholders = new Map(placeholders)
    this.#project = project
    const isOne = ([, { image }]: BuildIndex['pictures'][number]): boolean => !image.languages
    this.ids = pictures.filter(isOne).map(([id]) => id)
    this.languages = pictures.flatMap((one) => (isOne(one) ? [] : one[0]))
    this.sheets = new Map(sheets)
    this.inputs = inputs
    this.importers = importers
  }

  at(id: DeclarationId): ResolvedImage | undefined {
    const known = this.#pictures.get(id)
    if (!known) return undefined
    for (const object of known.objects) {
      this.#handedOut.add(object)
      // While the bundler works.
      if (!isUntouched(object.path, object.stamp)) this.#check([object]).catch(() => undefined)
    }
    const image = withPlaceholder(known.image, this.#drawnPlaceholders)
    return withScenesAtHand(image, (scene) => this.at(scene))
  }

  /** Absolute paths of the files, besides the declaring one, that decide what a picture shows. */
  inputsOf(id: DeclarationId): readonly string[] {
    return this.#pictures.get(id)?.image.inputs ?? []
  }

  /**
   * The picture of a declaration whose files were all left alone since, by what the file system says of them now, and
   * which is not stale: for hosts that show pictures without shipping them.
   */
  untouched(id: DeclarationId): ResolvedImage | undefined {
    const { index } = this.#indexed
    const known = this.#pictures.get(id)
    if (!known || isStale(index)) return undefined
    this.#stamps ??= new Map(index.stamps.map(([file, stamp]) => [file, stamp]))
    const isAsBefore = (file: string): boolean => {
      const stamp = this.#stamps?.get(file)
      return stamp !== undefined && isUntouched(file, stamp)
    }
    const files = [index.options.lockfile, fileOfId(id), ...known.image.inputs]
    const isSame = files.every(isAsBefore)
    if (!isSame || !known.objects.every(({ path, stamp }) => isUntouched(path, stamp)))
      return undefined
    const image = withPlaceholder(known.image, this.#drawnPlaceholders)
    return withScenesAtHand(image, (scene) => this.untouched(scene))
  }

  async image(id: DeclarationId): Promise<ResolvedImage> {
    const known = this.at(id)
    if (known) return known
    const indexed = this.#pictures.get(id)?.image
    if (indexed?.languages) {
      const { withOthers } = await import('../../pictures/with-others.ts')
      const image = withPlaceholder(indexed, this.#drawnPlaceholders)
      return withOthers(image, (other) => this.image(other))
    }
    const sheet = this.sheets.get(id)
    if (sheet) {
      const { sheetImage } = await import('../../pictures/sheet-image.ts')
      return sheetImage(sheet, (one) => this.image(one))
    }
    const { picture } = await import('../picture.ts')
    return picture(await this.#project(), id)
  }

  async verify(): Promise<void> {
    const objects = [...this.#handedOut]
    const touched = objects.filter(({ path, stamp }) => !isUntouched(path, stamp))
    if (touched.length > 0) await (await this.#check(touched)).assertSound()
    // What is wrong stays so for others who show these pictures, too.
    for (const object of objects) this.#handedOut.delete(object)
  }

  /** What was touched may hold the same bytes all the same. */
  async #check(objects: readonly IndexedObject[]): Promise<TouchedObjects> {
    this.#touched ??= import('./touched-objects.ts').then((own) =>
      own.openTouchedObjects(this.#indexed),
    )
    const touched = await this.#touched
    touched.check(objects)
    return touched
  }
}
