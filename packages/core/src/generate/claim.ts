import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { valuesOf } from '../kernel/errors/error.ts'
import { inPlaceOf } from '../pin/lock-entry.ts'
import type { ParsedLockfile } from '../pin/lockfile-text.ts'
import {
  imagesIn,
  isAdopted,
  isPinnedText,
  nameOfResult,
  type PinnedResult,
} from '../pin/pinned-text.ts'
import { isOfText } from '../providers/request.ts'
import type { Lease } from '../team/lease.ts'
import type { TeamStore } from '../team/team-store.ts'
import type { Declared } from '../plan/declared.ts'
import type { PlanRow, PlanContext } from '../plan/plan.ts'
import type { Step } from '../plan/step.ts'

type Claim =
  /** Another machine has paid; this is what it was answered. */
  | { readonly kind: 'paid'; readonly entry: PinnedResult }
  /** Another machine is about to pay; come back. */
  | { readonly kind: 'held' }
  /** This machine does. */
  | { readonly kind: 'ours'; readonly lease: Lease | undefined }

/** Milliseconds before a step is looked at again that another machine is at, and as much by chance. */
const PAUSE = 500

/** Settles with the other machines of a team who pays for what, one step at a time. */
export class Claims {
  readonly #context: Pick<PlanContext, 'team' | 'options'>
  #isTold = false

  constructor(context: Pick<PlanContext, 'team' | 'options'>) {
    this.#context = context
  }

  /**
   * Claims a step. Whoever gets it must let go of it with {@link Lease.release}.
   * @param accepts Whether what another machine was answered serves.
   * @throws {GeminiImageError} what the shared store throws.
   */
  async take(fingerprint: string, accepts: (entry: PinnedResult) => boolean): Promise<Claim> {
    const { team } = this.#context
    if (!team) return { kind: 'ours', lease: undefined }
    const paid = await findPaid(fingerprint, accepts, team)
    if (paid) return paid
    const lease = await team.lease(fingerprint)
    if (lease === 'held') return this.#held()
    if (lease === 'none') return { kind: 'ours', lease: undefined }
    // Between the first look and the lease another machine may have been answered.
    const late = await findPaid(fingerprint, accepts, team).catch(async (error: unknown) => {
      await lease.release({ succeeded: false })
      throw error
    })
    if (!late && lease.isLive()) return { kind: 'ours', lease }
    await lease.release({ succeeded: late !== undefined })
    return late ?? this.#held()
  }

  async pause(signal: AbortSignal): Promise<void> {
    const pause = PAUSE + Math.random() * PAUSE
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }

  #held(): Claim {
    if (!this.#isTold) {
      const { team, options } = this.#context
      options.logger.info(
        `waiting for another machine that generates the same pictures (${team?.name})`,
      )
    }
    this.#isTold = true
    return { kind: 'held' }
  }
}

async function findPaid(
  fingerprint: string,
  accepts: (entry: PinnedResult) => boolean,
  team: TeamStore,
): Promise<Claim | undefined> {
  const entry = await team.findResult(fingerprint)
  return entry && accepts(entry) ? { kind: 'paid', entry } : undefined
}

/** Gives what decides whether another machine's answer to a step serves. */
export type Acceptor = (step: Step, declared: Declared) => (entry: PinnedResult) => boolean

const acceptFresh: Acceptor =
  (step, { spec }) =>
  (entry) =>
    isAnswerTo(step, entry) && isFresh(entry, spec.fresh)

/** Whether a result is of the kind that a step asks for: a shared store may hold anything. */
export function isAnswerTo({ request }: Pick<Step, 'request'>, result: PinnedResult): boolean {
  return isOfText(request) === isPinnedText(result)
}

/**
 * A result in the place of what is pinned.
 * @param isAskedAnew Whether a person wants another one: what was pinned stays behind it until it is pruned.
 */
export function pinnedInstead(
  { entries, texts }: Pick<ParsedLockfile, 'entries' | 'texts'>,
  fingerprint: string,
  result: PinnedResult,
  isAskedAnew: boolean,
): PinnedResult {
  return isPinnedText(result)
    ? inPlaceOf(texts.get(fingerprint), result, isAskedAnew)
    : inPlaceOf(entries.get(fingerprint), result, isAskedAnew)
}

/** Questions side by side. */
const CONCURRENCY = 8

/**
 * Pins what other machines have paid for of what is missing. Call it only under the project lock.
 * @returns the fingerprints of what was pinned.
 * @throws {GeminiImageError} what the shared store throws.
 */
export async function takePaid(
  rows: readonly PlanRow[],
  { team, lockfile }: Pick<PlanContext, 'team' | 'lockfile'>,
  accepts: Acceptor = acceptFresh,
): Promise<readonly string[]> {
  if (!team) return []
  const limit = pLimit(CONCURRENCY)
  const take = async (step: Step, declared: Declared): Promise<readonly string[]> => {
    const claim = await findPaid(step.fingerprint, accepts(step, declared), team)
    if (claim?.kind !== 'paid') return []
    const { fingerprint } = step
    const pinned = pinnedInstead(await lockfile.read(), fingerprint, claim.entry, false)
    await lockfile.add(fingerprint, pinned)
    return [step.fingerprint]
  }
  const steps = new Map(
    rows.flatMap(({ missing, declared }) =>
      missing.map((step) => [step.fingerprint, [step, declared]] as const),
    ),
  )
  const taken = [...steps.values()].map((one) => limit(() => take(...one)))
  return valuesOf(await Promise.allSettled(taken)).flat()
}

/** Whether a picture is no older than its declaration says that it may be, in milliseconds. */
export function isFresh(
  { created }: Pick<PinnedResult, 'created'>,
  fresh: number | undefined,
): boolean {
  return fresh === undefined || Date.now() - Date.parse(created) <= fresh
}

/**
 * Gives the team what was committed. It is pinned here already, so that a failure costs others a wait and
 * no picture.
 * @returns whether the team has it.
 */
export async function shareCommitted(
  fingerprint: string,
  entry: PinnedResult,
  { team, options }: Pick<PlanContext, 'team' | 'options'>,
): Promise<boolean> {
  if (!team) return true
  try {
    // What a person put in the place of a generated picture answers nobody else's request.
    if (isAdopted(entry)) await team.share(imagesIn(entry))
    else await team.publish(fingerprint, entry)
    return true
  } catch (error) {
    options.logger.warn(
      `${nameOfResult(entry)} is pinned here and could not be uploaded to ${team.name}: ${(error as Error).message}`,
    )
    return false
  }
}
