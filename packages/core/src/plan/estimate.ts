import { sumEstimates, type Estimate } from '../providers/models/price.ts'
import type { PlanRow } from './plan.ts'
import type { Step } from './step.ts'

/** Fingerprints that no live call is made for: an open batch job has been asked for them, or they were refused. */
export interface Excluded {
  has(fingerprint: string): boolean
  /** Those that were paid for and wait to be pinned: no call is made for them, but for what goes on from them. */
  readonly paid?: Pick<ReadonlySet<string>, 'has'> | undefined
}

export function excludedBy(paid: ReadonlySet<string>, ...all: readonly Excluded[]): Excluded {
  return { has: (fingerprint) => all.some((one) => one.has(fingerprint)), paid }
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
      const isCall = !excluded.paid?.has(step.fingerprint) && !isExcluded(step, missing, excluded)
      if (isCall) steps.set(step.fingerprint, step)
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

/** The price of a row's calls, in US dollars, without those that were paid for. */
export function estimateRow(
  row: Pick<PlanRow, 'missing'>,
  { paid }: Pick<Excluded, 'paid'> = {},
): Estimate {
  return estimateSteps(stepsToPay([row], { has: () => false, paid }))
}

/**
 * What calls would cost together, in US dollars, each fingerprint once. Plans, reports, errors, questions and the
 * budget all take this sum.
 */
export function estimateSteps(steps: readonly Step[]): Estimate {
  const unique = new Map(steps.map((step) => [step.fingerprint, step.estimate]))
  return sumEstimates([...unique.values()])
}
