import { formatAsked, formatDollars, formatEstimate } from '@gemini-image/core/internal'
import { paragraphs, table } from '../output/table.ts'
import { paint } from '../output/colours.ts'
import type { PlanReport, ReportRow } from './plan-report.ts'

const COLOURS = {
  pinned: 'green',
  stale: 'cyan',
  missing: 'yellow',
  pending: 'blue',
  refused: 'red',
  unused: 'gray',
} as const

/** As many as a person reads; a lockfile may keep thousands. */
const MOST_UNUSED = 20

/**
 * A plan for people: a table, a total, and what to do next.
 * @param key The variable that is to hold the key; empty where none is needed, or one is set.
 */
export function formatPlan(report: PlanReport, key: string): string {
  const { rows, advice, problems, missing, unused } = report
  // The unused ones are the last rows.
  const hidden = Math.max(0, unused - MOST_UNUSED)
  return paragraphs(
    formatRows(rows.slice(0, rows.length - hidden)),
    hidden > 0
      ? `${hidden} more are unused: "npx gemini-image plan --json" lists them all.`
      : undefined,
    planSummary(report),
    refusals(rows),
    ...advice,
    ...problems.map(({ message }) => message),
    missing > 0 ? nextStep(report, key) : '',
    rows.length === 0 && problems.length === 0 ? FIRST_STEP : '',
  )
}

/** What to do where nothing is declared. */
export const FIRST_STEP =
  'To begin: run "npx gemini-image init", which sets a site up and offers a first prompt.'

/** The table alone. */
function formatRows(rows: readonly ReportRow[]): string {
  return table(
    ['STATE', 'NAME', 'DECLARED', 'WHY', 'MODEL', 'ASKED', 'PIXELS', 'PRICE'],
    rows.map(({ state, why, place, name, model, size = '', calls = 1, texts = 0, ...row }) => [
      paint(COLOURS[state], state),
      name,
      place,
      why,
      model,
      formatAsked(size, calls, texts),
      row.pixels && `${row.pixels.width}×${row.pixels.height}`,
      priceOf(row),
    ]),
    2,
  )
}

/** What a summary goes by. */
export type Summarised = Pick<
  PlanReport,
  'pinned' | 'stale' | 'missing' | 'pending' | 'refused' | 'unused' | 'total'
>

/** `3 pinned, 2 missing, 1 unused. To generate what is missing costs $0.07–$0.08.` */
export function planSummary(report: Summarised): string {
  const { pinned, stale, missing, pending, refused, unused, total } = report
  if (pinned + stale + missing + pending + refused + unused === 0) return 'No picture is declared.'
  const parts = [`${pinned} pinned`, `${missing} missing`]
  if (pending > 0) parts.push(`${pending} in a batch job`)
  if (refused > 0) parts.push(`${refused} refused`)
  if (stale > 0) parts.push(`${stale} stale`)
  if (unused > 0) parts.push(`${unused} unused`)
  const what = stale > 0 ? 'missing or stale' : 'missing'
  const cost =
    missing + stale > 0 ? ` To generate what is ${what} costs ${formatEstimate(total)}.` : ''
  return `${parts.join(', ')}.${cost}`
}

/** What models refused, and how to ask again; empty where there is nothing. */
function refusals(rows: readonly ReportRow[]): string {
  const lines = rows.flatMap(({ place, refusal }) => (refusal ? [`  ${place}  ${refusal}`] : []))
  if (lines.length === 0) return ''
  return `Refused, and not asked for again before the declaration changes:\n${lines.join('\n')}\nTo ask again anyway: "npx gemini-image generate <name> --retry".`
}

/** What a price goes by. */
type Priced = {
  readonly [Key in 'estimate' | 'cost' | 'pinnedIn' | 'adopted']?: ReportRow[Key] | undefined
}

/** What a picture costs or has cost, in words. */
export function priceOf({ estimate, cost, pinnedIn, adopted }: Priced): string {
  if (pinnedIn !== undefined) return `free: pinned in ${pinnedIn}`
  if (estimate !== undefined) return formatEstimate(estimate)
  if (adopted !== undefined) return 'adopted'
  return cost === undefined ? '' : `${formatDollars(cost)} paid`
}

function nextStep({ missing }: PlanReport, key: string): string {
  const them = missing === 1 ? 'it' : 'them'
  return `To generate ${them}: ${key === '' ? '' : `set ${key} and `}run "npx gemini-image generate", or build the site. To build with placeholders: set GEMINI_IMAGE_MODE=placeholder.`
}
