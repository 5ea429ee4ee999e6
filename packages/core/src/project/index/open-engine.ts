import type { Declaration } from '../../declare/declaration.ts'
import type { DeclarationId } from '../../declare/declaration-id.ts'
import type { LockEntries } from '../../pin/lockfile-text.ts'
import { gatherOptions } from '../../options/gather-options.ts'
import { silentLogger, type Logger } from '../../kernel/logger.ts'
import type { Options } from '../../options/options.ts'
import { placesOf, verifiedFile } from '../../options/places.ts'
import type { Surroundings } from '../../options/resolve-options.ts'
import { withPlaceholder } from '../../pixels/blur-data-url.ts'
import type { RenditionSet } from '../../pixels/renditions/renditions.ts'
import type { Generated, GenerateWishes, HostEngine, HostOptions, Summary } from '../engine.ts'
import type { Plan } from '../../plan/plan.ts'
import type { RenditionWish } from '../../pictures/rendering.ts'
import type { ResolvedImage } from '../../pictures/resolved-image.ts'
import { goneMeanwhile } from '../../pin/gone-meanwhile.ts'
import {
  isCurrent,
  isUntouched,
  readMemory,
  type Memory,
  type RememberedObject,
  type RememberedPicture,
} from './build-index.ts'
import { memoryKey } from './index-key.ts'

/**
 * Opens the engine of a project for a host. A build in which nothing has changed since the last one is answered from
 * what that one has found; the engine itself, most of this package, is loaded when anything else is asked for.
 * @param options What the host says; what is `undefined` says nothing.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openEngine(
  options: Options,
  surroundings: Surroundings,
): Promise<HostEngine> {
  const gathered = await gatherOptions(options, surroundings.hostRoot)
  const key = memoryKey(gathered, surroundings)
  const open = async (): Promise<HostEngine> => {
    const [{ judgeOptions }, { createEngine }] = await Promise.all([
      import('../../options/open-options.ts'),
      import('../project-engine.ts'),
    ])
    return createEngine(judgeOptions(gathered, surroundings), key)
  }
  const { cacheDir } = placesOf(gathered.options.root)
  const memory = key === undefined ? undefined : readMemory(cacheDir, key)
  if (!memory) return open()
  return new RememberingEngine(memory, open, surroundings.logger ?? silentLogger)
}

/** An engine that answers from memory for as long as that holds. */
class RememberingEngine implements HostEngine {
  readonly options: HostOptions
  #memory: Memory | undefined
  /** Of a build that began while the memory held. */
  #pictures: ReadonlyMap<DeclarationId, RememberedPicture> = new Map()
  #drawnPlaceholders = new Map<string, string>()
  /** Since they were verified last. */
  readonly #handedOut = new Set<RememberedPicture>()
  readonly #open: () => Promise<HostEngine>
  #opening: Promise<HostEngine> | undefined
  #engine: HostEngine | undefined
  #met: readonly Declaration[] = []
  #isClosed = false

  constructor(memory: Memory, open: () => Promise<HostEngine>, logger: Logger) {
    this.options = { ...memory.options, logger }
    this.#memory = memory
    this.#open = open
  }

  async settle(): Promise<Summary> {
    const memory = this.#memory
    if (memory && this.#met.length === 0 && isCurrent(memory)) {
      this.#pictures = new Map(memory.pictures)
      this.#drawnPlaceholders = new Map(memory.placeholders)
      const { inputs, askers } = memory
      const ids = [...this.#pictures.keys()]
      return { ids, inputs, askers, generated: 0, placeholders: 0, spent: 0 }
    }
    this.#memory = undefined
    this.#pictures = new Map()
    return (await this.#whole()).settle()
  }

  imageAtHand(id: DeclarationId): ResolvedImage | undefined {
    const known = this.#pictures.get(id)
    if (!known) return this.#engine?.imageAtHand(id)
    this.#handedOut.add(known)
    return withPlaceholder(known.image, this.#drawnPlaceholders)
  }

  async image(id: DeclarationId): Promise<ResolvedImage> {
    return this.imageAtHand(id) ?? (await this.#whole()).image(id)
  }

  async verify(): Promise<void> {
    const objects = [...this.#handedOut].flatMap((one) => one.objects)
    this.#handedOut.clear()
    const touched = objects.filter(({ path, stamp }) => !isUntouched(path, stamp))
    if (touched.length > 0) await this.#check(touched)
    await this.#engine?.verify()
  }

  meet(declarations: readonly Declaration[]): void {
    this.#met = declarations
    this.#engine?.meet(declarations)
  }

  async plan(): Promise<Plan> {
    return (await this.#whole()).plan()
  }

  async preview(id: DeclarationId): Promise<ResolvedImage> {
    return (await this.#whole()).preview(id)
  }

  async render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet> {
    return (await this.#whole()).render(image, wish)
  }

  async generate(ids: readonly DeclarationId[], wishes?: GenerateWishes): Promise<Generated> {
    return (await this.#whole()).generate(ids, wishes)
  }

  async canGenerate(): Promise<boolean> {
    return (await this.#whole()).canGenerate()
  }

  async pinned(): Promise<LockEntries> {
    return (await this.#whole()).pinned()
  }

  close(): void {
    this.#isClosed = true
    this.#engine?.close()
  }

  /** What was touched may hold the same bytes all the same. */
  async #check(objects: readonly RememberedObject[]): Promise<void> {
    const { openObjectStore } = await import('../../pin/object-store.ts')
    const { storeDir, cacheDir } = this.options
    const store = openObjectStore(storeDir, verifiedFile(cacheDir))
    for (const object of objects) {
      if ((await store.verify(object)) === 'lost') throw goneMeanwhile(object.file)
    }
  }

  /** The engine itself. */
  #whole(): Promise<HostEngine> {
    this.#opening ??= this.#open().then((engine) => {
      engine.meet(this.#met)
      if (this.#isClosed) engine.close()
      this.#engine = engine
      return engine
    })
    return this.#opening
  }
}
