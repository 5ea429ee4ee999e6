import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Logger } from '../kernel/logger.ts'
import { makeFolder } from '../kernel/files/write.ts'

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
  /** Ends the waiting. @default never */
  readonly signal?: AbortSignal | undefined
  /** Called once if another process holds the lock. */
  readonly onWait: () => void
}

/** Two builds of one project may wait for each other for this many milliseconds. */
const PATIENCE = 30 * 60_000

/** How the project lock of these options is waited for. */
export function lockOf(
  { cacheDir, logger }: { readonly cacheDir: string; readonly logger: Logger },
  signal?: AbortSignal,
): ProjectLockOptions {
  const onWait = (): void => logger.info('waiting for another process that generates pictures here')
  return { cacheDir, patience: PATIENCE, signal, onWait }
}

/**
 * Runs `work` while this process is the only one of the project that generates and writes. Two
 * builds started together thus pay once: the second reads what the first has pinned.
 * @param work Is given a signal that is aborted when another process has taken the lock over, because
 *   this one stood still: nothing that costs money may begin afterwards.
 * @throws {GeminiImageError} `LOCK_TIMEOUT`; the signal's reason where the waiting was ended.
 */
export async function withProjectLock<T>(
  options: ProjectLockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  await makeFolder(options.cacheDir)
  const lost = new AbortController()
  // The lockfile is re-read before each write, so that a lost lock loses no entry.
  const release = await acquire(options, () => lost.abort(takenOver()))
  try {
    return await work(lost.signal)
  } finally {
    // A lock taken over by others is theirs now.
    await release().catch(() => undefined)
  }
}

async function acquire(
  options: ProjectLockOptions,
  onCompromised: () => void,
): Promise<() => Promise<void>> {
  // A run that finds everything pinned takes no lock.
  const { default: lockfile } = await import('proper-lockfile')
  const deadline = Date.now() + options.patience
  const lockfilePath = path.join(options.cacheDir, 'project.lock')
  for (let waited = false; ; waited = true) {
    options.signal?.throwIfAborted()
    try {
      return await lockfile.lock(options.cacheDir, {
        lockfilePath,
        realpath: false,
        stale: STALE,
        update: UPDATE,
        onCompromised,
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
      if (Date.now() > deadline) throw timeout(lockfilePath, options.patience, error)
      if (!waited) options.onWait()
      await sleep(POLL, undefined, { signal: options.signal })
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

function takenOver(): GeminiImageError {
  return new GeminiImageError({
    code: 'LOCK_TIMEOUT',
    what: 'This process stood still for too long, and another has taken over generating for this project.',
    why: 'No further call was made; what has landed is kept.',
    fix: 'run again: what the other process was answered is pinned.',
  })
}
