import path from 'node:path'
import { z } from 'zod'
import pLimit from 'p-limit'
import { readCached } from '../kernel/files/file-index.ts'
import { openFiles } from '../kernel/files/files.ts'
import { sha256 } from '../kernel/hash.ts'
import { GeminiImageError, oursOrThrow, valuesOf } from '../kernel/errors/error.ts'
import type { StoredObject } from '../pin/lock-entry.ts'
import type { ObjectStore } from '../pin/object-store.ts'
import type { SharedStore } from './shared-store.ts'

/**
 * The objects that this machine has seen in a shared store, so that a build where nothing is new asks
 * the store nothing. It lies in the derived cache; deleting it costs one question for each object.
 */
export interface KnownObjects {
  has(object: string): boolean
  add(object: string): void
  /** For one that the store turned out to have lost. */
  forget(object: string): void
  /** Writes what is new, if anything is. A failure to write costs time, not safety: it is ignored. */
  save(): Promise<void>
}

/** Opens what is known of the store of this name; a list that cannot be read is as good as none. */
export function openKnownObjects(cacheDir: string, store: string): KnownObjects {
  const file = path.join(cacheDir, `shared-${sha256(Buffer.from(store)).slice(0, 12)}.json`)
  const files = openFiles(cacheDir)
  const schema = z.array(z.string())
  let known: Set<string> | undefined
  let isNew = false
  const load = (): Set<string> => (known ??= new Set(readCached(file, schema, files)))
  return {
    has: (object) => load().has(object),
    add: (object) => {
      if (load().has(object)) return
      load().add(object)
      isNew = true
    },
    forget: (object) => {
      if (load().delete(object)) isNew = true
    },
    save: async () => {
      if (!isNew) return
      isNew = false
      const text = JSON.stringify([...load()].toSorted())
      await files.write('cache', file, text).catch(() => undefined)
    },
  }
}

/** What became of an object that was asked for. */
export type Restored = 'restored' | 'absent' | GeminiImageError

/** Requests side by side. */
const CONCURRENCY = 8

/** The pictures of a shared store, and their way to and from this machine. */
export class SharedObjects {
  readonly #store: SharedStore
  readonly #local: ObjectStore
  readonly #known: KnownObjects
  readonly #limit = pLimit(CONCURRENCY)

  constructor(store: SharedStore, local: ObjectStore, known: KnownObjects) {
    this.#store = store
    this.#local = local
    this.#known = known
  }

  /**
   * Fetches objects into the local store, under their own names. Bytes that are not what they should
   * be are never written.
   * @param check Validates bytes that have the right hash; what it throws is the outcome.
   * @returns what became of each, in their order; errors are `CORRUPT_OBJECT`, `WRITE_FAILED`, or
   *   what the store throws.
   */
  restore<Image extends StoredObject>(
    images: readonly Image[],
    check?: (image: Image, bytes: Uint8Array) => Promise<void>,
  ): Promise<Restored[]> {
    return Promise.all(
      images.map((image) =>
        this.#limit(() => this.#restoreOne(image, check)).catch((error: unknown) =>
          oursOrThrow(error),
        ),
      ),
    )
  }

  /** Which of them are in the shared store, in their order. @throws what the store throws. */
  async has(images: readonly StoredObject[]): Promise<boolean[]> {
    const asked = images.map(({ object }) => this.#limit(() => this.#store.has(keyOf(object))))
    return valuesOf(await Promise.allSettled(asked))
  }

  /**
   * Uploads those that are not known to be there.
   * @param isNew Whether they were only just made: then they are uploaded without a question.
   * @returns how many were uploaded.
   * @throws what the store throws, or `read`.
   */
  async upload(
    images: readonly StoredObject[],
    read: (image: StoredObject) => Promise<Uint8Array>,
    isNew: boolean,
  ): Promise<number> {
    const unique = new Map(images.map((image) => [image.object, image]))
    const due = [...unique.values()].filter(({ object }) => isNew || !this.#known.has(object))
    const uploads = due.map((image) =>
      this.#limit(async () => {
        const key = keyOf(image.object)
        const isDue = isNew || !(await this.#store.has(key))
        if (isDue) await this.#store.put(key, await read(image))
        this.#known.add(image.object)
        return isDue
      }),
    )
    return valuesOf(await Promise.allSettled(uploads)).filter(Boolean).length
  }

  async #restoreOne<Image extends StoredObject>(
    image: Image,
    check?: (image: Image, bytes: Uint8Array) => Promise<void>,
  ): Promise<Restored> {
    const bytes = await this.#store.get(keyOf(image.object))
    if (!bytes) {
      this.#known.forget(image.object)
      return 'absent'
    }
    const actual = sha256(bytes)
    if (actual !== image.object) {
      throw poisoned(this.#store.name, image, `Their SHA-256 is ${actual.slice(0, 12)}….`)
    }
    await check?.(image, bytes)
    await this.#local.restore(image, bytes)
    this.#known.add(image.object)
    return 'restored'
  }
}

/** Bytes that a store gave for an object and that are not it. */
export function poisoned(store: string, image: StoredObject, why: string): GeminiImageError {
  const key = keyOf(image.object)
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${store} sent bytes for ${image.file} that are not this picture.`,
    why: `${why} They were not used, and nothing was written.`,
    fix: `delete ${key} in the store; a machine that has the picture uploads it again. Ask who may write to the store.`,
  })
}

function keyOf(object: string): string {
  return `objects/${object}`
}
