import path from 'node:path'
import { GeminiImageError, type Plan, type PlanRow, type Project } from '@gemini-image/core'
import {
  adoptFile,
  assertCanGenerate,
  decide,
  draftAlts,
  formatDollars,
  judgedOf,
  labelOf,
  openFiles,
  recall,
  shownId,
} from '@gemini-image/core/internal'
import { whyNotDelete } from './abilities.ts'
import type { StudioHost } from './host.ts'
import type { StudioApi } from './protocol.ts'

/** Everything that the page may change. What nothing declares is neither generated nor written. */
export type Actions = Pick<
  StudioApi,
  'generate' | 'goBack' | 'adopt' | 'draftAlt' | 'decide' | 'remove' | 'open'
>

/** @param plan The present plan. */
export function actionsOf(host: StudioHost, plan: () => Promise<Plan>): Actions {
  const underWay = new Map<string, Promise<{ readonly spent: string }>>()

  const generate: StudioApi['generate'] = async (ids, ask, budget) => {
    const rows = await Promise.all(ids.map((id) => rowOf(id, plan)))
    assertCanGenerate(await host.project(), rows)
    const declared = rows.map((row) => row.declared.id)
    const options = { redraw: ask === 'again', retry: ask === 'retry', budget }
    const { spent } = await host.generate(declared, options)
    return { spent: formatDollars(spent) }
  }

  return {
    /** A second click joins the first. */
    generate: (ids, ask, budget) => {
      const key = JSON.stringify([ask, budget, ids.toSorted()])
      const call =
        underWay.get(key) ?? generate(ids, ask, budget).finally(() => underWay.delete(key))
      underWay.set(key, call)
      return call
    },
    goBack: async (id, key) => {
      const { declared } = await rowOf(id, plan)
      await recall(await host.project(), declared.id, key)
    },
    adopt: async (id, { name, data }) => {
      const { declared } = await rowOf(id, plan)
      const bytes = Buffer.from(data, 'base64')
      const { hints } = await adoptFile(declared, { bytes, name }, await host.project())
      return { hints }
    },
    draftAlt: async (id) => {
      const project = await host.project()
      const { declared } = await rowOf(id, plan)
      const [model] = project.options.definition.catalogue.textModels
      if (!model) throw cannotDescribe(project)
      const { drafts, failures, spent } = await draftAlts(project, [declared.id], { model })
      if (failures[0]) throw failures[0]
      const draft = drafts.find((one) => one.declared.id === declared.id)
      return { alt: draft?.text ?? declared.spec.altDraft ?? '', spent: formatDollars(spent) }
    },
    decide: async (id, verdict, word, key) => {
      const { declared, entry, state } = await rowOf(id, plan)
      const { options } = await host.project()
      if (state !== 'pinned' || !entry) throw anotherPicture(declared)
      if (key !== undefined && key !== entry.object) throw anotherPicture(declared)
      decide(options, judgedOf(declared, entry), { verdict, word })
    },
    remove: async (id) => {
      const { declared } = await rowOf(id, plan)
      const why = whyNotDelete(declared.id)
      if (why !== undefined) throw notDeleted(declared, why)
      await openFiles((await host.project()).options.root).remove('prompt', declared.file)
    },
    open: async (place) => {
      const { root } = (await host.project()).options
      const [, file = place, position = ''] = /^(.*?)((?::\d+){0,2})$/.exec(place) ?? []
      await openInEditor(path.join(root, file), position, plan)
    },
  }
}

async function openInEditor(
  file: string,
  position: string,
  plan: () => Promise<Plan>,
): Promise<void> {
  const { rows, unusedRows, files, problems, unusedProblems } = await plan()
  const known = new Set([
    ...files,
    ...[...rows, ...unusedRows].map(({ declared }) => declared.file),
    ...[...problems, ...unusedProblems].flatMap((problem) => problem.place?.file ?? []),
  ])
  // An editor is a program: it is given no name that the page made up.
  if (!known.has(file)) throw undeclared()
  const { default: launch } = await import('launch-editor')
  launch(file + position)
}

/**
 * @param id As pages know it: {@link shownId}.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
 */
export async function rowOf(id: string, plan: () => Promise<Plan>): Promise<PlanRow> {
  const { rows, unusedRows } = await plan()
  const row = [...rows, ...unusedRows].find(({ declared }) => shownId(declared) === id)
  if (!row) throw undeclared()
  return row
}

function undeclared(): GeminiImageError {
  return new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: 'The studio asked for a picture that nothing in the source declares.',
    fix: 'load the page again.',
  })
}

function notDeleted(declared: PlanRow['declared'], why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${labelOf(declared)} cannot be deleted by itself. ${why}`,
    why: 'Nothing was deleted.',
    fix: 'edit the file that declares it.',
    place: declared.place,
  })
}

function anotherPicture(declared: PlanRow['declared']): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${labelOf(declared)} does not show the picture that was decided on.`,
    why: 'Another has come in its place, or its declaration has changed.',
    fix: 'look at it again.',
    place: declared.place,
  })
}

function cannotDescribe({ options }: Project): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `${options.company} has no model here that describes pictures.`,
    fix: 'write the alternative text yourself.',
  })
}
