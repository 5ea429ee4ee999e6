import { findWaste, prune, type Waste } from '@gemini-image/core/internal'
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
  const isEmpty = waste.entries.length + waste.files.length + waste.remotes.length === 0
  const deletes = Boolean(flags.yes) && !isEmpty
  if (deletes) await prune(project, waste)
  const report = {
    deleted: deletes,
    entries: waste.entries.map(({ fingerprint, entry }) => ({ fingerprint, file: entry.file })),
    files: waste.files,
    remotes: waste.remotes,
  }
  if (isEmpty) return { report, text: 'Nothing to prune: everything that is pinned is declared.' }
  const hint = deletes ? '' : 'Nothing was deleted. To delete it: npx gemini-image prune --yes'
  return { report, text: paragraphs(formatWaste(waste, deletes), hint) }
}

function formatWaste({ entries, files, remotes }: Waste, isDone: boolean): string {
  const done = isDone ? 'deleted' : 'to delete'
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length > 0 ? [`${title} ${done}:`, ...lines.map((line) => `  ${line}`)] : []
  return [
    ...list(
      count(entries.length, 'lockfile entry', 'lockfile entries'),
      entries.map(({ fingerprint, entry }) => {
        const of = entry.from === undefined ? '' : `  of ${entry.from}`
        return `${fingerprint.slice(0, 12)}  ${entry.file}${of}`
      }),
    ),
    ...list(count(remotes.length, 'pinned address', 'pinned addresses'), remotes),
    ...list(
      count(files.length, 'file'),
      files.map((file) => `.gemini-image/${file}`),
    ),
  ].join('\n')
}
