import {
  findWaste,
  prune,
  type PinnedPicture,
  type PinnedWords,
  type Waste,
  type WasteFilter,
  readAge,
} from '@gemini-image/core/internal'
import { InvalidArgumentError, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRows } from '../project/select.ts'

interface PruneFlags {
  readonly yes?: boolean
  readonly olderThan?: number
  readonly history?: boolean
}

/** `gemini-image prune`: deletes what no declaration needs any more. */
export function pruneCommand(): Command {
  return command<PruneFlags>(
    'prune [names...]',
    'show what no declaration needs any more, or what the named pictures were before; with --yes, delete it',
    runPrune,
  )
    .option('--older-than <age>', 'only what was pinned longer ago, such as 30d', readOlderThan)
    .option('--history', 'only what declared pictures were before')
    .option('-y, --yes', 'delete it')
}

function readOlderThan(written: string): number {
  const age = readAge(written)
  if (age !== undefined) return age
  throw new InvalidArgumentError('Write an age such as 12h, 30d or 2w.')
}

/** Which part of all that nothing needs is meant. */
function filterOf(names: readonly string[], { history, olderThan }: PruneFlags): WasteFilter {
  const isOfSome = names.length > 0 || history
  return {
    choose: isOfSome
      ? ({ rows, unusedRows }) => selectRows(names, [...rows, ...unusedRows])
      : undefined,
    before: olderThan === undefined ? undefined : Date.now() - olderThan,
  }
}

async function runPrune({ args, flags, terminal }: Input<PruneFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const waste = await findWaste(project, filterOf(args, flags))
  const { entries, former, texts, formerTexts, files, remotes } = waste
  const all = [entries, former, texts, formerTexts, files, remotes]
  const isEmpty = all.every(({ length }) => length === 0)
  const deletes = Boolean(flags.yes) && !isEmpty
  const objects = files.filter((file) => !file.includes('/'))
  const bytes = objects.reduce((sum, file) => sum + project.store.sizeOf(file), 0)
  if (deletes) await prune(project, waste)
  const report = {
    deleted: deletes,
    entries: entries.map(toReport),
    former: former.map(toReport),
    texts: texts.map(({ fingerprint }) => fingerprint),
    formerTexts: formerTexts.map(({ fingerprint }) => fingerprint),
    files,
    remotes,
    bytes,
  }
  if (isEmpty) return { report, text: nothingToPrune(args, flags) }
  const hint = deletes ? '' : `Nothing was deleted. To delete it: ${commandOf(args, flags)}`
  const freed = bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB ${deletes ? 'freed' : 'to free'}.` : ''
  return { report, text: paragraphs(formatWaste(waste, deletes), freed, hint) }
}

function nothingToPrune(names: readonly string[], { history, olderThan }: PruneFlags): string {
  return names.length > 0 || history || olderThan !== undefined
    ? 'Nothing to prune of these.'
    : 'Nothing to prune: everything that is pinned is declared.'
}

/** As it must be typed to delete what was shown. */
function commandOf(names: readonly string[], { history, olderThan }: PruneFlags): string {
  const minutes = (olderThan ?? 0) / 60_000
  const age = minutes % 1440 === 0 ? `${minutes / 1440}d` : `${minutes}m`
  return [
    'npx gemini-image prune',
    ...names,
    ...(olderThan === undefined ? [] : [`--older-than ${age}`]),
    ...(history ? ['--history'] : []),
    '--yes',
  ].join(' ')
}

function toReport({ fingerprint, entry }: PinnedPicture): { fingerprint: string; file: string } {
  return { fingerprint, file: entry.file }
}

function lineOf({ fingerprint, entry }: PinnedPicture): string {
  const of = entry.from === undefined ? '' : `  of ${entry.from}`
  return `${fingerprint.slice(0, 12)}  ${entry.file}${of}`
}

function lineOfText({ fingerprint, text: { from, text } }: PinnedWords): string {
  const words = text.replaceAll(/\s+/g, ' ')
  const begin = words.length > 60 ? `${words.slice(0, 59)}…` : words
  return `${fingerprint.slice(0, 12)}  "${begin}"${from === undefined ? '' : `  of ${from}`}`
}

function formatWaste(waste: Waste, isDone: boolean): string {
  const { entries, former, texts, formerTexts, files, remotes } = waste
  const done = isDone ? 'deleted' : 'to delete'
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length > 0 ? [`${title} ${done}:`, ...lines.map((line) => `  ${line}`)] : []
  return [
    ...list(count(entries.length, 'lockfile entry', 'lockfile entries'), entries.map(lineOf)),
    ...list(count(former.length, 'former picture'), former.map(lineOf)),
    ...list(count(texts.length, 'text'), texts.map(lineOfText)),
    ...list(count(formerTexts.length, 'former text'), formerTexts.map(lineOfText)),
    ...list(count(remotes.length, 'pinned address', 'pinned addresses'), remotes),
    ...list(
      count(files.length, 'file'),
      files.map((file) => `.gemini-image/${file}`),
    ),
  ].join('\n')
}
