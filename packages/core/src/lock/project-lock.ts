import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import lockfile from 'proper-lockfile'
import { GeminiImageError } from '../errors/error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { makeFolder } from '../store/write.ts'

/** A holder that was killed is taken over after this many milliseconds without a sign of life. */
const STALE = 5000
/** How often a holder gives a sign of life, in milliseconds. */
const UPDATE = 1000
/** How often a waiting process looks again, in milliseconds. */
const POLL = 150

/** How to wait for the project lock. */
export interface ProjectLockOptions {
  /** The folder of the derived cache, in which the lock lives. */
  readonly cacheDir: string
  /** Milliseconds to wait for another process before giving up. */
  readonly patience: number
  /** Called once if another process holds the lock. */
  readonly onWait: () => void
  /** Aborted when nobody wants to wait any more. */
  readonly signal?: AbortSignal
}

/** Two builds of one project may wait for each other for this many milliseconds. */
const PATIENCE = 30 * 60_000

/** How the project lock of these options is waited for. */
export function lockOf({
  cacheDir,
  logger,
}: Pick<ResolvedOptions, 'cacheDir' | 'logger'>): ProjectLockOptions {
  const onWait = (): void => logger.info('waiting for another process that generates pictures here')
  return { cacheDir, patience: PATIENCE, onWait }
}

/**
 * Runs `work` while this process is the only one of the project that generates and writes. Two
 * builds started together thus pay once: the second reads what the first has pinned.
 * @throws {GeminiImageError} `LOCK_TIMEOUT`; the signal's reason where it is aborted while it waits.
 */
export async function withProjectLock<T>(
  options: ProjectLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await makeFolder(options.cacheDir)
  const release = await acquire(options)
  try {
    return await work()
  } finally {
    // A lock taken over by others is theirs now.
    await release().catch(() => undefined)
  }
}

async function acquire(options: ProjectLockOptions): Promise<() => Promise<void>> {
  const deadline = Date.now() + options.patience
  const lockfilePath = path.join(options.cacheDir, 'project.lock')
  for (let waited = false; ; waited = true) {
    try {
      return await lockfile.lock(options.cacheDir, {
        lockfilePath,
        realpath: false,
        stale: STALE,
        update: UPDATE,
        // The lockfile is re-read before each write, so a lock lost to a stalled disk loses nothing.
        onCompromised: () => undefined,
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
      if (Date.now() > deadline) throw timeout(lockfilePath, options.patience, error)
      if (!waited) options.onWait()
      options.signal?.throwIfAborted()
      await sleep(POLL)
    }
  }
}

function timeout(lockPath: string, patience: number, cause: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'LOCK_TIMEOUT',
    what: `Another process has been generating pictures for this project for ${Math.round(patience / 1000)} seconds.`,
    fix: `wait for it and run again; if none is running, delete ${lockPath}.`,
    cause,
  })
}
