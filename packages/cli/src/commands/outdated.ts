import { readFile } from 'node:fs/promises'
import { styleText } from 'node:util'
import {
  estimateSteps,
  findOutdated,
  formatPlace,
  setSetting,
  writeWhole,
  type Outdated,
} from '@gemini-image/core'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRows } from '../project/select.ts'
import { spend, withSpendingFlags, type SpendingFlags } from './spending.ts'

/** `gemini-image outdated`: pinned pictures whose model has moved on. */
export function outdatedCommand(): Command {
  return command(
    'outdated [names...]',
    'show pictures whose alias has moved to another model, or whose model is about to end',
    runOutdated,
  )
}

/** `gemini-image upgrade`: draws them anew, on purpose. */
export function upgradeCommand(): Command {
  const created = command<SpendingFlags>(
    'upgrade [names...]',
    'draw outdated pictures anew; names a successor where a prompt file names a model that ends',
    runUpgrade,
  )
  return withSpendingFlags(created)
}

async function runOutdated({ args, flags, terminal }: Input<object>): Promise<Outcome> {
  const engine = await openProject(flags, terminal, { looksOnly: true })
  const plan = await engine.plan()
  const outdated = findOutdated(selectRows(args, plan.rows, plan.unusedRows), new Date())
  const report = outdated.map(({ row, why, model, next, shutdown }) => ({
    picture: row.declared.place.path,
    why,
    model,
    next,
    shutdown,
  }))
  const hint =
    outdated.length > 0 ? 'Nothing changes by itself. To draw them anew: gemini-image upgrade' : ''
  const text =
    outdated.length > 0 ? paragraphs(formatOutdated(outdated), hint) : 'Nothing is outdated.'
  return { report, text, exitCode: outdated.length > 0 ? 2 : 0 }
}

async function runUpgrade({ args, flags, terminal }: Input<SpendingFlags>): Promise<Outcome> {
  const { budget, concurrency } = flags
  const engine = await openProject(flags, terminal, {
    options: { budget, concurrency },
    mode: 'auto',
  })
  const plan = await engine.plan()
  const outdated = findOutdated(selectRows(args, plan.rows, plan.unusedRows), new Date())
  if (outdated.length === 0) return { report: { generated: 0 }, text: 'Nothing is outdated.' }
  terminal.say(formatOutdated(outdated))
  const moved = outdated.filter(({ why }) => why === 'moved').map(({ row }) => row)
  const ending = outdated.filter(
    ({ why, row }) => why === 'ending' && row.declared.spec.model === row.declared.model.id,
  )
  const estimate = estimateSteps(moved.map(({ declared }) => declared))
  const drawn = await spend({ engine, rows: moved, estimate, redraw: true }, flags, terminal)
  if (drawn.exitCode !== 0 || ending.length === 0) return drawn
  const renamed = await renameModels(ending)
  return {
    ...drawn,
    text: `${drawn.text}\n${count(renamed, 'prompt file')} changed to a successor; "gemini-image generate" draws ${renamed === 1 ? 'it' : 'them'}.`,
  }
}

/** Writes the successor into prompt files that name a model that ends. */
async function renameModels(ending: readonly Outdated[]): Promise<number> {
  let renamed = 0
  for (const { row, next } of ending) {
    if (next === undefined) continue
    const { file } = row.declared
    await writeWhole(file, setSetting(await readFile(file, 'utf8'), 'model', next))
    renamed += 1
  }
  return renamed
}

function formatOutdated(outdated: readonly Outdated[]): string {
  return table(
    ['PICTURE', 'MODEL', 'NEXT', 'WHY'],
    outdated.map(({ row, why, model, next, shutdown }) => [
      formatPlace(row.declared.place),
      model,
      styleText('green', next ?? ''),
      why === 'moved'
        ? `"${row.declared.spec.model}" stands for ${next} now`
        : `Google ends ${model} on ${shutdown}`,
    ]),
  )
}
