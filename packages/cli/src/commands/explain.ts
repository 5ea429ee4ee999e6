import { formatPlace, formerOf, type Change, type Former, type PlanRow } from '@gemini-image/core'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRow } from '../project/select.ts'

/** `gemini-image explain`: what decides a picture, and what has changed since it was pinned. */
export function explainCommand(): Command {
  return command(
    'explain <picture>',
    'show what is in a picture’s fingerprint, and what has changed since it was pinned',
    runExplain,
  )
}

async function runExplain({ args, flags, terminal }: Input<object>): Promise<Outcome> {
  const engine = await openProject(flags, terminal, { looksOnly: true })
  const plan = await engine.plan()
  const row = selectRow(args[0] ?? '', [...plan.rows, ...plan.unusedRows])
  const former = row.state === 'cached' ? undefined : formerOf(row.declared, await engine.pinned())
  const { declared, state, entry } = row
  const report = {
    picture: declared.place.path,
    state,
    fingerprint: declared.fingerprint,
    request: declared.result.request,
    pinned: entry,
    former: former && {
      fingerprint: former.fingerprint,
      pinned: former.entry,
      changes: former.changes,
    },
    waitsFor: declared.waitsFor.map(({ place }) => place.path),
  }
  return { report, text: formatExplanation(row, former) }
}

function formatExplanation(row: PlanRow, former: Former | undefined): string {
  const { declared } = row
  const waits = declared.waitsFor.map(({ place }) => place.path)
  return paragraphs(
    `${formatPlace(declared.place)}  ${headline(row)}`,
    table(
      ['IN THE FINGERPRINT', declared.fingerprint],
      parts(declared.result.request).map(([part, value]) => [part, value]),
    ),
    waits.length > 0
      ? `It waits for ${waits.join(', ')}: until they are drawn, this fingerprint is provisional.`
      : '',
    'Not in it: the file’s name and place, the alternative text, and which model an alias stands for today.',
    former ? formatFormer(former) : '',
  )
}

function headline({ state, entry }: PlanRow): string {
  if (!entry) return 'is not pinned'
  const pinned = `pinned as ${entry.file}, drawn ${entry.created} by ${entry.model}`
  if (state === 'stale') return `${pinned}; it is older than "fresh" says`
  return state === 'missing' ? `${pinned}; its file is not there` : pinned
}

function formatFormer({ entry, changes }: Former): string {
  const was = `It was ${entry.file}, drawn ${entry.created}.`
  if (!changes) return `${was} The lockfile does not say what was asked for it.`
  return `${was} Since then:\n${changes.map(formatChange).join('\n')}`
}

function formatChange({ part, before, after }: Change): string {
  const lines = [`  ${part}`]
  if (before !== undefined) lines.push(`    - ${show(before)}`)
  if (after !== undefined) lines.push(`    + ${show(after)}`)
  return lines.join('\n')
}

/** A request's parts by their paths, each on a line. */
function parts(value: unknown, path = ''): readonly [part: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[path, show(value)]]
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, part]) =>
    parts(part, isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  )
}

function show(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\n', '⏎ ') : JSON.stringify(value)
}
