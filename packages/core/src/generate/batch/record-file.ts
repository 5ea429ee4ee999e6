import path from 'node:path'
import { startOf } from '../../kernel/place.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { stampOf } from '../../kernel/files/stamp.ts'
import type { RecordedJobs, RecordedJob, RecordedRequest } from './record.ts'
import { formatRecord, parseRecord } from './record-text.ts'

/** The record of batch jobs on disk: `gemini-image.batch`, beside the lockfile. */
export interface BatchRecord {
  readonly file: string
  /**
   * What it holds now. Reads again only when the file changed.
   * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`.
   */
  read(): RecordedJobs
  /**
   * Adds a job, or replaces it; resolves once that is on disk. Call it only under the project lock.
   * @throws {GeminiImageError} `WRITE_FAILED` or `CORRUPT_BATCH_RECORD`.
   */
  put(id: string, job: RecordedJob, requests?: ReadonlyMap<string, RecordedRequest>): Promise<void>
  /** Takes requests out, and the job with the last of them, in the same way. */
  drop(id: string, fingerprints: Iterable<string>): Promise<void>
  /** Takes a job out with all of its requests, in the same way. */
  close(id: string): Promise<void>
  /** Deletes what a killed process left half written. Call it only under the project lock. */
  sweep(): Promise<void>
}

/** What the record of a project is called. */
export const RECORD = 'gemini-image.batch'

const EMPTY: RecordedJobs = { jobs: new Map(), requests: new Map() }

/** Opens the record beside a lockfile; it need not exist. */
export function openBatchRecord(root: string, lockfile: string): BatchRecord {
  const file = path.join(path.dirname(lockfile), RECORD)
  const files = openFiles(root)
  let cache: { readonly stamp: string; readonly jobs: RecordedJobs } | undefined

  const read = (): RecordedJobs => {
    const found = files.locate('record', file)
    if (!found) return EMPTY
    const stamp = stampOf(found.stats)
    if (cache?.stamp !== stamp) {
      const text = files.readText('record', file) ?? ''
      cache = { stamp, jobs: parseRecord(text, startOf(root, file)) }
    }
    return cache.jobs
  }

  const write = async (all: RecordedJobs): Promise<void> => {
    if (all.jobs.size > 0) await files.write('record', file, formatRecord(all))
    else await files.remove('record', file)
  }

  const close = (id: string): Promise<void> => {
    const [jobs, requests] = [new Map(read().jobs), new Map(read().requests)]
    jobs.delete(id)
    requests.delete(id)
    return write({ jobs, requests })
  }

  return {
    file,
    read,
    close,
    put: (id, job, added = read().requests.get(id) ?? new Map()) => {
      const { jobs, requests } = read()
      return write({
        jobs: new Map([...jobs, [id, job]]),
        requests: new Map([...requests, [id, added]]),
      })
    },
    drop: async (id, fingerprints) => {
      const left = new Map(read().requests.get(id))
      for (const fingerprint of fingerprints) left.delete(fingerprint)
      if (left.size === 0) return close(id)
      return write({ ...read(), requests: new Map([...read().requests, [id, left]]) })
    },
    sweep: () => files.sweep('record', path.dirname(file), (name) => name === path.basename(file)),
  }
}
