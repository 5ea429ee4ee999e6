import { imagesOf, type LockEntry } from '../lock/lock-entry.ts'
import type { ParsedLockfile } from '../lock/lockfile-text.ts'
import type { Declared } from './declared.ts'
import type { Step } from './step.ts'

/**
 * How a declaration stands.
 *
 * - `cached`: pinned, and its objects are in the store (their bytes are checked when they are used).
 * - `stale`: pinned, and older than the declaration says that it may be.
 * - `missing`: not pinned, or an object is lost.
 */
export type PlanState = 'cached' | 'stale' | 'missing'

/** A declaration held against the lockfile. */
export interface Standing {
  readonly state: PlanState
  /** The steps that are to be paid for, in the order in which they can be. */
  readonly missing: readonly Step[]
  /** The pinned result; also there when it is stale or its object is lost. */
  readonly entry: LockEntry | undefined
}

/** What is pinned and in the store at one moment. */
export interface Shelf {
  readonly lock: ParsedLockfile
  /** Whether an object of this name is in the store. */
  isStored(file: string): boolean
  /** Milliseconds since 1970. */
  readonly now: number
  /** Whether a stale picture serves as it is: nothing may or can be generated. */
  readonly acceptsStale: boolean
}

/** Holds a declaration against what is pinned. */
export function standingOf(declared: Declared, shelf: Shelf): Standing {
  const { variants, result, spec } = declared
  const found = stateOf(result, declared, shelf)
  const hasOneStep = variants.length === 1 && result === variants[0]
  if (hasOneStep) {
    const entry = shelf.lock.entries.get(result.fingerprint)
    return { state: found ?? 'cached', missing: found ? [result] : [], entry }
  }
  const isChoosing = spec.variants > 1 && spec.pick === undefined
  const wanted = isChoosing ? variants.filter((step) => stateOf(step, declared, shelf)) : []
  const chain: Step[] = []
  for (let step: Step | undefined = result; step; step = step.after) {
    if (!stateOf(step, declared, shelf)) break
    chain.unshift(step)
  }
  const missing = [...new Set([...wanted, ...chain])]
  const states = missing.map((step) => stateOf(step, declared, shelf))
  const entry = shelf.lock.entries.get(result.fingerprint)
  if (states.length === 0) return { state: 'cached', missing, entry }
  return { state: states.includes('missing') ? 'missing' : 'stale', missing, entry }
}

/** Whether a pinned picture can be used: all of its objects are in the store. */
export function isComplete(entry: LockEntry, { isStored }: Pick<Shelf, 'isStored'>): boolean {
  return imagesOf(entry).every(({ file }) => isStored(file))
}

/** What is wrong with a step's picture; `undefined` where nothing is. */
function stateOf(
  { fingerprint }: Step,
  { spec }: Declared,
  shelf: Shelf,
): 'missing' | 'stale' | undefined {
  const entry = shelf.lock.entries.get(fingerprint)
  if (!entry || !isComplete(entry, shelf)) return 'missing'
  return isStale(entry, spec.fresh, shelf.now) ? 'stale' : undefined
}

/** Whether a picture is older than it may be, in milliseconds. */
export function isStale(entry: LockEntry, fresh: number | undefined, now: number): boolean {
  return fresh !== undefined && now - Date.parse(entry.created) > fresh
}
