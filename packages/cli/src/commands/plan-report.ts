import type { Plan, PlanRow } from '@gemini-image/core'
import {
  advise,
  captionOf,
  formatPlace,
  missingAlts,
  estimateSteps,
  stepsToPay,
  warnOfAlts,
  type Estimate,
} from '@gemini-image/core/internal'
import { describeError, type ErrorReport } from '../command.ts'

/** How one picture stands. */
export interface ReportRow {
  readonly state: 'cached' | 'stale' | 'missing' | 'pending' | 'unused'
  /** `src/hero.prompt.md:5:1`; for a pinned picture that nothing declares, its object. */
  readonly place: string
  readonly fingerprint?: string
  /** Alternative text; empty for a decorative picture, absent where there is none. */
  readonly alt?: string
  /** A draft of it that nobody has confirmed. */
  readonly altDraft?: string
  /** The id of the model that drew it, or would. */
  readonly model?: string
  /** `16:9 1K`. */
  readonly size?: string
  /** Width and height, in pixels. */
  readonly pixels?: { readonly width: number; readonly height: number }
  /** The calls that are to be paid for, where they are more than one. */
  readonly calls?: number
  /** What generating it would cost, in US dollars. */
  readonly estimate?: Estimate
  /** What it did cost, in US dollars. */
  readonly cost?: number
}

/** A plan as data: what `gemini-image plan --json` prints. */
export interface PlanReport {
  readonly root: string
  readonly rows: readonly ReportRow[]
  readonly cached: number
  readonly stale: number
  /** Without those that a batch job has been asked for. */
  readonly missing: number
  /** Missing, and asked for by a batch job that is under way. */
  readonly pending: number
  readonly unused: number
  /** What all that is missing or stale would cost, in US dollars. */
  readonly total: Estimate
  readonly problems: readonly ErrorReport[]
  /** Declarations without alternative text: they can be generated, and not be built with. */
  readonly withoutAlt: readonly ErrorReport[]
  /** What is no error and yet should be known. */
  readonly advice: readonly string[]
}

/**
 * Turns a plan into data.
 * @param pending Fingerprints that batch jobs have been asked for.
 */
export function planReport(
  plan: Plan,
  root: string,
  pending: ReadonlyMap<string, unknown>,
): PlanReport {
  const isPending = ({ state, missing }: PlanRow): boolean =>
    state !== 'cached' && missing.every(({ fingerprint }) => pending.has(fingerprint))
  const declared = plan.rows.map((row): ReportRow => {
    const reported = toReportRow(row)
    return isPending(row) ? { ...reported, state: 'pending' } : reported
  })
  const unused = [
    ...plan.unusedFiles.map((place): ReportRow => ({ state: 'unused', place: formatPlace(place) })),
    ...[...plan.unusedEntries].map(
      ([fingerprint, { file, model, width, height, cost }]): ReportRow => ({
        state: 'unused',
        place: `.gemini-image/${file}`,
        fingerprint,
        model,
        pixels: { width, height },
        cost,
      }),
    ),
  ]
  const open = plan.rows.filter(({ state }) => state !== 'cached')
  const due = open.filter((row) => !isPending(row))
  const stale = due.filter(({ state }) => state === 'stale').length
  return {
    root,
    rows: [...declared, ...unused],
    cached: declared.length - open.length,
    stale,
    missing: due.length - stale,
    pending: open.length - due.length,
    unused: unused.length,
    total: estimateSteps(stepsToPay(due, pending)),
    problems: plan.problems.map(describeError),
    withoutAlt: missingAlts(plan.rows.map((row) => row.declared)).map(describeError),
    advice: adviceOn(plan.rows),
  }
}

function adviceOn(rows: readonly PlanRow[]): readonly string[] {
  const alts = warnOfAlts(rows.map(({ declared }) => captionOf(declared)))
  return [...(alts === undefined ? [] : [alts]), ...advise(rows, new Date())]
}

function toReportRow({ state, declared, entry, missing, estimate }: PlanRow): ReportRow {
  const { place, fingerprint, spec, model, result } = declared
  const common = {
    place: formatPlace(place),
    fingerprint,
    ...(spec.alt !== undefined && { alt: spec.alt }),
    ...(spec.altDraft !== undefined && { altDraft: spec.altDraft }),
    size: `${spec.aspectRatio} ${spec.size}`,
  }
  if (state === 'cached' && entry) {
    const { width, height, cost } = entry
    return { state, ...common, model: entry.model, pixels: { width, height }, cost }
  }
  const calls = missing.length > 1 ? { calls: missing.length } : {}
  return { state, ...common, model: model.id, pixels: result.pixels, ...calls, estimate }
}
