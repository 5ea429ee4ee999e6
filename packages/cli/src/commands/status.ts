import { plan, type Project } from '@gemini-image/core'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import {
  ADOPTED,
  formatDollars,
  isAdopted,
  keptImages,
  resultsOf,
  withheldOf,
  type LockEntries,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { planReport } from './plan-report.ts'
import { planSummary, type Summarised } from './plan-table.ts'

interface Status {
  readonly root: string
  /** The configuration file, from the root. */
  readonly config: string | undefined
  readonly mode: string
  readonly canGenerate: boolean
  readonly pictures: Summarised
  /** The shared store, and whether it is only read. */
  readonly shared: { readonly name: string; readonly readonly: boolean } | undefined
  readonly pinned: {
    readonly count: number
    /** How many former results are kept beside them. */
    readonly former: number
    /** How many texts are pinned, from which pictures were drawn. */
    readonly texts: number
    /** How many pictures a person put in the place of generated ones. */
    readonly adopted: number
    /** What all of it cost, the former ones as well, in US dollars. */
    readonly cost: number
    /** Their size in the store, in bytes. */
    readonly bytes: number
    readonly models: Readonly<Record<string, number>>
  }
  readonly problems: number
  /** How many declared pictures have no alternative text. */
  readonly withoutAlt: number
}

/** `gemini-image status`: how the project stands, on one screen. */
export function statusCommand(): Command {
  return command('status', 'show how the project stands, on one screen', runStatus, [0, 1, 2])
}

async function runStatus({ flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const status = await readStatus(project)
  const { missing, pending, refused } = status.pictures
  const exitCode = status.problems > 0 ? 1 : missing + pending + refused > 0 ? 2 : 0
  return { report: status, text: formatStatus(status), exitCode }
}

async function readStatus(project: Project): Promise<Status> {
  const { root, configFile, mode, provider, storeDir, shared } = project.options
  const planned = await plan(project)
  const report = planReport(planned, project.options, await withheldOf(project, planned.rows))
  const { pinned, missing, pending, refused, stale, unused, total, problems, withoutAlt } = report
  const entries = planned.pinned
  const results = [...entries.values()].flatMap((entry) => resultsOf(entry))
  const { texts } = await project.lockfile.read()
  const written = [...texts.values()].flatMap((text) => resultsOf(text))
  const files = [...entries.values()].flatMap((entry) => keptImages(entry).map(({ file }) => file))
  // Pictures may share an object.
  const sizes = await Promise.all(
    [...new Set(files)].map((file) => sizeOf(path.join(storeDir, file))),
  )
  return {
    root,
    config: configFile && path.relative(root, configFile),
    mode,
    canGenerate: provider !== undefined && mode === 'auto',
    pictures: { pinned, missing, pending, refused, stale, unused, total },
    shared: shared && { name: shared.store.name, readonly: shared.readonly },
    pinned: {
      count: entries.size,
      former: results.length - entries.size,
      texts: texts.size,
      adopted: [...entries.values()].filter(isAdopted).length,
      cost: [...results, ...written].reduce((sum, { cost }) => sum + cost, 0),
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      models: countModels(entries),
    },
    problems: problems.length,
    withoutAlt: withoutAlt.length,
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}

function countModels(entries: LockEntries): Record<string, number> {
  const models: Record<string, number> = {}
  for (const { model } of entries.values()) {
    if (model !== ADOPTED) models[model] = (models[model] ?? 0) + 1
  }
  return models
}

function formatStatus(status: Status): string {
  const { root, config, mode, canGenerate, pictures, shared, pinned, problems, withoutAlt } = status
  const models = Object.entries(pinned.models).map(([model, number]) => `${number} by ${model}`)
  const former = pinned.former > 0 ? ` and ${count(pinned.former, 'former one')}` : ''
  const texts = pinned.texts > 0 ? ` and ${count(pinned.texts, 'text')}` : ''
  const adopted = pinned.adopted > 0 ? ` (${pinned.adopted} adopted)` : ''
  const store = `${count(pinned.count, 'picture')}${adopted}${former}${texts}, ${(pinned.bytes / 1e6).toFixed(1)} MB, ${formatDollars(pinned.cost)} paid`
  return table(
    ['PROJECT', root],
    [
      ['options', config ?? 'the defaults, and what the plugin says'],
      ['mode', mode === 'auto' && !canGenerate ? 'auto, without a key' : mode],
      ['declared', planSummary(pictures)],
      ['pinned', store],
      ['models', models.join(', ') || 'none yet'],
      ...(shared
        ? [['shared', `${shared.name}${shared.readonly ? ', only read' : ''}`] as const]
        : []),
      ...(withoutAlt > 0
        ? [
            [
              'alt',
              `${withoutAlt} without, which is an error in a build: "npx gemini-image plan"`,
            ] as const,
          ]
        : []),
      ...(problems > 0
        ? [['problems', `${problems}; "npx gemini-image plan" lists them`] as const]
        : []),
    ],
  )
}
