import { advise, createEngine, resolveOptions, type Logger } from '@gemini-image/core'
import { Command } from 'commander'
import { planReport } from './plan-report.ts'
import { formatPlan } from './plan-table.ts'

interface PlanFlags {
  readonly root?: string
  readonly model?: string
  readonly json?: boolean
}

/** `gemini-image plan`: what is pinned, what is missing, and what that costs. */
export function planCommand(): Command {
  return new Command('plan')
    .description('show what is pinned and what is missing, with prices; spends nothing')
    .option('--root <dir>', 'the folder of the site (default: the nearest from here upwards)')
    .option('--model <name>', 'the model of declarations that name none')
    .option('--json', 'print JSON')
    .action(runPlan)
}

async function runPlan({ root, model, json }: PlanFlags): Promise<void> {
  // A plan can be made in any mode, also where the environment forbids to generate.
  const surroundings = { hostRoot: process.cwd(), env: {}, logger: stderrLogger }
  const engine = createEngine(resolveOptions({ root, model }, surroundings))
  const plan = await engine.plan()
  const report = planReport(plan, engine.options.root)
  const text = json
    ? `${JSON.stringify(report, undefined, 2)}\n`
    : formatPlan(report, advise(plan.rows, new Date()))
  process.stdout.write(text)
  if (report.problems.length > 0) process.exitCode = 1
  else if (report.missing > 0) process.exitCode = 2
}

const stderrLogger: Logger = {
  info: (message) => void process.stderr.write(`${message}\n`),
  warn: (message) => void process.stderr.write(`${message}\n`),
}
