import { labelPinned } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

/** `gemini-image label`: labels what was drawn before pictures were labelled. */
export function labelCommand(): Command {
  return command(
    'label',
    'write AI labels into pinned pictures that have none, and pin them anew; pays for nothing',
    runLabel,
  )
}

async function runLabel({ flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const { labelled, kept, lost } = await labelPinned(project)
  const report = {
    labelled: [...labelled].map(([former, file]) => ({ former, file })),
    kept,
    lost,
  }
  const lines = [...labelled.values()].map((file) => `  .gemini-image/${file}`)
  const text = paragraphs(
    labelled.size > 0 ? `${count(labelled.size, 'picture')} labelled:\n${lines.join('\n')}` : '',
    kept.length > 0
      ? `${count(kept.length, 'picture')} left alone: labelled, or with metadata of their own.`
      : '',
    lost.length > 0
      ? `${count(lost.length, 'picture')} not in the store: restore them and run this again.`
      : '',
    labelled.size > 0 ? 'Commit gemini-image.lock and .gemini-image together.' : '',
  )
  return { report, text: text.trim() ? text : 'Nothing is pinned.' }
}
