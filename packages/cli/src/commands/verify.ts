import { verify } from '@gemini-image/core'
import type { Command } from 'commander'
import { command, describeError, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

/** `gemini-image verify`: every pinned picture is there, byte for byte, and can be shown. */
export function verifyCommand(): Command {
  return command(
    'verify',
    'check that every pinned picture is in the store, byte for byte, and decodes',
    runVerify,
    [0, 1, 2],
  )
}

async function runVerify({ flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const { sound, adopted, texts, elsewhere, lost, corrupt } = await verify(project, {
    decodes: true,
  })
  const report = {
    sound,
    adopted,
    texts,
    elsewhere: elsewhere.map(({ fingerprint, entry }) => ({ fingerprint, file: entry.file })),
    lost: lost.map(({ fingerprint, entry }) => ({
      fingerprint,
      file: entry.file,
      from: entry.from,
    })),
    corrupt: corrupt.map(describeError),
  }
  const lines = lost.map(
    ({ entry }) => `  .gemini-image/${entry.file}${entry.from ? `  of ${entry.from}` : ''}`,
  )
  const text = paragraphs(
    `${count(sound, 'pinned picture')}${adopted > 0 ? `, ${adopted} of them adopted,` : ''}${texts > 0 ? ` and ${count(texts, 'text')}` : ''} ${sound + texts === 1 ? 'is' : 'are'} whole.`,
    elsewhere.length > 0
      ? `${count(elsewhere.length, 'picture')} in the shared store only; a build fetches what it needs.`
      : '',
    lost.length > 0
      ? `${count(lost.length, 'picture')} not in the store:\n${lines.join('\n')}\nRestore them from version control; "npx gemini-image generate" pays for new ones, and "npx gemini-image prune" forgets former ones.`
      : '',
    ...corrupt.map(({ message }) => message),
  )
  return { report, text, exitCode: corrupt.length > 0 ? 1 : lost.length > 0 ? 2 : 0 }
}
