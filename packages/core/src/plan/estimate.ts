import { sumEstimates, type Estimate } from '../providers/models/price.ts'
import type { PlanRow } from './plan.ts'
import type { Step } from './step.ts'

/** Fingerprints that no live call is made for: an open batch job has been asked for them, or they were refused. */
export interface Excluded {
  has(fingerprint: string): boolean
}

export function excludedBy(...all: readonly Excluded[]): Excluded {
  return { has: (fingerprint) => all.some((one) => one.has(fingerprint)) }
}

/**
 * The calls that rows are to be paid for. Declarations may share a call: each fingerprint is there once.
 * @param excluded What goes on from one of them cannot be asked for either. @default none
 */
export function stepsToPay(
  rows: readonly Pick<PlanRow, 'missing'>[],
  excluded: Excluded = new Map(),
): readonly Step[] {
  const steps = new Map<string, Step>()
  for (const { missing } of rows) {
    for (const step of missing) {
      if (!isExcluded(step, missing, excluded)) steps.set(step.fingerprint, step)
    }
  }
  return [...steps.values()]
}

function isExcluded(step: Step, missing: readonly Step[], excluded: Excluded): boolean {
  for (let one: Step | undefined = step; one && missing.includes(one); one = one.after) {
    if (excluded.has(one.fingerprint)) return true
  }
  return false
}

/**
 * What calls would cost together, in US dollars, each fingerprint once. Plans, reports, errors, questions and the
 * budget all take this sum.
 */
export function estimateSteps(steps: readonly Step[]): Estimate {
  const unique = new Map(steps.map((step) => [step.fingerprint, step.estimate]))
  return sumEstimates([...unique.values()])
}
