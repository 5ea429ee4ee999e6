import path from 'node:path'
import { z } from 'zod'
import { openFiles } from '../kernel/files/files.ts'
import { sha256 } from '../kernel/hash.ts'

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
  const read = (): string[] => {
    try {
      return schema.parse(JSON.parse(files.readText('cache', file) ?? '[]'))
    } catch {
      return []
    }
  }
  const load = (): Set<string> => (known ??= new Set(read()))
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
