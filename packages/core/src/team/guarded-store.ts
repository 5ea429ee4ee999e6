import type { SharedStore } from './shared-store.ts'
import { toStoreError } from './store-error.ts'

/** The same store; whatever it throws is an error of ours. */
export function guardStore(store: SharedStore): SharedStore {
  const guard = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      throw toStoreError(store.name, error)
    }
  }
  return {
    name: store.name,
    get: (key) => guard(() => store.get(key)),
    has: (key) => guard(() => store.has(key)),
    put: (key, bytes) => guard(() => store.put(key, bytes)),
    ...(store.create && {
      create: (key: string, bytes: Uint8Array) =>
        guard(async () => (await store.create?.(key, bytes)) ?? false),
    }),
    delete: (key) => guard(() => store.delete(key)),
    cutOff: () => store.cutOff?.(),
    close: () => guard(async () => store.close?.()),
  }
}
