import type { Plan, PlanRow } from '@gemini-image/core'
import {
  countTexts,
  advise,
  entriesByPlace,
  formerOf,
  sharesFile,
  captionOf,
  fallbackLines,
  formatPlace,
  missingAlts,
  estimateRow,
  estimateSteps,
  stepsToPay,
  warnOfAlts,
  whyWithheld,
  type Change,
  type Estimate,
  type ResolvedOptions,
  type Withheld,
} from '@gemini-image/core/internal'
import { describeError, type ErrorReport } from '../command.ts'

/** Of a file that declares more pictures, or has more pinned, `explain` tells one at a time. */
const MOST_COMPARED = 100

/** Of the settings that have changed, as many as fit into a row. */
const MOST_SETTINGS = 2

/** How one picture stands. */
export interface ReportRow {
  readonly state: 'pinned' | 'stale' | 'missing' | 'pending' | 'refused' | 'unused'
  /** `src/hero.prompt.md:5:1`; for a pinned picture that nothing declares, its object. */
  readonly place: string
  /** What commands call it: `hero`, `poster-spanish`; absent where nothing declares it. */
  readonly name?: string
  /** Why it is not pinned, or not as it is: `new`, `prompt changed`, `older than "fresh" says`, `a file is lost`. */
  readonly why?: string
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
  /** How many of them are for a text, where any is. */
  readonly texts?: number
  /** What generating it would cost, in US dollars. */
  readonly estimate?: Estimate
  /** What it did cost, in US dollars. */
  readonly cost?: number
  /** What a person put in the place of a generated picture: the name of a file, or an earlier fingerprint. */
  readonly adopted?: string
  /** The folder of another project of the workspace that has pinned it: it is taken over for nothing. */
  readonly pinnedIn?: string
  /** What the model refused, in words. */
  readonly refusal?: string
}

/** A plan as data: what `gemini-image plan --json` prints. */
export interface PlanReport {
  readonly root: string
  readonly rows: readonly ReportRow[]
  readonly pinned: number
  readonly stale: number
  /** Without those that a batch job has been asked for. */
  readonly missing: number
  /** Missing, and asked for by a batch job that is under way. */
  readonly pending: number
  /** Missing, and not asked for again, since the model refused it. */
  readonly refused: number
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
 * @param withheld What no live call is made for.
 */
export function planReport(
  plan: Plan,
  options: Pick<ResolvedOptions, 'root' | 'definition'>,
  withheld: Withheld,
): PlanReport {
  const whyOf = reasonsOf(plan)
  const declared = plan.rows.map((row): ReportRow => {
    const why = whyOf(row)
    return { ...toReportRow(row, withheld), ...(why !== undefined && { why }) }
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
  const countOf = (wanted: ReportRow['state']): number =>
    declared.filter(({ state }) => state === wanted).length
  return {
    root: options.root,
    rows: [...declared, ...unused],
    pinned: countOf('pinned'),
    stale: countOf('stale'),
    missing: countOf('missing'),
    pending: countOf('pending'),
    refused: countOf('refused'),
    unused: unused.length,
    total: estimateSteps(stepsToPay(plan.rows, withheld)),
    problems: plan.problems.map(describeError),
    withoutAlt: missingAlts(plan.rows.map((row) => row.declared)).map(describeError),
    advice: adviceOn(plan, options),
  }
}

/** Says why rows of a plan have to be drawn. */
function reasonsOf({ rows, pinned }: Plan): (row: PlanRow) => string | undefined {
  const entriesOf = entriesByPlace(pinned)
  const beside = Map.groupBy(rows, ({ declared }) => declared.file)
  return (row) => {
    const { declared, state, entry } = row
    if (state === 'pinned') return undefined
    if (entry) return state === 'stale' ? 'older than "fresh" says' : 'a file is lost'
    const own = entriesOf(declared)
    if (own.size === 0) return 'new'
    const together = beside.get(declared.file) ?? []
    // Each would be compared with each.
    if (sharesFile(declared) && Math.max(own.size, together.length) > MOST_COMPARED) {
      return 'new or changed'
    }
    const others = together.flatMap((other) => (other === row ? [] : other.declared))
    const former = formerOf(declared, own, others)
    return former ? `${changed(former.changes ?? [])} changed` : 'new'
  }
}

/** `prompt`, `size, references`: the settings in which a request is another. */
function changed(changes: readonly Change[]): string {
  const settings = [...new Set(changes.map(({ part }) => part.replace(/[.[].*/, '')))]
  if (settings.length === 0) return 'declaration'
  const shown = settings.slice(0, MOST_SETTINGS)
  const rest = settings.length - shown.length
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

function adviceOn(plan: Plan, options: Pick<ResolvedOptions, 'definition'>): readonly string[] {
  const { rows } = plan
  const alts = warnOfAlts(rows.map(({ declared }) => captionOf(declared)))
  return [
    ...(alts === undefined ? [] : [alts]),
    ...fallbackLines(plan),
    ...advise(rows, options, new Date()),
  ]
}

/** A row of a plan as data. */
export function toReportRow(row: PlanRow, withheld: Withheld): ReportRow {
  const { declared, entry, missing } = row
  const state = whyWithheld(row, withheld) ?? row.state
  const { name, place, fingerprint, spec, model, result } = declared
  const common = {
    place: formatPlace(place),
    name,
    fingerprint,
    ...(spec.alt !== undefined && { alt: spec.alt }),
    ...(spec.altDraft !== undefined && { altDraft: spec.altDraft }),
    size: `${spec.aspectRatio} ${spec.size}`,
  }
  if (state === 'pinned' && entry) {
    const { model: by, width, height, cost, adopted } = entry
    const pixels = { width, height }
    return { state, ...common, model: by, pixels, cost, ...(adopted !== undefined && { adopted }) }
  }
  const texts = countTexts(missing)
  const calls = {
    ...(missing.length > 1 && { calls: missing.length }),
    ...(texts > 0 && { texts }),
  }
  const pinnedIn = missing.every(({ fingerprint }) => withheld.elsewhere.has(fingerprint))
    ? withheld.elsewhere.get(declared.fingerprint)
    : undefined
  const refusal = missing.flatMap((step) => withheld.refused.get(step.fingerprint) ?? [])[0]?.what
  return {
    state,
    ...common,
    model: model.id,
    pixels: result.pixels,
    ...calls,
    estimate: estimateRow(row, withheld),
    ...(pinnedIn !== undefined && { pinnedIn }),
    ...(state === 'refused' && refusal !== undefined && { refusal }),
  }
}
