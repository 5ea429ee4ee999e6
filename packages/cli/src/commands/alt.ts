import { GeminiImageError, type PlanRow, type Project } from '@gemini-image/core'
import {
  assertMayAsk,
  DEFAULT_PROVIDER,
  didYouMean,
  draftAlts,
  fetchPlan,
  formatDollars,
  formatEstimate,
  formatPlace,
  joinErrors,
  planDrafts,
  type AltDraft,
  type AltDrafts,
  type Declared,
  type DraftOrder,
  type DraftPlan,
  type Progress,
  type TextModelRow,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, describeError, type Input, type Outcome } from '../command.ts'
import { showProgress } from '../output/progress.ts'
import { count, paragraphs } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { whileInterruptible } from '../project/interrupt.ts'
import { openProject } from '../project/open-project.ts'
import { selectRows } from '../project/select.ts'
import { agrees, withSpendingFlags, type SpendingFlags } from './spending.ts'

interface AltFlags extends SpendingFlags {
  readonly model?: string
  readonly lang?: string
  readonly dryRun?: boolean
  readonly retry?: boolean
}

/** `gemini-image alt`: drafts alternative texts, for a person to review. */
export function altCommand(): Command {
  const names = DEFAULT_PROVIDER.catalogue.textModels.map(({ id }) => id).join(', ')
  const created = command<AltFlags>(
    'alt [names...]',
    'draft missing alternative texts from the pictures, as "altDraft" in their prompt files, for you to review',
    runAlt,
    [0, 1, 130],
  )
  return withSpendingFlags(created)
    .option('--model <name>', `the text model: ${names} (default: the first)`)
    .option(
      '--lang <language>',
      'what to write in, such as de (default: the language of each prompt)',
    )
    .option('--dry-run', 'show what would be drafted, with its price')
    .option(
      '--retry',
      'ask again about pictures that the model was asked about in vain, and pay again',
    )
}

async function runAlt({ args, flags, terminal }: Input<AltFlags>): Promise<Outcome> {
  const { budget, concurrency, lang: language, retry, dryRun = false } = flags
  const options = { budget, concurrency }
  const project = await openProject(flags, terminal, { options, mode: 'auto' })
  const order = { model: findTextModel(flags.model, project), language, retry }
  const { rows, unusedRows, problems } = await fetchPlan(project)
  if (args.length === 0 && problems.length > 0) throw joinErrors(problems)
  const ids = selectRows(args, rows, unusedRows).map(({ declared }) => declared.id)
  const plan = await planDrafts(project, ids, order)
  if (plan.open.length === 0 || dryRun) return outcome(plan, NOTHING, { dryRun })
  assertMayAsk(project.options)
  // What was paid for before costs nothing.
  const isFree = plan.estimate.most === 0
  if (!isFree && !flags.yes && !(await agrees(questionOf(plan, order.model), terminal))) {
    return outcome(plan, NOTHING, { dryRun: true })
  }
  return draft(project, plan, ids, order, terminal)
}

async function draft(
  project: Project,
  plan: DraftPlan,
  ids: readonly PlanRow['declared']['id'][],
  order: DraftOrder,
  terminal: Terminal,
): Promise<Outcome> {
  const show = showProgress(terminal)
  let spent = 0
  const onProgress = (progress: Progress): void => {
    spent = progress.spent
    show(progress)
  }
  const { value, isInterrupted } = await whileInterruptible(project, terminal, () =>
    draftAlts(project, ids, order, onProgress),
  )
  return outcome(plan, value ?? { ...NOTHING, spent }, { isInterrupted })
}

const NOTHING: AltDrafts = { drafts: [], failures: [], spent: 0 }

function questionOf({ open, estimate }: DraftPlan, { id }: TextModelRow): string {
  return `Draft ${count(open.length, 'alternative text')} with ${id} for about ${formatEstimate(estimate)}?`
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT`, or `INVALID_OPTION` where there is none. */
function findTextModel(name: string | undefined, { options }: Project): TextModelRow {
  const { textModels } = options.definition.catalogue
  if (textModels.length === 0) throw noWords(options.company)
  const found = name === undefined ? textModels[0] : textModels.find(({ id }) => id === name)
  if (found) return found
  const names = textModels.map(({ id }) => id)
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--model is "${name}", whose price for descriptions is not known.`,
    fix: `${didYouMean(name ?? '', names)}The text models are ${names.join(', ')}.`,
  })
}

