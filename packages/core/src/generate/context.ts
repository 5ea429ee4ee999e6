import type { LimitFunction } from 'p-limit'
import type { PlanContext } from '../plan/plan.ts'
import type { BatchRecord } from './batch/record-file.ts'
import { type Budget, countCalls } from './budget.ts'
import type { Activity } from './activity.ts'
import type { Ledger } from './ledger.ts'
import type { InVain } from './refused.ts'
import { formatDollars } from '../kernel/dollars.ts'
import type { Logger } from '../kernel/logger.ts'
import { guardProcess } from '../kernel/process-guard.ts'

/** What everything that may spend works with. */
export interface RunContext extends PlanContext, InVain {
  readonly budget: Budget
  readonly ledger: Ledger
  /** Once it is aborted no further call begins; those under way finish and are pinned. */
  readonly signal: AbortSignal
  /** Once it is aborted even calls under way are cut off. */
  readonly cutOff: AbortSignal
  /** Ids that the server was found not to know. */
  readonly unknownModels: Set<string>
  /** The batch jobs that are under way. */
  readonly record: BatchRecord
  /** End a run early, where the process is to end. */
  readonly brakes: Brakes
  readonly activity: Activity
  /** What may have calls under way. */
  readonly landing: Set<Promise<unknown>>
  /** Runs one piece of work at a time, so that the second sees what the first has pinned. */
  readonly queue: LimitFunction
}

/** How a run is ended early. */
export interface Brakes {
  /** Begins no further call; those under way may be committed. */
  close(): void
  abort(): void
}

/** The paid calls of a run that have not been answered. */
export class CallsUnderWay {
  readonly #most = new Set<{ readonly most: number }>()

  /** Makes a call. @param most What it costs at most, in US dollars. */
  async during<Value>(most: number, call: () => Promise<Value>): Promise<Value> {
    const one = { most }
    this.#most.add(one)
    try {
      return await call()
    } finally {
      this.#most.delete(one)
    }
  }

  /** `2 calls (up to $0.08)`; `undefined` where there is none. */
  describe(): string | undefined {
    const { size } = this.#most
    const most = [...this.#most].reduce((sum, one) => sum + one.most, 0)
    return size > 0 ? `${countCalls(size)} (up to ${formatDollars(most)})` : undefined
  }
}

/** Makes paid calls that outlive the wish to end the process, once; a second cuts them off. */
export function guardCalls<Value>(
  underWay: CallsUnderWay,
  { close, abort }: Brakes,
  logger: Logger,
  work: () => Promise<Value>,
): Promise<Value> {
  const announce = (): void => {
    const calls = underWay.describe()
    if (calls === undefined) return
    logger.warn(
      `Stopping after ${calls} under way, paid for either way. Press Ctrl-C again to cut them off.`,
    )
  }
  const cutOff = (): void => {
    const calls = underWay.describe()
    abort()
    if (calls === undefined) return
    logger.warn(`Cut off: ${calls} may have been paid for without an answer.`)
  }
  return guardProcess({ stop: close, announce, cutOff }, work)
}

/** Work that whoever ends a run waits for. */
export function untilLanded<Value>(
  { landing }: { readonly landing: Set<Promise<unknown>> },
  work: Promise<Value>,
): Promise<Value> {
  landing.add(work)
  const end = (): boolean => landing.delete(work)
  work.then(end, end)
  return work
}
