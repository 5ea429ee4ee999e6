import { storedImages, type LockEntry } from '../pin/lock-entry.ts'
import type { ParsedLockfile } from '../pin/lockfile-text.ts'
import { isAdopted, type PinnedResult } from '../pin/pinned-text.ts'
import { isOfText } from '../providers/request.ts'
import { stepsOf, type Declared } from './declared.ts'
import type { Step } from './step.ts'

/**
 * How a declaration stands.
 *
 * - `pinned`: its objects are in the store (their bytes are checked when they are used).
 * - `stale`: pinned, and older than the declaration says that it may be.
 * - `missing`: not pinned, or an object is lost.
 */
type PlanState = 'pinned' | 'stale' | 'missing'

export interface Standing {
  readonly state: PlanState
  /** The steps that are to be paid for, in the order in which they can be. */
  readonly missing: readonly Step[]
  /** The pinned result; also there when it is stale or its object is lost. */
  readonly entry: LockEntry | undefined
}

/** What is pinned and in the store at one moment. */
export interface PinnedState {
  readonly lock: ParsedLockfile
  /** Whether an object of this name is in the store. */
  isStored(file: string): boolean
  /** Milliseconds since 1970. */
  readonly now: number
  /** Whether a stale picture serves as it is: nothing may or can be generated. */
  readonly acceptsStale: boolean
  /** Fingerprints whose pinned picture is to be generated anew, because a person wants it. */
  readonly redraw?: ReadonlySet<string> | undefined
}

const NONE: readonly Step[] = []

/** Holds a declaration against what is pinned. */
export function standingOf(declared: Declared, pinnedState: PinnedState): Standing {
  const { variants, result, spec } = declared
  const entry = pinnedState.lock.entries.get(result.fingerprint)
  // Who adopts a picture has chosen, until another is asked for.
  const hasChosen = entry?.adopted !== undefined && !pinnedState.redraw?.has(result.fingerprint)
  const isChoosing = spec.variants > 1 && spec.pick === undefined && !hasChosen
  if (!isChoosing) {
    const state = stateOf(result, declared, pinnedState)
    // A picture that is there needs nothing of what it was made from.
    if (state === 'pinned') return { state, missing: NONE, entry }
    const isAlone = variants.length === 1 && variants[0] === result && !result.after
    if (isAlone) return { state, missing: variants, entry }
  }
  const states = new Map<Step, PlanState>()
  const isPinned = (step: Step): boolean => {
    const state = stateOf(step, declared, pinnedState)
    if (state !== 'pinned') states.set(step, state)
    return state === 'pinned'
  }
  for (const last of isChoosing ? [result, ...variants] : [result]) {
    for (let step: Step | undefined = last; step && !isPinned(step); step = step.after);
  }
  if (states.size === 0) return { state: 'pinned', missing: NONE, entry }
  return {
    state: [...states.values()].includes('missing') ? 'missing' : 'stale',
    missing: stepsOf(declared).filter((step) => states.has(step)),
    entry,
  }
}

/** Whether a picture in this state is to be generated before anything can be built with it. */
export function isDue(
  state: PlanState,
  { acceptsStale }: Pick<PinnedState, 'acceptsStale'>,
): boolean {
  return state === 'missing' || (state === 'stale' && !acceptsStale)
}

/** A step's pinned picture, if all of its objects are in the store. */
export function pictureOf(
  { fingerprint }: Pick<Step, 'fingerprint'>,
  { lock, isStored }: Pick<PinnedState, 'lock' | 'isStored'>,
): LockEntry | undefined {
  const entry = lock.entries.get(fingerprint)
  return entry && isWhole(entry, isStored) ? entry : undefined
}

function isWhole(entry: LockEntry, isStored: PinnedState['isStored']): boolean {
  if (!entry.images && !entry.original) return isStored(entry.file)
  return storedImages(entry).every(({ file }) => isStored(file))
}

/** What is pinned for a step, if it is all there. */
function pinnedFor(
  step: Pick<Step, 'fingerprint' | 'request'>,
  pinnedState: Pick<PinnedState, 'lock' | 'isStored'>,
): PinnedResult | undefined {
  return isOfText(step.request)
    ? pinnedState.lock.texts.get(step.fingerprint)
    : pictureOf(step, pinnedState)
}

function stateOf(step: Step, { spec }: Declared, pinnedState: PinnedState): PlanState {
  const result = pinnedFor(step, pinnedState)
  if (!result) return 'missing'
  if (pinnedState.redraw?.has(step.fingerprint)) return 'stale'
  if (isAdopted(result)) return 'pinned'
  const age = pinnedState.now - Date.parse(result.created)
  return spec.fresh !== undefined && age > spec.fresh ? 'stale' : 'pinned'
}
