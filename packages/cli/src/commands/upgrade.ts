import { GeminiImageError, isGeminiImageError, plan, type Project } from '@gemini-image/core'
import {
  formatPlace,
  isInlineId,
  validate,
  labelOf,
  openFiles,
  parseForSite,
  parsePromptFile,
  select,
  selectionOfId,
  writeSettings,
  type Declared,
  type Outdated,
  type ResolvedOptions,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { byHand } from '../project/by-hand.ts'
import { openProject } from '../project/open-project.ts'
import { dependentsOf, missingNow, tellDependents } from './dependents.ts'
import { spend, withSpendingFlags, type SpendingFlags } from './spending.ts'
import { formatOutdated, selectOutdated } from './outdated.ts'

/** `gemini-image upgrade`: draws outdated pictures anew, on purpose. */
export function upgradeCommand(): Command {
  const created = command<SpendingFlags>(
    'upgrade [names...]',
    'draw outdated pictures anew; names a successor where a prompt file names a model that ends',
    runUpgrade,
    [0, 1, 130],
  )
  return withSpendingFlags(created)
}

async function runUpgrade({ args, flags, terminal }: Input<SpendingFlags>): Promise<Outcome> {
  const { budget, concurrency } = flags
  const options = { budget, concurrency }
  const project = await openProject(flags, terminal, { options, mode: 'auto' })
  const planned = await plan(project)
  const outdated = selectOutdated(args, planned, project)
  if (outdated.length === 0) {
    return {
      report: { generated: 0, spent: 0, renamed: [], dependents: [] },
      text: 'Nothing is outdated.',
    }
  }
  terminal.say(formatOutdated(outdated, project.options))
  const moved = outdated.filter(({ why }) => why === 'moved').map(({ row }) => row)
  const affected = dependentsOf(moved, planned)
  if (affected.length > 0)
    terminal.say(`They refer to these and become missing:\n${list(affected.map(labelOf))}`)
  const selected = { rows: moved, declarations: planned.declarations }
  const drawn = await spend({ project, plan: selected, redraw: true }, flags, terminal)
  if (drawn.exitCode) return drawn
  const successors = await findSuccessors(outdated, project, terminal)
  const renamed = (await mayRename(successors, flags, terminal)) ? successors : []
  const files = openFiles(project.options.root)
  for (const { file, model } of renamed) {
    await files.edit('prompt', file, (text) =>
      writeSettings(text, { model }, { file, root: project.options.root }),
    )
  }
  return tell(drawn, renamed, await missingNow(affected, project))
}

function tell(
  drawn: Outcome,
  renamed: readonly Successor[],
  dependents: readonly string[],
): Outcome {
  const files = renamed.map(({ path }) => path)
  const draws = (number: number): string =>
    `"npx gemini-image generate" draws ${number === 1 ? 'it' : 'them'}`
  const text = paragraphs(
    drawn.text,
    files.length > 0
      ? `${count(files.length, 'prompt file')} changed to a successor; ${draws(files.length)}:\n${list(files)}`
      : '',
    tellDependents(dependents),
  )
  return { ...drawn, text, report: { ...(drawn.report as object), renamed: files, dependents } }
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}

/** A prompt file, and the model that it is to name. */
interface Successor {
  readonly file: string
  readonly path: string
  readonly model: string
}

/** Prompt files that name a model that ends, where its successor can draw them. */
async function findSuccessors(
  outdated: readonly Outdated[],
  { options }: Project,
  terminal: Terminal,
): Promise<readonly Successor[]> {
  const found: Successor[] = []
  const files = openFiles(options.root)
  for (const { row, why, next: model } of outdated) {
    if (why !== 'ending' || model === undefined) continue
    const { id, file, place, spec, model: current } = row.declared
    // An alias moves with the catalogue; there is nothing to write.
    if (spec.model !== current.id || found.some((one) => one.file === file)) continue
    if (isInlineId(id)) {
      terminal.say(adviseByHand(row.declared, model, options))
      continue
    }
    try {
      const before = files.readText('prompt', file) ?? ''
      const { settings } = parsePromptFile(before, file, options.root)
      // Its model is that of the file that it goes on from.
      if (settings.has('after')) continue
      if (!settings.has('model')) {
        terminal.say(takesOption(place.path))
        continue
      }
      const text = writeSettings(before, { model }, { file, root: options.root })
      validate(select(parseForSite(text, file, options), selectionOfId(id)), options)
      found.push({ file, path: place.path, model })
    } catch (error) {
      if (!isGeminiImageError(error)) throw error
      terminal.say(`${place.path} was left as it is: ${model} cannot draw it.\n${error.message}`)
    }
  }
  return found
}

function adviseByHand(declared: Declared, model: string, options: ResolvedOptions): string {
  const { place, isWritten, fix } = byHand(declared, 'model', model, options)
  if (!isWritten) return takesOption(formatPlace(place))
  return `${formatPlace(place)} is in no prompt file and was left as it is: ${fix}`
}

function takesOption(place: string): string {
  return `${place} takes its model from the option "model": change it there.`
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where nobody can be asked. */
async function mayRename(
  successors: readonly Successor[],
  { yes }: SpendingFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (successors.length === 0 || yes) return true
  const files = successors.map(({ path, model }) => `${path}  ${model}`)
  const question = `Write the successor into ${count(files.length, 'prompt file')}?`
  if (terminal.isInteractive) {
    terminal.say(list(files))
    return terminal.confirm(question)
  }
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${question} This needs a yes, and this is not a terminal.`,
    why: `No prompt file was changed:\n${list(files)}`,
    fix: 'add --yes.',
  })
}
