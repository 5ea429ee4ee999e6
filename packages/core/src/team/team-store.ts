import {
  type StoredImage,
  resultsOf,
  lockEntrySchema,
  pinnedTextSchema,
} from '../pin/lock-entry.ts'
import { imagesIn, isPinnedText, type PinnedResult } from '../pin/pinned-text.ts'
import { parseJson } from '../kernel/json.ts'
import type { Logger } from '../kernel/logger.ts'
import type { StoredObject } from '../pin/lock-entry.ts'
import type { ObjectStore } from '../pin/object-store.ts'
import { findConditionalFault, openLeases, type Lease, type Leases } from './lease.ts'
import { guardStore } from './store-error.ts'
import {
  openKnownObjects,
  type KnownObjects,
  SharedObjects,
  type Restored,
  poisoned,
} from './shared-objects.ts'
import { isLeasable, type SharedStore } from './shared-store.ts'
import { isPicture } from '../pixels/image.ts'

export interface TeamStoreOptions {
  readonly store: SharedStore
  /** Whether nothing may be written to it: no picture, no result, no lease, no probe. */
  readonly readonly: boolean
  /**
   * Milliseconds without a sign of life after which another machine may generate what this one began.
   * @default 30_000
   */
  readonly expiry?: number | undefined
  readonly logger: Logger
  readonly cacheDir: string
}

/**
 * What a run asks of the shared store. Where a method throws, it is `STORE_UNAVAILABLE` or
 * `STORE_REFUSED`, besides what it says.
 */
export interface TeamStore {
  /** What messages call the store. */
  readonly name: string
  /**
   * Fetches objects that the lockfile pins and that are lost here; call it for those only. It never
   * throws.
   * @returns what became of each, in their order.
   */
  restore(images: readonly StoredObject[]): Promise<readonly Restored[]>
  /** Which objects are in the store, in their order. Writes nothing, here or there. */
  has(images: readonly StoredObject[]): Promise<readonly boolean[]>
  /**
   * What another machine was answered, with its pictures restored; what is not whole is as good as
   * nothing.
   * @throws {GeminiImageError} `CORRUPT_OBJECT` where bytes are not what they should be.
   */
  findResult(fingerprint: string): Promise<PinnedResult | undefined>
  /**
   * Uploads an answer: its pictures, then what is pinned. Does nothing where the store is only read.
   * @param read Gives the bytes of a picture. Default: from the local store.
   */
  publish(fingerprint: string, entry: PinnedResult, read?: ReadObject): Promise<void>
  /**
   * Uploads local objects that the store is not known to have; those that are lost here are passed
   * over. Does nothing where the store is only read.
   * @returns how many were uploaded.
   */
  share(images: readonly StoredObject[]): Promise<number>
  /**
   * Takes the right to pay for a fingerprint. `none`: this store has no leases, which is told once;
   * go on without. `held`: another machine is at it; come back. With a lease, ask
   * {@link TeamStore.findResult} once more before paying, and release it afterwards.
   */
  lease(fingerprint: string): Promise<Lease | 'held' | 'none'>
  /** Waits no longer for what the store is asked just now. */
  cutOff(): void
  /** Remembers what is in the store and closes it. It never throws. */
  close(): Promise<void>
  /** Does work that asks the store. The connection is closed when nobody is at work any more. */
  use<Value>(work: () => Promise<Value>): Promise<Value>
}

/** Does work that may ask the shared store, where there is one. */
export function withTeam<Value>(
  team: TeamStore | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  return team ? team.use(work) : work()
}

type ReadObject = (image: StoredObject) => Promise<Uint8Array>

/** Opens a shared store for one run; nothing is asked of it yet. */
export function openTeamStore(options: TeamStoreOptions, local: ObjectStore): TeamStore {
  return new OpenTeamStore(options, local)
}

class OpenTeamStore implements TeamStore {
  readonly #options: TeamStoreOptions
  readonly #store: SharedStore
  readonly #local: ObjectStore
  readonly #known: KnownObjects
  readonly #objects: SharedObjects
  #leases: Promise<Leases | undefined> | undefined
  #users = 0

  constructor(options: TeamStoreOptions, local: ObjectStore) {
    this.#options = options
    this.#store = guardStore(options.store)
    this.#local = local
    this.#known = openKnownObjects(options.cacheDir, options.store.name)
    this.#objects = new SharedObjects(this.#store, local, this.#known)
  }

  get name(): string {
    return this.#store.name
  }

  restore(images: readonly StoredObject[]): Promise<readonly Restored[]> {
    return this.#objects.restore(images)
  }

