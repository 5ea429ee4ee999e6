import path from 'node:path'
import { z } from 'zod'
import { isTooRecent, stampOf, type FileStats } from './stamp.ts'
import { parseJson } from '../json.ts'
import { openFiles, type ProjectFiles } from './files.ts'

/**
 * What was found out about files, and what the file system said of them then: what git's index is
 * to a work tree. It lies in the derived cache of one machine and is never committed.
 */
interface FileIndex<Finding> {
  /** What was found out, if nothing has touched the file since. */
  find(file: string, stats: FileStats): Finding | undefined
  note(file: string, stats: FileStats, finding: Finding): void
  /** Writes what is new, if anything is. A failure to write costs time, not safety: it is ignored. */
  save(): Promise<void>
}

/** Opens the index in `indexFile`; it need not exist, and an unreadable one is as good as none. */
export function openFileIndex<Finding>(
  indexFile: string,
  finding: z.ZodType<Finding>,
): FileIndex<Finding> {
  const files = openFiles(path.dirname(indexFile))
  const schema = z.record(z.string(), z.tuple([z.string(), finding]))
  let known: Map<string, [stamp: string, finding: Finding]> | undefined
  let isNew = false
  const load = (): Map<string, [stamp: string, finding: Finding]> =>
    (known ??= new Map(Object.entries(readCached(indexFile, schema, files) ?? {})))
  return {
    find: (file, stats) => {
      const [stamp, found] = load().get(file) ?? []
      return stamp === stampOf(stats) ? found : undefined
    },
    note: (file, stats, found) => {
      if (isTooRecent(stats, Date.now())) return
      load().set(file, [stampOf(stats), found])
      isNew = true
    },
    save: async () => {
      if (!isNew) return
      isNew = false
      const text = JSON.stringify(Object.fromEntries(load()))
      await files.write('cache', indexFile, text).catch(() => undefined)
    },
  }
}

/** What a file of the cache holds as JSON; `undefined` where it is not there, or cannot be read. */
export function readCached<Value>(
  file: string,
  schema: z.ZodType<Value>,
  files: ProjectFiles,
): Value | undefined {
  try {
    return schema.safeParse(parseJson(files.readText('cache', file) ?? '')).data
  } catch {
    return undefined
  }
}
