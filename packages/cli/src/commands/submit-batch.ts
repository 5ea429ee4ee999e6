import type { Project } from '@gemini-image/core'
import {
  assertCanGenerate,
  estimateReady,
  formatEstimate,
  formatPlace,
  selectReady,
  submitBatch as submit,
  type LeftOut,
  type Selection,
  type SubmitSummary,
} from '@gemini-image/core/internal'
import { describeError, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { agrees, type SpendingFlags } from './spending.ts'

/** Submits what is missing as batch jobs: asks first, and tells what each picture waits for. */
export async function submitBatch(
  project: Project,
  plan: Selection,
  { yes, retry }: SpendingFlags & { readonly retry?: boolean },
  terminal: Terminal,
): Promise<Outcome> {
  if (plan.rows.length === 0) return { report: NOTHING, text: 'Nothing to generate.' }
  assertCanGenerate(project, plan.rows)
  const { ready } = await selectReady(project, plan.rows, { retry })
  const question = `Submit ${count(ready.length, 'picture')} for about ${formatEstimate(estimateReady(ready))}?`
  if (ready.length > 0 && !yes && !(await agrees(question, terminal))) {
    return { report: NOTHING, text: 'Nothing was submitted.' }
  }
  const summary = await submit(project, plan, { retry })
  return outcome(summary)
}

const NOTHING = { jobs: [], waiting: [], pending: [], notBatchable: [], refused: [], failures: [] }

function outcome({ failures, ...summary }: SubmitSummary): Outcome {
  const { jobs, estimate, waiting, pending, notBatchable, refused } = summary
  const lines = jobs.map(
    ({ id, model, items }) => `  ${id}  ${count(items.length, 'picture')}  ${model}`,
  )
  const text = paragraphs(
    jobs.length > 0
      ? `${count(jobs.length, 'job')} submitted, for about ${formatEstimate(estimate)}:\n${lines.join('\n')}\nWhat they are is recorded in gemini-image.batch. "npx gemini-image batch collect --wait" lands the pictures.`
      : 'No job was submitted.',
    leftOut('in an open job already', pending),
    leftOut('waiting for other pictures; run this again once those have landed', waiting),
    leftOut('not possible in a batch; generate them without --batch', notBatchable),
    leftOut('refused before; --retry asks for the same again', refused),
    ...failures.map(({ message }) => message),
  )
  const report = { ...summary, failures: failures.map(describeError) }
  return { report, text, exitCode: failures.length > 0 ? 1 : 0 }
}

function leftOut(why: string, items: readonly LeftOut[]): string {
  if (items.length === 0) return ''
  const lines = items.map(
    ({ place, label, why: reason }) =>
      `  ${formatPlace(place)}${label && ` (${label})`}: ${reason}`,
  )
  return `${count(items.length, 'picture')} ${why}:\n${lines.join('\n')}`
}
