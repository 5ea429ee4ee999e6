import { sumEstimates, type Estimate } from '../providers/models/price.ts'
import type { PlanRow } from './plan.ts'
import type { Step } from './step.ts'

/**
 * The calls that rows are to be paid for. Declarations may share a call: each fingerprint is there once.
 * @param pending Fingerprints that batch jobs have been asked for. @default none
 */
export function stepsToPay(
  rows: readonly Pick<PlanRow, 'missing'>[],
  pending: Pick<ReadonlyMap<string, unknown>, 'has'> = new Map(),
): readonly Step[] {
  const steps = new Map<string, Step>()
  for (const { missing } of rows) {
    for (const step of missing)
      if (!pending.has(step.fingerprint)) steps.set(step.fingerprint, step)
  }
  return [...steps.values()]
}

/**
 * What calls would cost together, in US dollars, each fingerprint once. Plans, reports, errors, questions and the
 * budget all take this sum.
 */
export function estimateSteps(steps: readonly Step[]): Estimate {
  const unique = new Map(steps.map((step) => [step.fingerprint, step.estimate]))
  return sumEstimates([...unique.values()])
}
