import {
  findWaste,
  prune,
  type PinnedPicture,
  type PinnedWords,
  type Waste,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

interface PruneFlags {
  readonly yes?: boolean
}

/** `gemini-image prune`: deletes what no declaration needs any more. */
export function pruneCommand(): Command {
  return command<PruneFlags>(
    'prune',
    'show what no declaration needs any more; with --yes, delete it',
    runPrune,
  ).option('-y, --yes', 'delete it')
}

async function runPrune({ flags, terminal }: Input<PruneFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const waste = await findWaste(project)
  const { entries, former, texts, formerTexts, files, remotes } = waste
  const all = [entries, former, texts, formerTexts, files, remotes]
  const isEmpty = all.every(({ length }) => length === 0)
  const deletes = Boolean(flags.yes) && !isEmpty
  if (deletes) await prune(project, waste)
  const report = {
    deleted: deletes,
    entries: entries.map(toReport),
    former: former.map(toReport),
    texts: texts.map(({ fingerprint }) => fingerprint),
    formerTexts: formerTexts.map(({ fingerprint }) => fingerprint),
    files,
    remotes,
  }
  if (isEmpty) return { report, text: 'Nothing to prune: everything that is pinned is declared.' }
  const hint = deletes ? '' : 'Nothing was deleted. To delete it: npx gemini-image prune --yes'
  return { report, text: paragraphs(formatWaste(waste, deletes), hint) }
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
