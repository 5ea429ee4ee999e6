import { Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { openProject } from '../project/open-project.ts'
import { compareWithBase } from './plan-changes.ts'
import { formatMarkdown } from './plan-markdown.ts'
import { planReport } from './plan-report.ts'
import { formatPlan } from './plan-table.ts'

interface PlanFlags {
  readonly model?: string
  readonly format: 'table' | 'json' | 'markdown'
  readonly base?: string
}

/** `gemini-image plan`: what is pinned, what is missing, and what that costs. */
export function planCommand(): Command {
  return command<PlanFlags>(
    'plan',
    'show what is pinned and what is missing, with prices; spends nothing',
    runPlan,
  )
    .option('--model <name>', 'the model of declarations that name none')
    .addOption(
      new Option('--format <format>', 'how to print it; markdown is fit for a pull request')
        .choices(['table', 'json', 'markdown'])
        .default('table'),
    )
    .option('--base <ref>', 'with markdown: the git ref to compare with')
}

async function runPlan({ flags, terminal }: Input<PlanFlags>): Promise<Outcome> {
  const { model, format, base } = flags
  const engine = await openProject(flags, terminal, { options: { model }, looksOnly: true })
  const plan = await engine.plan()
  const report = planReport(plan, engine.options.root)
  const exitCode = report.problems.length > 0 ? 1 : report.missing > 0 ? 2 : 0
  if (format === 'markdown') {
    const changes = await compareWithBase(plan, engine.options, base)
    return { report, text: formatMarkdown(report, changes), exitCode }
  }
  const text = format === 'json' ? JSON.stringify(report, undefined, 2) : formatPlan(report)
  return { report, text, exitCode }
}
