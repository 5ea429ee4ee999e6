import { GeminiImageError, generate, type Project } from '@gemini-image/core'
import {
  assertCanGenerate,
  estimateSteps,
  formatDollars,
  formatEstimate,
  stepsOf,
  stepsToPay,
  withheldOf,
  type Progress,
  type Selection,
  type Generated,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import type { Outcome } from '../command.ts'
import { readCount, readDollars } from '../output/numbers.ts'
import { showProgress } from '../output/progress.ts'
import { count } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { whileInterruptible } from '../project/interrupt.ts'

/** Flags of every command that spends. */
export interface SpendingFlags {
  readonly budget?: number
  readonly concurrency?: number
  readonly yes?: boolean
}

/** Adds the flags of a command that spends. */
export function withSpendingFlags(created: Command): Command {
  return withLimits(created).option('-y, --yes', 'do not ask before spending')
}

/** Adds the flags that limit what a command spends. */
export function withLimits(created: Command): Command {
  return created
    .option('--budget <dollars>', 'the most that this run may spend', readDollars)
    .option('--concurrency <calls>', 'calls side by side', readCount)
}

/** What a command is about to pay for. */
export interface Spending {
  readonly project: Project
  readonly plan: Selection
  /** Draws anew what is pinned, too. @default false */
  readonly redraw?: boolean
  /** Asks again for what was refused. @default false */
  readonly retry?: boolean
}

/** Asks, generates, and tells what it did. */
export async function spend(
  { project, plan, redraw = false, retry = false }: Spending,
  { yes }: SpendingFlags,
  terminal: Terminal,
): Promise<Outcome> {
  const { rows } = plan
  if (rows.length === 0) return outcome(NOTHING, false)
  assertCanGenerate(project, rows)
  const withheld = await withheldOf(project, rows, { retry: redraw || retry })
  const payable = rows
    .map(({ declared, missing }) =>
      stepsToPay([{ missing: redraw ? stepsOf(declared) : missing }], withheld),
    )
    .filter(({ length }) => length > 0)
  const question = `Generate ${count(payable.length, 'picture')} for about ${formatEstimate(estimateSteps(payable.flat()))}?`
  if (payable.length > 0 && !yes && !(await agrees(question, terminal)))
    return outcome(NOTHING, false)
  let done: Generated = NOTHING
  const show = showProgress(terminal)
  const onProgress = (progress: Progress): void => {
    done = { generated: progress.ended - progress.failed, spent: progress.spent }
    show(progress)
  }
  const { isInterrupted, value } = await whileInterruptible(project, terminal, () =>
    generate(project, plan, { onProgress, redraw, retry }),
  )
  return outcome(value ?? done, isInterrupted)
}

const NOTHING: Generated = { generated: 0, spent: 0 }

/**
 * Asks before money is spent.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where nobody can be asked.
 */
export async function agrees(question: string, terminal: Terminal): Promise<boolean> {
  if (terminal.isInteractive) return terminal.confirm(question)
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${question} This needs a yes, and this is not a terminal.`,
    why: 'Nothing was generated.',
    fix: 'add --yes; the budget is still checked before the first call.',
  })
}

function outcome({ generated, spent }: Generated, isInterrupted: boolean): Outcome {
  const did =
    generated === 0
      ? 'Nothing to generate'
      : `${count(generated, 'picture')} generated for ${formatDollars(spent)}`
  const text = isInterrupted ? `Stopped. ${did}; what has landed is kept.` : `${did}.`
  return { report: { generated, spent, isInterrupted }, text, exitCode: isInterrupted ? 130 : 0 }
}
