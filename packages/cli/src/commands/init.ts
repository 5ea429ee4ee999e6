import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { findProjectRoot, writeWhole } from '@gemini-image/core'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { detectHost } from '../project/host.ts'
import { proposeEdits, type Edit } from '../project/edits.ts'

interface InitFlags {
  readonly yes?: boolean
}

/** `gemini-image init`: sets a project up, asking before it changes a file. */
export function initCommand(): Command {
  return command<InitFlags>(
    'init',
    'set up gemini-image here; asks before it changes a file',
    runInit,
  ).option('-y, --yes', 'do not ask')
}

async function runInit({ flags, terminal }: Input<InitFlags>): Promise<Outcome> {
  const root = findProjectRoot(flags.root, process.cwd())
  const host = await detectHost(root)
  const read = (file: string): Promise<string | undefined> =>
    readFile(path.join(root, file), 'utf8').catch(() => undefined)
  const edits = await proposeEdits(host, read)
  const mayWrite = Boolean(flags.yes) || terminal.isInteractive
  const written: string[] = []
  for (const edit of edits) {
    if (!mayWrite || !(flags.yes || (await isAgreed(edit, terminal)))) continue
    await writeWhole(path.join(root, edit.file), edit.content)
    written.push(edit.file)
  }
  const report = { host: host.name, proposed: edits.map(({ file }) => file), written }
  const left = edits.filter(({ file }) => !written.includes(file))
  const text = paragraphs(
    `Found ${host.label} in ${root}.`,
    written.length > 0 ? `Written: ${written.join(', ')}.` : 'Nothing was written.',
    left.length > 0 ? `Left for you:\n${left.map(describe).join('\n')}` : '',
    mayWrite ? '' : 'To write all of it: gemini-image init --yes',
    `Next:\n${host.nextSteps.map((step) => `  ${step}`).join('\n')}`,
  )
  return { report, text }
}

function isAgreed(edit: Edit, terminal: Terminal): Promise<boolean> {
  terminal.say(describe(edit))
  return terminal.confirm(edit.isNew ? `Create ${edit.file}?` : `Change ${edit.file}?`)
}

function describe({ file, isNew, why, added }: Edit): string {
  const lines = added.split('\n').map((line) => `    + ${line}`.trimEnd())
  return [`  ${file}${isNew ? ' (new)' : ''}: ${why}`, ...lines].join('\n')
}
