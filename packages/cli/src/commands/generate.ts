import {
  GeminiImageError,
  plan as planAgain,
  type Plan,
  type PlanRow,
  type Project,
} from '@gemini-image/core'
import {
  captionOf,
  fetchPlan,
  joinErrors,
  labelOf,
  repair,
  share,
  warnOfAlts,
} from '@gemini-image/core/internal'
import { Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { openProject } from '../project/open-project.ts'
import { parseShard, selectRows, takeShard } from '../project/select.ts'
import { dependentsOf, missingNow, tellDependents, tellWayBack } from './dependents.ts'
import { FIRST_STEP } from './plan-table.ts'
import { spend, withSpendingFlags, type SpendingFlags } from './spending.ts'
import { submitBatch } from './submit-batch.ts'

interface GenerateFlags extends SpendingFlags {
  readonly shard?: string
  readonly batch?: boolean
  readonly again?: boolean
  readonly retry?: boolean
}

/** `gemini-image generate`: draws what is missing or stale. */
export function generateCommand(): Command {
  const created = command<GenerateFlags>(
    'generate [names...]',
    'generate what is missing or stale; names are "hero", paths or globs',
    runGenerate,
    [0, 1, 130],
  )
  return withSpendingFlags(created)
    .option('--shard <part>', 'one part of the work, such as 1/4')
    .option('--retry', 'ask again for pictures that the model refused, and pay again')
    .option('--batch', 'submit it as a batch job: half the price, within a day')
    .addOption(
      new Option(
        '--again',
        'generate another picture of each name, and keep the present one for "pick --former"',
      ).conflicts('batch'),
    )
}

async function runGenerate({ args, flags, terminal }: Input<GenerateFlags>): Promise<Outcome> {
  const { shard, budget, concurrency, again } = flags
  if (again && args.length === 0) throw unnamed()
  const options = { budget, concurrency }
  const project = await openProject(flags, terminal, { options, mode: 'auto' })
  const plan = await fetchPlan(project)
  await repair(project)
  const problems = args.length === 0 ? plan.problems : []
  if (problems.length > 0) throw joinErrors(problems)
  if (args.length === 0 && plan.rows.length === 0) {
    const report = { generated: 0, spent: 0, isInterrupted: false }
    return { report, text: `Nothing to generate: no picture is declared. ${FIRST_STEP}` }
  }
  const named = selectRows(args, plan.rows, plan.unusedRows)
  const alts = warnOfAlts(named.map(({ declared }) => captionOf(declared)))
  if (alts !== undefined) terminal.say(alts)
  const due = again ? named : named.filter(({ state }) => state !== 'pinned')
  const rows = shard === undefined ? due : takeShard(due, parseShard(shard))
  const selected = { rows, declarations: plan.declarations }
  if (flags.batch) return submitBatch(project, selected, flags, terminal)
  const done = again
    ? await generateAgain(rows, plan, project, flags, terminal)
    : await spend({ project, plan: selected, retry: flags.retry ?? false }, flags, terminal)
  const uploaded = await share(project)
  if (uploaded === 0) return done
  const text = `${done.text}\n${count(uploaded, 'picture')} uploaded to ${project.options.shared?.store.name}.`
  return { ...done, report: { ...(done.report as object), uploaded }, text }
}

/** Asks for another picture of each, whether there is one or not. */
async function generateAgain(
  rows: readonly PlanRow[],
  plan: Plan,
  project: Project,
  flags: GenerateFlags,
  terminal: Terminal,
): Promise<Outcome> {
  const affected = dependentsOf(rows, plan)
  if (affected.length > 0) {
    terminal.say(
      `They refer to these and become missing:\n${affected.map((one) => `  ${labelOf(one)}`).join('\n')}`,
    )
  }
  const selected = { rows, declarations: plan.declarations }
  const done = await spend({ project, plan: selected, redraw: true }, flags, terminal)
  const dependents = await missingNow(affected, project)
  const now = await planAgain(project)
  const waysBack = await Promise.all(rows.map((row) => tellWayBack(row, project, now)))
  const text = paragraphs(done.text, ...waysBack, tellDependents(dependents))
  return { ...done, text, report: { ...(done.report as object), dependents } }
}

function unnamed(): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: '--again was given without the name of a picture.',
    why: 'Nothing was generated.',
    fix: 'name the pictures: npx gemini-image generate hero --again',
  })
}
