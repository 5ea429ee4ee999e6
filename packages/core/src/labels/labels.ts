import { openLockfile } from '../lock/lockfile.ts'
import type { LockEntries } from '../lock/lockfile-text.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { sourceTypes, type SourceType } from './source-types.ts'

/** Object → source type, as the lockfile stands. */
export interface Labels {
  /**
   * All of them, by SHA-256 in hex. Reads the lockfile again only when it has changed.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  read(): Promise<ReadonlyMap<string, SourceType>>
}

/** Opens the labels of a project's pictures; its lockfile need not exist. */
export function openLabels({
  root,
  lockfile: file,
}: Pick<ResolvedOptions, 'root' | 'lockfile'>): Labels {
  const lockfile = openLockfile(root, file)
  let known: { entries: LockEntries; types: ReadonlyMap<string, SourceType> } | undefined
  return {
    read: async () => {
      const { entries } = await lockfile.read()
      if (known?.entries !== entries) known = { entries, types: sourceTypes(entries.values()) }
      return known.types
    },
  }
}
