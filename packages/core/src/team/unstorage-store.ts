import type { SharedStore } from './shared-store.ts'

/** What is asked of a storage of the `unstorage` package. @see https://unstorage.unjs.io */
export interface UnstorageLike {
  getItemRaw(key: string): Promise<unknown>
  setItemRaw(key: string, value: Uint8Array): Promise<void>
  hasItem(key: string): Promise<boolean>
  removeItem(key: string): Promise<void>
}

/**
 * A storage of the `unstorage` package as a shared store: whatever it has a driver for.
 *
 * It has no conditional write, so there are no leases: two machines that want the same picture at
 * the same time may both pay for it. It is not closed: whoever made it disposes of it.
 *
 * @param name What messages call it. Default: 'unstorage'.
 */
export function unstorageStore(storage: UnstorageLike, name = 'unstorage'): SharedStore {
  return {
    name,
    get: async (key) => toBytes(await storage.getItemRaw(key)),
    has: (key) => storage.hasItem(key),
    // Some drivers keep what they are given: a copy of the caller's.
    put: (key, bytes) => storage.setItemRaw(key, Buffer.from(bytes)),
    delete: (key) => storage.removeItem(key),
  }
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (value === null || value === undefined) return undefined
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0))
  throw new TypeError(`Its driver gave ${typeof value} where bytes were stored.`)
}
