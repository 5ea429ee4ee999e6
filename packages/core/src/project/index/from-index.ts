import type { DeclarationId } from '../../declare/declaration-id.ts'
import { verifiedFile } from '../../options/places.ts'
import type { ResolvedImage } from '../../pictures/resolved-image.ts'
import { goneMeanwhile } from '../../pin/gone-meanwhile.ts'
import { withPlaceholder } from '../../pixels/blur-data-url.ts'
import type { Prepared } from '../prepared.ts'
import type { Project } from '../project.ts'
import {
  isUntouched,
  type BuildIndex,
  type IndexedObject,
  type IndexedPicture,
} from './build-index.ts'

/** What the last build found, for one in which nothing has changed. */
export class PicturesOfIndex implements Prepared {
  readonly ids: Prepared['ids']
  readonly inputs: Prepared['inputs']
  readonly importers: Prepared['importers']
  readonly generated = 0
  readonly placeholders = 0
  readonly spent = 0
  readonly #options: BuildIndex['options']
  readonly #pictures: ReadonlyMap<DeclarationId, IndexedPicture>
  readonly #drawnPlaceholders: Map<string, string>
  /** Since they were verified last. */
  readonly #handedOut = new Set<IndexedPicture>()
  readonly #project: () => Promise<Project>

  constructor(index: BuildIndex, project: () => Promise<Project>) {
    this.#options = index.options
    this.#pictures = new Map(index.pictures)
    this.#drawnPlaceholders = new Map(index.placeholders)
    this.#project = project
    this.ids = [...this.#pictures.keys()]
    this.inputs = index.inputs
    this.importers = index.importers
  }

  at(id: DeclarationId): ResolvedImage | undefined {
    const known = this.#pictures.get(id)
    if (!known) return undefined
    this.#handedOut.add(known)
    return withPlaceholder(known.image, this.#drawnPlaceholders)
  }

  async image(id: DeclarationId): Promise<ResolvedImage> {
    const known = this.at(id)
    if (known) return known
    const { picture } = await import('../picture.ts')
    return picture(await this.#project(), id)
  }

  async verify(): Promise<void> {
    const objects = [...this.#handedOut].flatMap((one) => one.objects)
    this.#handedOut.clear()
    const touched = objects.filter(({ path, stamp }) => !isUntouched(path, stamp))
    if (touched.length > 0) await this.#check(touched)
  }

  /** What was touched may hold the same bytes all the same. */
  async #check(objects: readonly IndexedObject[]): Promise<void> {
    const { openObjectStore } = await import('../../pin/object-store.ts')
    const { storeDir, cacheDir } = this.#options
    const store = openObjectStore(storeDir, verifiedFile(cacheDir))
    for (const object of objects) {
      if ((await store.verify(object)) === 'lost') throw goneMeanwhile(object.file)
    }
  }
}
