import path from 'node:path'
import { writeWhole } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { packageOf, type Edit } from '../project/edit.ts'
import { proposeEdits } from '../project/edits.ts'
import { detectHost, type Host } from '../project/host.ts'
import { rootOf } from '../project/open-project.ts'
import { openFiles } from '../project/project-files.ts'

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
  const root = rootOf(flags)
  const host = await detectHost(root)
  const { edits, notes } = await proposeEdits(host, openFiles(root))
  const mayWrite = Boolean(flags.yes) || terminal.isInteractive
  const written: string[] = []
  for (const edit of edits) {
    if (!mayWrite || !(flags.yes || (await isAgreed(edit, terminal)))) continue
    await writeWhole(path.join(root, edit.file), edit.content)
    written.push(edit.file)
  }
  const next = [...notes, ...nextSteps(host)]
  const proposed = edits.map(({ file }) => file)
  const left = edits.filter(({ file }) => !written.includes(file))
  const text = paragraphs(
    `Found ${host.label} in ${root}.`,
    whatWasDone(edits, written),
    left.length > 0 ? `Left for you:\n${left.map(describe).join('\n')}` : '',
    mayWrite || left.length === 0 ? '' : 'To write all of it: npx gemini-image init --yes',
    `Next:\n${next.map((step) => `  ${step}`).join('\n')}`,
  )
  return { report: { host: host.name, root, proposed, written, next }, text }
}

function whatWasDone(edits: readonly Edit[], written: readonly string[]): string {
  if (edits.length === 0) return 'Everything is set up; nothing was written.'
  return written.length > 0 ? `Written: ${written.join(', ')}.` : 'Nothing was written.'
}

function isAgreed(edit: Edit, terminal: Terminal): Promise<boolean> {
  terminal.say(describe(edit))
  return terminal.confirm(edit.isNew ? `Create ${edit.file}?` : `Change ${edit.file}?`)
}

function describe({ file, isNew, why, added }: Edit): string {
  const lines = added.split('\n').map((line) => `    + ${line}`.trimEnd())
  return [`  ${file}${isNew ? ' (new)' : ''}: ${why}`, ...lines].join('\n')
}

const WITH_PLUGIN = [
  'write a prompt file and import it: import hero from "./hero.prompt.md?gemini-image"',
  'npx gemini-image generate',
]

/** Nothing imports pictures there. */
const WITHOUT_PLUGIN = [
  'write a prompt file, such as pictures/hero.prompt.md',
  'npx gemini-image emit <folder>, before your site builds (docs/hosts.md, "Everything else")',
]

/** What a person does next, a line each. */
function nextSteps(host: Host): readonly string[] {
  const { manager } = host.installing
  const missing = [packageOf(host), 'gemini-image', ...host.needs].filter(
    (name) => !host.dependencies.has(name),
  )
  const add = manager === 'npm' ? 'npm install' : `${manager.replace('-classic', '')} add`
  return [
    ...(missing.length > 0 ? [`${add} -D ${[...new Set(missing)].join(' ')}`] : []),
    'put GEMINI_API_KEY=… into .env.local (https://aistudio.google.com/apikey)',
    ...(host.name === 'none' ? WITHOUT_PLUGIN : WITH_PLUGIN),
  ]
}
