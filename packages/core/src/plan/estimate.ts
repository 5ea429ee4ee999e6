import { sumEstimates, type Estimate } from '../providers/models/price.ts'
import type { PlanRow } from './plan.ts'
import type { Step } from './step.ts'

/** Fingerprints that no live call is made for: an open batch job has been asked for them, or they were refused. */
export interface LeftOut {
  has(fingerprint: string): boolean
}

/** What any of these leaves out. */
export function leftOutBy(...all: readonly LeftOut[]): LeftOut {
  return { has: (fingerprint) => all.some((one) => one.has(fingerprint)) }
}

/**
 * The calls that rows are to be paid for. Declarations may share a call: each fingerprint is there once.
 * @param leftOut What goes on from one of them cannot be asked for either. @default none
 */
export function stepsToPay(
  rows: readonly Pick<PlanRow, 'missing'>[],
  leftOut: LeftOut = new Map(),
): readonly Step[] {
  const steps = new Map<string, Step>()
  for (const { missing } of rows) {
    for (const step of missing) {
      if (!isLeftOut(step, missing, leftOut)) steps.set(step.fingerprint, step)
    }
  }
  return [...steps.values()]
}

function isLeftOut(step: Step, missing: readonly Step[], leftOut: LeftOut): boolean {
  for (let one: Step | undefined = step; one && missing.includes(one); one = one.after) {
    if (leftOut.has(one.fingerprint)) return true
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
