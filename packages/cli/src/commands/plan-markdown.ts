import { formatDollars, formatEstimate } from '@gemini-image/core'
import type { ImageLinks } from './image-links.ts'
import type { PictureChange, PlanChanges } from './plan-changes.ts'
import type { PlanReport } from './plan-report.ts'
import { planSummary } from './plan-table.ts'

/** The width of a thumbnail, in pixels; three columns fit a pull request's page. */
const THUMBNAIL = 240

/**
 * A plan for a pull request: what changed, with thumbnails before and after, alternative texts and
 * prices. Fit for a job summary or a comment.
 * @see https://github.github.com/gfm/
 */
export function formatMarkdown(report: PlanReport, { base, changes, links }: PlanChanges): string {
  const since = base === undefined ? '' : ` since \`${base}\``
  const title = report.missing > 0 ? '⚠️ Pictures are missing' : 'Generated pictures'
  const parts = [`### ${title}`, planSummary(report)]
  if (changes.length === 0) parts.push(`No picture has changed${since}.`)
  else parts.push(changesTable(changes, links), ...changes.flatMap(promptOf))
  if (report.missing > 0) parts.push(HOW_TO_GENERATE)
  for (const { message } of report.problems) parts.push(['```', message, '```'].join('\n'))
  for (const line of report.advice) parts.push(`> ${line.replaceAll('\n', '\n> ')}`)
  return `${parts.join('\n\n')}\n`
}

const HOW_TO_GENERATE =
  'Run `npx gemini-image generate` with `GEMINI_API_KEY` set, look at the pictures, and commit `gemini-image.lock` and `.gemini-image/`.'

function changesTable(changes: readonly PictureChange[], links: ImageLinks): string {
  const rows = changes.map((change) => {
    const { kind, path, row, before, after } = change
    const alt = row?.declared.spec.alt
    const cells = [
      `**${kind}**<br>\`${path}\``,
      before ? thumbnail(links.before(before.file), 'before') : '',
      after ? thumbnail(links.after(after.file), alt ?? 'after') : '',
      alt === undefined ? (row ? '⚠️ none' : '') : escapeText(alt || '(decorative)'),
      priceOf(change),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| picture | before | after | alternative text | price |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function priceOf({ kind, row, after }: PictureChange): string {
  if (after) return `${formatDollars(after.cost)} paid`
  return kind === 'removed' || !row ? '' : formatEstimate(row.estimate)
}

function thumbnail(url: string, alt: string): string {
  return `<img src="${escapeText(url)}" alt="${escapeText(alt)}" width="${THUMBNAIL}">`
}

function promptOf({ path, row }: PictureChange): string[] {
  if (!row) return []
  const prompt = escapeText(row.declared.spec.prompt, '<br>')
  return [
    `<details><summary>Prompt of <code>${escapeText(path)}</code></summary>\n\n${prompt}\n\n</details>`,
  ]
}

/** Text that may hold anything, as Markdown that shows it and notifies nobody. */
function escapeText(text: string, newline = ' '): string {
  const escaped = text.replaceAll(
    /[&<>"'|`*_[\]\\@#]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  )
  return escaped.replaceAll(/\s*\n\s*/g, newline)
}
