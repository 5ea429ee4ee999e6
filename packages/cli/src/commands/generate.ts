import {
  captionOf,
  fetchPlan,
  joinErrors,
  repair,
  share,
  warnOfAlts,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { parseShard, selectRows, takeShard } from '../project/select.ts'
import { spend, withSpendingFlags, type SpendingFlags } from './spending.ts'
import { submitBatch } from './submit-batch.ts'

interface GenerateFlags extends SpendingFlags {
  readonly shard?: string
  readonly batch?: boolean
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
    .option('--batch', 'submit it as a batch job: half the price, within a day')
}

async function runGenerate({ args, flags, terminal }: Input<GenerateFlags>): Promise<Outcome> {
  const { shard, budget, concurrency } = flags
  const options = { budget, concurrency }
  const project = await openProject(flags, terminal, { options, mode: 'auto' })
  const plan = await fetchPlan(project)
  await repair(project)
  const problems = args.length === 0 ? plan.problems : []
  if (problems.length > 0) throw joinErrors(problems)
  const named = selectRows(args, plan.rows, plan.unusedRows)
  const alts = warnOfAlts(named.map(({ declared }) => captionOf(declared)))
  if (alts !== undefined) terminal.say(alts)
  const due = named.filter(({ state }) => state !== 'cached')
  const rows = shard === undefined ? due : takeShard(due, parseShard(shard))
  const selected = { rows, declarations: plan.declarations }
  if (flags.batch) return submitBatch(project, selected, flags, terminal)
  const done = await spend({ project, plan: selected }, flags, terminal)
  const uploaded = await share(project)
  if (uploaded === 0) return done
  const text = `${done.text}\n${count(uploaded, 'picture')} uploaded to ${project.options.shared?.store.name}.`
  return { ...done, report: { ...(done.report as object), uploaded }, text }
}
