import { GeminiImageError, plan } from '@gemini-image/core'
import {
  DEFAULT_PROVIDER,
  didYouMean,
  formatPlace,
  labelOf,
  lint,
  lintRules,
  type Advice,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paint } from '../output/colours.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRows } from '../project/select.ts'

interface LintFlags {
  readonly ignore: readonly string[]
  readonly strict?: boolean
}

/** `gemini-image lint`: what the provider's guide would have a person write otherwise. */
export function lintCommand(): Command {
  return command<LintFlags>(
    'lint [names...]',
    `hold prompts against the advice of ${DEFAULT_PROVIDER.words.guide}; spends nothing`,
    runLint,
    [0, 1],
  )
    .option(
      '--ignore <id>',
      'leave a rule out; may be given several times',
      (id: string, ids: readonly string[]) => [...ids, id],
      [],
    )
    .option('--strict', 'end with 1 where there is advice')
}

async function runLint({ args, flags, terminal }: Input<LintFlags>): Promise<Outcome> {
  const ignored = knownRules(flags.ignore)
  const project = await openProject(flags, terminal, { looksOnly: true })
  const { rows, unusedRows, problems, unusedProblems, declarations } = await plan(project)
  const all = [...rows, ...unusedRows]
  const selected = selectRows(args, all)
  const advice = await lint({ rows: selected, declarations }, project.options.definition, ignored)
  const unread = problems.length + unusedProblems.length
  const text = paragraphs(
    ...advice.map(formatAdvice),
    `${count(selected.length, 'prompt')} read, ${count(advice.length, 'piece')} of advice.`,
    unread > 0 ? `${count(unread, 'problem')} elsewhere: npx gemini-image plan` : '',
  )
  const exitCode = flags.strict && advice.length > 0 ? 1 : 0
  return { report: { read: selected.length, advice: advice.map(toReport) }, text, exitCode }
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where there is no such rule. */
function knownRules(ids: readonly string[]): ReadonlySet<string> {
  const known = lintRules(DEFAULT_PROVIDER).map(({ id }) => id)
  const unknown = ids.find((id) => !known.includes(id))
  if (unknown === undefined) return new Set(ids)
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--ignore names "${unknown}", and there is no such rule.`,
    fix: `${didYouMean(unknown, known)}The rules are ${known.join(', ')}.`,
  })
}

function formatAdvice({ id, place, what, why, fix }: Advice): string {
  const head = `${formatPlace(place)}  ${paint('yellow', id)}`
  return [head, `  ${what}`, `  ${paint('dim', why)}`, `  What to do: ${fix}`].join('\n')
}

function toReport({ id, row, place, what, why, fix }: Advice): object {
  const { path: file, line, column } = place
  return { id, picture: labelOf(row.declared), file, line, column, what, why, fix }
}