function noWords(company: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `${company} does not put pictures into words here.`,
    fix: 'write the alternative texts yourself: they are drafted by the provider that is configured, or not at all.',
  })
}

interface Circumstances {
  /** Whether nothing was asked for. */
  readonly dryRun?: boolean
  readonly isInterrupted?: boolean
}

function outcome(
  plan: DraftPlan,
  { drafts, failures, spent }: AltDrafts,
  { dryRun = false, isInterrupted = false }: Circumstances,
): Outcome {
  const report = {
    drafts: drafts.map(describeDraft),
    open: dryRun ? plan.open.flatMap(({ declared }) => declared.map(placeOf)) : [],
    drafted: plan.drafted.map(placeOf),
    undrawn: plan.undrawn.map(placeOf),
    refused: plan.refused.map(({ declared, refusal }) => ({
      place: placeOf(declared),
      ...refusal,
    })),
    estimate: plan.estimate,
    spent,
    isInterrupted,
    failures: failures.map(describeError),
  }
  const text = paragraphs(
    isInterrupted ? 'Stopped; what has landed is kept.' : '',
    dryRun ? formatOpen(plan) : formatDrafts(drafts, spent),
    list(plan.drafted, 'a draft already: read it, and rename altDraft to alt'),
    list(plan.undrawn, 'no picture to describe; "npx gemini-image generate" draws it'),
    formatRefused(plan),
    ...failures.map(({ message }) => message),
  )
  const isShort = failures.length + plan.refused.length > 0
  return { report, text, exitCode: isInterrupted ? 130 : isShort ? 1 : 0 }
}

function describeDraft({ declared, text, isWritten }: AltDraft): object {
  return { place: placeOf(declared), text, isWritten }
}

function placeOf({ place }: Declared): string {
  return formatPlace(place)
}

function formatOpen({ open, estimate }: DraftPlan): string {
  if (open.length === 0) return 'Nothing to draft.'
  const places = open.flatMap(({ declared }) => declared.map((one) => `\n  ${placeOf(one)}`))
  return `${count(open.length, 'alternative text')} to draft, for about ${formatEstimate(estimate)}:${places.join('')}`
}

function formatDrafts(drafts: readonly AltDraft[], spent: number): string {
  const written = drafts.filter(({ isWritten }) => isWritten)
  const byHand = drafts.filter(({ isWritten }) => !isWritten)
  const lines = (all: readonly AltDraft[], key: string): string =>
    all
      .map(({ declared, text }) => `\n  ${placeOf(declared)}  ${key}: ${JSON.stringify(text)}`)
      .join('')
  const head = `${drafts.length === 0 ? 'Nothing was drafted' : `${count(drafts.length, 'alternative text')} drafted`} for ${formatDollars(spent)}.`
  return paragraphs(
    spent === 0 && drafts.length === 0 ? 'Nothing to draft.' : head,
    written.length > 0
      ? `Look at each picture, read its draft, and rename altDraft to alt. Until then, a build misses it:${lines(written, 'altDraft')}`
      : '',
    byHand.length > 0
      ? `In no prompt file, where no command writes. Once you have read it, write it there:${lines(byHand, 'alt')}`
      : '',
  ).trimEnd()
}

function formatRefused({ refused }: DraftPlan): string {
  if (refused.length === 0) return ''
  const lines = refused.map(
    ({ declared, refusal: { what, cost } }) =>
      `\n  ${placeOf(declared)}  ${formatDollars(cost)}  ${what}`,
  )
  const head = `${count(refused.length, 'picture')} ${refused.length === 1 ? 'was' : 'were'} asked about in vain`
  return `${head}. Write "alt" by hand, or ask again with --retry, and pay for that:${lines.join('')}`
}

function list(all: readonly Declared[], what: string): string {
  if (all.length === 0) return ''
  const places = all.map((one) => `\n  ${placeOf(one)}`).join('')
  return `${count(all.length, 'picture')} ${all.length === 1 ? 'has' : 'have'} ${what}:${places}`
}
