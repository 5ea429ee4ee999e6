import type { Waste } from '@gemini-image/core'
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
  const engine = await openProject(flags, terminal, { looksOnly: true })
  const waste = await engine.waste()
  const isEmpty = waste.entries.length + waste.files.length + waste.remotes.length === 0
  const deletes = Boolean(flags.yes) && !isEmpty
  if (deletes) await engine.prune(waste)
  const report = {
    deleted: deletes,
    entries: waste.entries.map(({ fingerprint, entry }) => ({ fingerprint, file: entry.file })),
    files: waste.files,
    remotes: waste.remotes,
  }
  if (isEmpty) return { report, text: 'Nothing to prune: everything that is pinned is declared.' }
  const hint = deletes ? '' : 'Nothing was deleted. To delete it: gemini-image prune --yes'
  return { report, text: paragraphs(formatWaste(waste, deletes), hint) }
}

function formatWaste({ entries, files, remotes }: Waste, isDone: boolean): string {
  const done = isDone ? 'deleted' : 'to delete'
  return [
    `${count(entries.length, 'lockfile entry').replace('entrys', 'entries')} ${done}:`,
    ...entries.map(
      ({ fingerprint, entry }) =>
        `  ${fingerprint.slice(0, 12)}  ${entry.file}${entry.from ? `  of ${entry.from}` : ''}`,
    ),
    ...remotes.map((url) => `  ${url}`),
    `${count(files.length, 'file')} ${done}:`,
    ...files.map((file) => `  .gemini-image/${file}`),
  ].join('\n')
}
