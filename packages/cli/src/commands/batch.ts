import {
  cancelBatches,
  collectBatches,
  countResults,
  formatDollars,
  formatEstimate,
  formatPlace,
  resumeBatches,
  showBatches,
  type BatchItem,
  type CollectSummary,
  type JobStatus,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, describeError, type Input, type Outcome } from '../command.ts'
import { count, paragraphs, table } from '../output/table.ts'
import { whileInterruptible } from '../project/interrupt.ts'
import { openProject } from '../project/open-project.ts'
import { agrees } from './spending.ts'

interface ResumeFlags {
  readonly yes?: boolean
}

interface CollectFlags {
  readonly wait?: boolean
}

/** `gemini-image batch`: shows the batch jobs that are under way; collects, resumes, cancels them. */
export function batchCommand(): Command {
  return command('batch', 'show the batch jobs that are under way', runShow)
    .addCommand(
      command<CollectFlags>(
        'collect',
        'land the pictures of jobs that have ended',
        runCollect,
      ).option('--wait', 'wait for the others'),
    )
    .addCommand(
      command<ResumeFlags>(
        'resume',
        'clear up jobs whose submission was cut off',
        runResume,
      ).option('-y, --yes', 'do not ask before spending'),
    )
    .addCommand(
      command(
        'cancel [jobs...]',
        'cancel jobs, all or some; what is drawn already lands',
        runCancel,
      ),
    )
}

async function runShow({ flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const jobs = await showBatches(project)
  const report = jobs.map(({ problem, ...job }) => ({
    ...job,
    problem: problem && describeError(problem),
  }))
  if (jobs.length === 0) return { report, text: 'No batch job is under way.' }
  const problems = jobs.flatMap(({ problem }) => problem?.message ?? [])
  const text = paragraphs(formatJobs(jobs), ...problems, nextStep(jobs))
  return { report, text, exitCode: problems.length > 0 ? 1 : 0 }
}

function formatJobs(jobs: readonly JobStatus[]): string {
  return table(
    ['JOB', 'STATE', 'PICTURES', 'MODEL', 'PRICE', 'SUBMITTED', 'EXPIRES'],
    jobs.map(({ id, state, counts, items, model, estimate, age, expires }) => [
      id,
      state,
      counts ? `${counts.succeeded + counts.failed} of ${counts.total}` : String(items.length),
      model,
      formatEstimate(estimate),
      `${formatAge(age)} ago`,
      expires?.toISOString().slice(0, 16).replace('T', ' ') ?? '',
    ]),
  )
}

function nextStep(jobs: readonly JobStatus[]): string {
  if (jobs.some(({ state }) => state === 'submitting')) {
    return 'A job that is "submitting" may have been created: npx gemini-image batch resume'
  }
  return 'To land what is ready: npx gemini-image batch collect; to wait for all: npx gemini-image batch collect --wait'
}

/** `age` is in milliseconds. */
function formatAge(age: number): string {
  const minutes = Math.round(age / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

async function runCollect({ flags, terminal }: Input<CollectFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const { value, isInterrupted } = await whileInterruptible(project, terminal, () =>
    collectBatches(project, { wait: flags.wait }),
  )
  if (!value) return { report: { isInterrupted }, text: 'Stopped.', exitCode: 130 }
  const collected = describeCollected(value)
  return isInterrupted ? { ...collected, exitCode: 130 } : collected
}

async function runCancel({ args, flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  return describeCollected(await cancelBatches(project, args.length > 0 ? args : undefined))
}

async function runResume({ flags, terminal }: Input<ResumeFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const { company } = project.options
  const { failures, ...summary } = await resumeBatches(project, {
    mayCreate: async (items, price) => {
      const question = `${company} has no job for ${count(items.length, 'picture')}. Create it, for about ${formatEstimate(price)}?`
      return flags.yes ?? agrees(question, terminal)
    },
  })
  const { adopted, created, missing, estimate } = summary
  const nothing = adopted.length + created.length + missing.length + failures.length === 0
  const text = paragraphs(
    nothing ? 'Every job of the record is known to have been created.' : '',
    adopted.length > 0 ? `Found at ${company}: ${adopted.join(', ')}.` : '',
    created.length > 0
      ? `Created now, for about ${formatEstimate(estimate)}: ${created.join(', ')}.`
      : '',
    list('without a job after all; the next run asks for them anew', missing),
    ...failures.map(({ message }) => message),
  )
  const report = { ...summary, failures: failures.map(describeError) }
  return { report, text, exitCode: failures.length > 0 ? 1 : 0 }
}

function describeCollected({ failures, ...summary }: CollectSummary): Outcome {
  const { landed, kept, missing, running, unconfirmed, spent } = summary
  const isEmpty =
    landed.length + kept.length + missing.length + running.length + unconfirmed.length === 0
  const text = paragraphs(
    landed.length > 0 || spent > 0
      ? `${countResults(landed.map(({ entry }) => entry))} landed; the jobs cost ${formatDollars(spent)}.`
      : '',
    isEmpty && failures.length === 0 ? 'No batch job is under way.' : '',
    list('pinned in the meantime by other means; what was pinned stays', kept),
    list('without an answer; the next run asks for them anew', missing),
    running.length > 0 ? `Still under way: ${running.join(', ')}.` : '',
    unconfirmed.length > 0
      ? `Not known to have been created: ${unconfirmed.join(', ')}. "npx gemini-image batch resume" clears that up.`
      : '',
    ...failures.map(({ message }) => message),
  )
  const report = { ...summary, failures: failures.map(describeError) }
  const isOpen = missing.length + running.length + unconfirmed.length > 0
  return { report, text, exitCode: failures.length > 0 ? 1 : isOpen ? 2 : 0 }
}

function list(what: string, items: readonly BatchItem[]): string {
  if (items.length === 0) return ''
  const lines = items.map(({ place, label }) => `  ${formatPlace(place)}${label && ` (${label})`}`)
  return `${count(items.length, 'picture')} ${what}:\n${lines.join('\n')}`
}
