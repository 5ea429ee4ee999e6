import path from 'node:path'
import { DEFAULT_PROVIDER, writeWhole } from '@gemini-image/core/internal'
import { Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { AGENTS, type AgentName } from '../project/agents.ts'
import { packageOf, type Edit } from '../project/edit.ts'
import { proposeEdits } from '../project/edits.ts'
import { detectHost, type Host } from '../project/host.ts'
import { hasKey } from '../project/has-key.ts'
import { rootOf } from '../project/open-project.ts'
import { openFiles } from '../project/project-files.ts'
import { hasDeclarations, SAMPLES, type Sample } from '../project/samples.ts'

interface InitFlags {
  readonly yes?: boolean
  readonly agent?: readonly AgentName[]
}

/** `gemini-image init`: sets a project up, asking before it changes a file. */
export function initCommand(): Command {
  return command<InitFlags>(
    'init',
    'set up gemini-image here; asks before it changes a file, and offers a first prompt',
    runInit,
  )
    .option('-y, --yes', 'do not ask')
    .addOption(
      new Option(
        '--agent <clients...>',
        'coding agents that get "npx gemini-image mcp" (default: those that the project has)',
      ).choices(AGENTS),
    )
}

async function runInit({ flags, terminal }: Input<InitFlags>): Promise<Outcome> {
  const root = rootOf(flags)
  const host = await detectHost(root)
  const { edits, notes } = await proposeEdits(host, openFiles(root), flags.agent)
  const found = `Found ${host.label} in ${root}.`
  if (terminal.isInteractive) terminal.say(found)
  const mayWrite = Boolean(flags.yes) || terminal.isInteractive
  const written: string[] = []
  for (const edit of edits) {
    if (!mayWrite || !(flags.yes || (await isAgreed(edit, terminal)))) continue
    await writeWhole(path.join(root, edit.file), edit.content)
    written.push(edit.file)
  }
  const sample =
    terminal.isInteractive && !flags.yes ? await offerSample(root, terminal) : undefined
  if (sample) written.push(await writeSample(sample, root))
  const next = [...notes, ...nextSteps(host, sample, root)]
  const proposed = edits.map(({ file }) => file)
  const left = edits.filter(({ file }) => !written.includes(file))
  const text = paragraphs(
    terminal.isInteractive ? '' : found,
    whatWasDone(edits, written),
    left.length > 0 ? `Left for you:\n${left.map(describe).join('\n')}` : '',
    mayWrite || left.length === 0 ? '' : 'To write all of it: npx gemini-image init --yes',
    `Next:\n${next.map((step) => `  ${step}`).join('\n')}`,
  )
  return { report: { host: host.name, root, proposed, written, next }, text }
}

function whatWasDone(edits: readonly Edit[], written: readonly string[]): string {
  if (written.length > 0) return `Written: ${written.join(', ')}.`
  return edits.length === 0 ? 'Everything is set up; nothing was written.' : 'Nothing was written.'
}

/** A prompt to begin with, for a project that declares nothing; Enter takes the first. */
async function offerSample(root: string, terminal: Terminal): Promise<Sample | undefined> {
  if (await hasDeclarations(root)) return undefined
  const lines = SAMPLES.map(({ what }, index) => `  ${index + 1}  ${what}`)
  terminal.say(`No picture is declared here yet. One to begin with?\n${lines.join('\n')}`)
  const numbers = SAMPLES.map((_, index) => index + 1).join('/')
  const answer = await terminal.ask(`Write which? (${numbers}, n for none; Enter: 1)`)
  return answer === '' ? SAMPLES[0] : SAMPLES[Number(answer ?? 0) - 1]
}

/** @returns Its file, from the root. */
async function writeSample({ name, text }: Sample, root: string): Promise<string> {
  const file = `${openFiles(root).has('src') ? 'src/' : ''}${name}.prompt.md`
  await writeWhole(path.join(root, file), text)
  return file
}

function isAgreed(edit: Edit, terminal: Terminal): Promise<boolean> {
  terminal.say(describe(edit))
  return terminal.confirm(edit.isNew ? `Create ${edit.file}?` : `Change ${edit.file}?`)
}

function describe({ file, isNew, why, added }: Edit): string {
  const lines = added.split('\n').map((line) => `    + ${line}`.trimEnd())
  return [`  ${file}${isNew ? ' (new)' : ''}: ${why}`, ...lines].join('\n')
}

const EMIT =
  'npx gemini-image emit <folder>, before your site builds (docs/hosts.md, "Everything else")'

/** How a picture comes about and is shown. Without a plugin, nothing shows pictures. */
function firstPicture(host: Host, sample: Sample | undefined): readonly string[] {
  const hasPlugin = host.name !== 'none'
  if (!sample) {
    return hasPlugin
      ? [`write a prompt file and ${showing(host, 'hero')}`, 'npx gemini-image generate']
      : ['write a prompt file, such as pictures/hero.prompt.md', EMIT]
  }
  return [
    `npx gemini-image generate ${sample.name}`,
    hasPlugin ? showing(host, sample.name, ' where it is to be seen') : EMIT,
  ]
}

function showing({ markdown }: Host, name: string, where = ''): string {
  const imported = `import it${where}: import ${name}, { alt } from "./${name}.prompt.md?gemini-image"`
  if (markdown === undefined) return imported
  const { to, alt = '', isOnly } = markdown
  const shown = `show it in Markdown: ![${alt}](${to}${name}.prompt.md)`
  return isOnly ? shown : `${shown}; or ${imported}`
}

/**
 * What a person does next, a line each.
 * @param sample The prompt that was written to begin with.
 */
function nextSteps(host: Host, sample: Sample | undefined, root: string): readonly string[] {
  const { manager } = host.installing
  const { variable, page } = DEFAULT_PROVIDER.credentials
  // The plugins bring the command along.
  const isMissing = (name: string): boolean => !host.dependencies.has(name)
  const needs = host.needs.filter(isMissing)
  const versioned = needs.map((name) => (host.major ? `${name}@${host.major}` : name))
  const missing = [...[packageOf(host)].filter(isMissing), ...versioned]
  const add = manager === 'npm' ? 'npm install' : `${manager.replace('-classic', '')} add`
  return [
    ...(missing.length > 0 ? [`${add} -D ${[...new Set(missing)].join(' ')}`] : []),
    ...(hasKey(root, DEFAULT_PROVIDER.credentials)
      ? []
      : [`put ${variable}=… into .env.local (${page})`]),
    ...firstPicture(host, sample),
  ]
}