  has(images: readonly StoredObject[]): Promise<readonly boolean[]> {
    return this.#objects.has(images)
  }

  async findResult(fingerprint: string): Promise<PinnedResult | undefined> {
    const bytes = await this.#store.get(resultKey(fingerprint))
    if (!bytes) return undefined
    const entry = parseResult(bytes)
    if (!entry) {
      this.#warn(`${resultKey(fingerprint)} is not a result and is passed over`)
      return undefined
    }
    return (await this.#bring(entry)) ? entry : undefined
  }

  async publish(fingerprint: string, entry: PinnedResult, read?: ReadObject): Promise<void> {
    if (this.#options.readonly) return
    await this.#objects.upload(imagesIn(entry), read ?? ((image) => this.#local.read(image)), true)
    await this.#store.put(resultKey(fingerprint), formatResult(entry))
  }

  async share(images: readonly StoredObject[]): Promise<number> {
    if (this.#options.readonly) return 0
    const here = images.filter(({ file }) => this.#local.has(file))
    return this.#objects.upload(here, (image) => this.#local.read(image), false)
  }

  async lease(fingerprint: string): Promise<Lease | 'held' | 'none'> {
    this.#leases ??= this.#openLeases()
    const opening = this.#leases
    try {
      return (await (await opening)?.acquire(fingerprint)) ?? 'none'
    } catch (error) {
      // Whether there can be leases is not known yet; the next call asks again.
      await opening.catch(() => (this.#leases = undefined))
      throw error
    }
  }

  cutOff(): void {
    this.#store.cutOff?.()
  }

  async use<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#users += 1
    try {
      return await work()
    } finally {
      this.#users -= 1
      if (this.#users === 0) await this.close()
    }
  }

  async close(): Promise<void> {
    await this.#known.save()
    await this.#store.close?.().catch(() => undefined)
  }

  /** Brings the pictures of an entry here; says whether all of them are here then. */
  async #bring(entry: PinnedResult): Promise<boolean> {
    const images = imagesIn(entry)
    const states = await Promise.all(images.map((image) => this.#local.verify(image)))
    const check = (image: StoredImage, bytes: Uint8Array): Promise<void> =>
      checkPicture(this.name, image, bytes)
    const here = images.filter((_image, index) => states[index] === 'sound')
    await Promise.all(here.map(async (image) => check(image, await this.#local.read(image))))
    const lost = images.filter((_image, index) => states[index] === 'lost')
    const outcomes = await this.#objects.restore(lost, check)
    const failure = outcomes.find((outcome) => typeof outcome !== 'string')
    if (failure) throw failure
    return outcomes.every((outcome) => outcome === 'restored')
  }

  async #openLeases(): Promise<Leases | undefined> {
    if (this.#options.readonly) return undefined
    const fault = isLeasable(this.#store)
      ? await findConditionalFault(this.#store)
      : 'it has no conditional writes'
    if (fault === undefined && isLeasable(this.#store)) {
      return openLeases(this.#store, { expiry: this.#options.expiry })
    }
    this.#warn(`${fault}; two machines that generate at the same time may both pay for a picture`)
    return undefined
  }

  #warn(what: string): void {
    this.#options.logger.warn(`shared store ${this.name}: ${what}`)
  }
}

function resultKey(fingerprint: string): string {
  return `results/${fingerprint}`
}

/** An entry as it is stored. What was before it is known to the lockfile alone. */
export function formatResult(entry: PinnedResult): Uint8Array {
  const [result] = isPinnedText(entry) ? resultsOf(entry) : resultsOf(entry)
  return Buffer.from(JSON.stringify(result))
}

/** A stored entry, or `undefined` where the bytes are none. */
function parseResult(bytes: Uint8Array): PinnedResult | undefined {
  const value = parseJson(Buffer.from(bytes).toString())
  const schema = isPinnedText(Object(value)) ? pinnedTextSchema : lockEntrySchema
  if (!schema.safeParse(value).success) return undefined
  const entry = value as PinnedResult
  return imagesIn(entry).every(isNamedByContent) ? entry : undefined
}

/**
 * Holds a fetched picture against what its entry says: what a stranger's entry claims is pinned here
 * only if the bytes agree.
 * @throws {GeminiImageError} `CORRUPT_OBJECT`.
 */
async function checkPicture(store: string, image: StoredImage, bytes: Uint8Array): Promise<void> {
  if (!(await isPicture(bytes, image)))
    throw poisoned(store, image, 'Their type or size is not what the result says.')
}

/** A name that holds its hash can take the place of no other picture. */
function isNamedByContent({ file, object }: StoredImage): boolean {
  return file.includes(`.${object.slice(0, 12)}.`)
}
