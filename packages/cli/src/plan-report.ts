import { formatPlace, totalEstimate, type Plan } from '@gemini-image/core'

/** How one picture stands. */
export interface ReportRow {
  readonly state: 'cached' | 'missing' | 'unused'
  /** `src/hero.prompt.md:5:1`; for a pinned picture that nothing declares, its object. */
  readonly place: string
  readonly fingerprint?: string
  /** The id of the model that drew it, or would. */
  readonly model?: string
  /** `16:9 1K`. */
  readonly size?: string
  /** Width and height, in pixels. */
  readonly pixels?: { readonly width: number; readonly height: number }
  /** What generating it would cost, in US dollars. */
  readonly estimate?: number
  /** What it did cost, in US dollars. */
  readonly cost?: number
}

/** A plan as data: what `gemini-image plan --json` prints. */
export interface PlanReport {
  readonly root: string
  readonly rows: readonly ReportRow[]
  readonly cached: number
  readonly missing: number
  readonly unused: number
  /** What all that is missing would cost, in US dollars. */
  readonly total: number
  readonly problems: readonly { readonly code: string; readonly message: string }[]
}

/** Turns a plan into data. */
export function planReport(plan: Plan, root: string): PlanReport {
  const declared = plan.rows.map((row): ReportRow => {
    const { place, fingerprint, spec, model, pixels, estimate } = row.declared
    const common = {
      place: formatPlace(place),
      fingerprint,
      size: `${spec.aspectRatio} ${spec.size}`,
    }
    if (row.state === 'missing' || !row.entry) {
      return { state: 'missing', ...common, model: model.id, pixels, estimate }
    }
    const { width, height, cost } = row.entry
    return { state: 'cached', ...common, model: row.entry.model, pixels: { width, height }, cost }
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
  const missing = plan.rows.filter(({ state }) => state === 'missing').map((row) => row.declared)
  return {
    root,
    rows: [...declared, ...unused],
    cached: declared.length - missing.length,
    missing: missing.length,
    unused: unused.length,
    total: totalEstimate(missing),
    problems: plan.problems.map(({ code, message }) => ({ code, message })),
  }
}
