import { stripVTControlCharacters, styleText } from 'node:util'
import { formatDollars, formatEstimate, type Estimate } from '@gemini-image/core'
import type { PlanReport, ReportRow } from './plan-report.ts'

const COLOURS = { cached: 'green', stale: 'cyan', missing: 'yellow', unused: 'gray' } as const

/**
 * A plan for people: a table, a total, and what to do next. Colours follow the terminal and
 * `NO_COLOR`.
 */
export function formatPlan(report: PlanReport, advice: readonly string[]): string {
  const sections = [table(report.rows), summary(report)]
  for (const line of advice) sections.push(line)
  for (const { message } of report.problems) sections.push(message)
  if (report.missing > 0) sections.push(nextStep(report))
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function table(rows: readonly ReportRow[]): string {
  if (rows.length === 0) return ''
  const cells = rows.map(({ state, place, model, size, calls, pixels, estimate, cost }) => [
    styleText(COLOURS[state], state),
    place,
    model ?? '',
    (size ?? '') + (calls ? ` × ${calls}` : ''),
    pixels ? `${pixels.width}×${pixels.height}` : '',
    price(estimate, cost),
  ])
  const head = ['STATE', 'PICTURE', 'MODEL', 'ASKED', 'PIXELS', 'PRICE']
  const all = [head.map((word) => styleText('dim', word)), ...cells]
  const widths = head.map((_, column) => Math.max(...all.map((row) => visible(row[column]))))
  return all
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function price(estimate: Estimate | undefined, cost: number | undefined): string {
  if (estimate !== undefined) return formatEstimate(estimate)
  return cost === undefined ? '' : `${formatDollars(cost)} paid`
}

function summary({ cached, stale, missing, unused, total }: PlanReport): string {
  const parts = [`${cached} cached`, `${missing} missing`]
  if (stale > 0) parts.push(`${stale} stale`)
  if (unused > 0) parts.push(`${unused} unused`)
  const what = stale > 0 ? 'missing or stale' : 'missing'
  const cost =
    missing + stale > 0 ? ` To generate what is ${what} costs ${formatEstimate(total)}.` : ''
  return `${parts.join(', ')}.${cost}`
}

function nextStep({ missing }: PlanReport): string {
  const them = missing === 1 ? 'it' : 'them'
  return `To generate ${them}: set GEMINI_API_KEY and build the site. To build with stand-ins: set GEMINI_IMAGE_MODE=placeholder.`
}

function visible(text = ''): number {
  return stripVTControlCharacters(text).length
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)))
}
