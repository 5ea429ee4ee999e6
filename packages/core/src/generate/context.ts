import type { LimitFunction } from 'p-limit'
import type { PlanTools } from '../plan/plan.ts'
import type { BatchRecord } from './batch/record-file.ts'
import type { Budget } from './budget.ts'
import type { InVain } from './refused.ts'
import type { Brakes } from './under-way.ts'

/** What everything that may spend works with. */
export interface RunContext extends PlanTools, InVain {
  readonly budget: Budget
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
  /** What may have calls under way. */
  readonly landing: Set<Promise<unknown>>
  /** Runs one piece of work at a time, so that the second sees what the first has pinned. */
  readonly queue: LimitFunction
}
