import { plan, type Plan, type Project } from '@gemini-image/core'
import { findOutdated, formatPlace, labelOf, type Outdated } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs, table } from '../output/table.ts'
import { paint } from '../output/colours.ts'
import { openProject } from '../project/open-project.ts'
import { selectRows } from '../project/select.ts'

/** `gemini-image outdated`: pinned pictures whose model has moved on. */
export function outdatedCommand(): Command {
  return command(
    'outdated [names...]',
    'show pictures whose alias has moved to another model, or whose model is about to end',
    runOutdated,
    [0, 1, 2],
  )
}

async function runOutdated({ args, flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const outdated = selectOutdated(args, await plan(project), project)
  const report = outdated.map(({ row, why, model, next, shutdown }) => ({
    picture: labelOf(row.declared),
    why,
    model,
    next,
    shutdown,
  }))
  if (outdated.length === 0) return { report, text: 'Nothing is outdated.' }
  const hint = 'Nothing changes by itself. To draw them anew: npx gemini-image upgrade'
  return { report, text: paragraphs(formatOutdated(outdated, project.options), hint), exitCode: 2 }
}

/**
 * The outdated pictures among those that are named.
 * @throws {GeminiImageError} `UNKNOWN_PICTURE`.
 */
export function selectOutdated(
  names: readonly string[],
  plan: Plan,
  { options }: Pick<Project, 'options'>,
): readonly Outdated[] {
  return findOutdated(selectRows(names, plan.rows, plan.unusedRows), new Date(), options.lineUp)
}

/** A table for people. */
export function formatOutdated(
  outdated: readonly Outdated[],
  { definition }: Pick<Project['options'], 'definition'>,
): string {
  const { company } = definition.words
  return table(
    ['PICTURE', 'MODEL', 'NEXT', 'WHY'],
    outdated.map(({ row, why, model, next, shutdown }) => [
      formatPlace(row.declared.place),
      model,
      paint('green', next ?? ''),
      why === 'moved'
        ? `"${row.declared.spec.model}" stands for ${next} now`
        : `${company} ends ${model} on ${shutdown}`,
    ]),
    0,
  )
}
