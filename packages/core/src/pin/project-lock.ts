import { randomUUID } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- makes and reads the lock, a file in the cache that we have named.
import {
  closeSync,
  fdatasync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { makeFolder, writeFailed } from '../kernel/files/write.ts'
import { sha256 } from '../kernel/hash.ts'
import { parseJson } from '../kernel/json.ts'
import type { Logger } from '../kernel/logger.ts'
import { lifeOf, markOfThisProcess, processMarkSchema, type Life } from '../kernel/process-mark.ts'

/** How often a holder gives a sign of life, in milliseconds. */
const BEAT = 3000
/** How often a waiting process looks again, in milliseconds. */
const POLL = 150

/**
 * For how many milliseconds a lock may stand still before it is taken over, by what is known of its holder. Nothing
 * is asked of clocks: a waiting process counts its own looks, and so not the time for which it was stopped itself.
 */
const PATIENCE_WITH: Readonly<Record<Life, number>> = {
  dead: 0,
  alive: Infinity,
  unsure: 5 * 60_000,
  elsewhere: 5 * BEAT,
}

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

export function lockOf(
  { cacheDir, logger }: { readonly cacheDir: string; readonly logger: Logger },
  signal?: AbortSignal,
): ProjectLockOptions {
  const onWait = (): void => logger.info('waiting for another process that generates pictures here')
  return { cacheDir, patience: PATIENCE, signal, onWait }
}

/**
 * Runs `work` while this process is the only one of the project that generates and writes. Two
 * builds started together thus pay once: the second reads what the first has pinned. The lock of a dead process is
 * taken over at once, that of a stopped one never.
 * @param work Is given a signal that is aborted when a process on another machine has taken the lock over, because
 *   this one stood still: nothing that costs money may begin afterwards.
 * @throws {GeminiImageError} `LOCK_TIMEOUT`, `WRITE_FAILED`; the signal's reason where the waiting was ended.
 */
export async function withProjectLock<T>(
  options: ProjectLockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  await makeFolder(options.cacheDir)
  const lock = await acquire(path.join(options.cacheDir, 'project.lock'), options)
  const lost = new AbortController()
  const end = new AbortController()
  // The lockfile is re-read before each write, so that a lost lock loses no entry.
  const beating = beat(lock, () => lost.abort(takenOver()), end.signal)
  try {
    return await work(lost.signal)
  } finally {
    end.abort()
    await beating
    void release(lock)
  }
}

/** The lock, while this process has it. */
interface HeldLock {
  readonly file: string
  /** Open for as long as it is held: a sign of life never lands in a lock that is another's by now. */
  readonly handle: number
  /** What the file says of this holder, but for its signs of life. */
  readonly holder: z.infer<typeof holderSchema>
}

const holderSchema = processMarkSchema.and(z.object({ nonce: z.string() }))

async function acquire(
  file: string,
  { patience, signal, onWait }: ProjectLockOptions,
): Promise<HeldLock> {
  const holder = { ...markOfThisProcess(), nonce: randomUUID() }
  const deadline = performance.now() + patience
  let isTold = false
  for (let last = '', still = 0; ;) {
    signal?.throwIfAborted()
    const handle = create(file, textOf(holder, 0))
    if (handle !== undefined) return { file, handle, holder }
    const found = read(file)
    if (found === undefined) continue
    still = found === last ? still + POLL : 0
    last = found
    if (still >= PATIENCE_WITH[lifeOfHolder(found)] && remove(file, found, holder)) continue
    if (performance.now() > deadline) throw timeout(file, patience)
    if (!isTold) onWait()
    isTold = true
    await sleep(POLL, undefined, { signal })
  }
}

/** Creates a lock, and leaves it open; `undefined` where there is one. */
function create(file: string, text: string): number | undefined {
  try {
    const handle = openSync(file, 'wx')
    try {
      writeSync(handle, text, 0)
      return handle
    } catch (error) {
      closeSync(handle)
      rmSync(file, { force: true })
      throw error
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw writeFailed(file, error)
  }
}

/**
 * Removes a lock that was left behind. Of several who saw it, only one may: who creates a file that is named after
 * what it says. A slower one thus never removes the lock that a faster one has taken since.
 * @returns whether it is gone.
 */
function remove(file: string, found: string, me: HeldLock['holder']): boolean {
  const right = `${file}.${sha256(Buffer.from(found)).slice(0, 12)}`
  const handle = create(right, textOf(me, 0))
  if (handle === undefined) {
    const other = read(right)
    // Whoever had the right may have been killed before using it.
    if (other !== undefined && lifeOfHolder(other) === 'dead') remove(right, other, me)
    return false
  }
  try {
    // It was a folder once.
    if (read(file) === found) rmSync(file, { recursive: true, force: true })
    return true
  } finally {
    closeSync(handle)
    rmSync(right, { force: true })
  }
}

/** Gives signs of life until the end, and finds out whether the lock is still this process's. */
async function beat(
  { file, handle, holder }: HeldLock,
  onLost: () => void,
  end: AbortSignal,
): Promise<void> {
  for (let beats = 1; ; beats += 1) {
    await sleep(BEAT, undefined, { signal: end, ref: false }).catch(() => undefined)
    if (end.aborted) return
    // First of all: a process that stood still may be about to pay.
    if (holderOf(read(file))?.nonce !== holder.nonce) return onLost()
    // Another machine sees what has reached the disk.
    await promisify(write)(handle, textOf(holder, beats), 0)
      .then(() => promisify(fdatasync)(handle))
      .catch(() => undefined)
  }
}

/**
 * Gives the lock back at once, or as soon as the disk allows it: a failure here would hide what the work came to, and
 * a lock that stays would hold everybody up for as long as this process lives.
 */
async function release({ file, handle, holder }: HeldLock): Promise<void> {
  closeSync(handle)
  while (!isReleased(file, holder)) await sleep(POLL, undefined, { ref: false })
}

function isReleased(file: string, { nonce }: HeldLock['holder']): boolean {
  try {
    // A lock taken over by others is theirs now.
    if (holderOf(read(file))?.nonce === nonce) rmSync(file, { force: true })
    return true
  } catch {
    return false
  }
}

/** What a lock says; `undefined` where there is none. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') return String(statSync(file, { throwIfNoEntry: false })?.mtimeMs)
    if (code === 'ENOENT') return undefined
    throw writeFailed(file, error)
  }
}

function textOf(holder: HeldLock['holder'], beats: number): string {
  return JSON.stringify({ ...holder, beats })
}

function holderOf(text: string | undefined): HeldLock['holder'] | undefined {
  return holderSchema.safeParse(parseJson(text ?? '')).data
}

/** A lock that does not say whose it is may be about to. */
function lifeOfHolder(text: string): Life {
  const holder = holderOf(text)
  return holder ? lifeOf(holder) : 'elsewhere'
}

function timeout(lockPath: string, patience: number): GeminiImageError {
  return new GeminiImageError({
    code: 'LOCK_TIMEOUT',
    what: `Another process has been generating pictures for this project for ${Math.round(patience / 1000)} seconds.`,
    fix: `wait for it and run again; if none is running, delete ${lockPath}.`,
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
