import path from 'node:path'
import { formatPlace, type Place } from '../../kernel/place.ts'
import { formatEstimate, sumEstimates, type Estimate } from '../../providers/models/price.ts'
import type { Declared } from '../../plan/declared.ts'
import type { Step } from '../../plan/step.ts'
import type { RecordedRequest } from './record.ts'

/** One picture of a batch, for people. */
export interface BatchItem {
  readonly fingerprint: string
  /** Where it is declared, or was when it was submitted. */
  readonly place: Place
  /** `turn 2 of 3`; empty where a declaration has one step. */
  readonly label: string
  /** What it costs at the price of a batch, in US dollars. */
  readonly estimate: Estimate
}

export function itemOfStep(step: Step, { place }: Declared, estimate: Estimate): BatchItem {
  return { fingerprint: step.fingerprint, place, label: step.label, estimate }
}

export function itemOfRequest(
  fingerprint: string,
  { at: [name, line, column], label, estimate }: RecordedRequest,
  root: string,
): BatchItem {
  const place: Place = { file: path.join(root, name), path: name, line, column }
  return { fingerprint, place, label, estimate }
}

/** What they cost together, in US dollars. */
export function estimateOf(items: readonly BatchItem[]): Estimate {
  return sumEstimates(items.map(({ estimate }) => estimate))
}

/** One line each: place, step and price. */
export function listItems(items: readonly BatchItem[]): string {
  return items
    .map(({ place, label, estimate }) =>
      [formatPlace(place), label, formatEstimate(estimate)].filter(Boolean).join('  '),
    )
    .join('\n')
}
