import { branchLines, readDecisions, withheldOf } from '@gemini-image/core/internal'
import { GeminiImageError, plan } from '@gemini-image/core'
import { Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { hasKey } from '../project/has-key.ts'
import { openProject, rootOf } from '../project/open-project.ts'
import { compareWithBase } from './plan-changes.ts'
import { formatMarkdown } from './plan-markdown.ts'
import { planReport } from './plan-report.ts'
import { formatPlan } from './plan-table.ts'

interface PlanFlags {
  readonly model?: string
  readonly format?: 'table' | 'markdown'
  readonly base?: string
  readonly json?: boolean
}

/** `gemini-image plan`: what is pinned, what is missing, and what that costs. */
export function planCommand(): Command {
  return command<PlanFlags>(
    'plan',
    'show what is pinned and what is missing, with prices; spends nothing',
    runPlan,
    [0, 1, 2],
  )
    .option('--model <name>', 'the model of declarations that name none')
    .addOption(
      new Option(
        '--format <format>',
        'how to print it; markdown is fit for a pull request (default: table)',
      ).choices(['table', 'markdown']),
    )
    .option('--base <ref>', 'with markdown: the git ref to compare with')
}

async function runPlan({ flags, terminal }: Input<PlanFlags>): Promise<Outcome> {
  const { model, format = 'table', base } = flags
  assertConsistent(flags)
  const project = await openProject(flags, terminal, { options: { model }, looksOnly: true })
  const planned = await plan(project)
  const withheld = await withheldOf(project, planned.rows)
  const report = planReport(planned, project.options, withheld)
  const isMissing = report.missing + report.pending + report.refused > 0
  const exitCode = report.problems.length > 0 ? 1 : isMissing ? 2 : 0
  const { credentials } = project.options.definition
  if (format === 'table') {
    const key = hasKey(rootOf(flags), credentials) ? '' : credentials.variable
    return { report, text: formatPlan(report, key), exitCode }
  }
  const changes = await compareWithBase(planned, project.options, base)
  const paid = await branchLines(project.ledger.read(), project.options, base)
  const decisions = readDecisions(project.options)
  const context = { key: credentials.variable, withheld, paid, decisions }
  return { report, text: formatMarkdown(report, changes, context), exitCode }
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT`. */
function assertConsistent({ json, format, base }: PlanFlags): void {
  const isMarkdown = format === 'markdown'
  if (json && format !== undefined) {
    throw contradiction(`--json and --format ${format} ask for two formats.`, 'choose one of them.')
  }
  if (base !== undefined && !isMarkdown) {
    throw contradiction('--base says nothing here.', 'add --format markdown, or leave --base out.')
  }
}

function contradiction(what: string, fix: string): GeminiImageError {
  return new GeminiImageError({ code: 'INVALID_ARGUMENT', what, fix })
}
