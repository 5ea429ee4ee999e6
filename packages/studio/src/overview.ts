import type { Plan, PlanRow } from '@gemini-image/core'
import { estimateSteps, formatEstimate, formatPlace, stepsToPay } from '@gemini-image/core/internal'
import type { Overview } from './protocol.ts'

/** What is wrong in the source, used or not. */
export function problemsOf({ problems, unusedProblems }: Plan): Overview['problems'] {
  return [...problems, ...unusedProblems].map(({ message, place }) => ({
    message,
    place: place && formatPlace(place),
  }))
}

/** What generating all of these may cost, in words; `undefined` where there is none. */
export function missingOf(due: readonly PlanRow[]): string | undefined {
  return due.length === 0 ? undefined : formatEstimate(estimateSteps(stepsToPay(due)))
}
