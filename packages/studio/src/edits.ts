import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { GeminiImageError, type Plan, type Project } from '@gemini-image/core'
import { selectionOfId } from '@gemini-image/core/host'
import {
  applyEdit,
  formatEstimate,
  planOf,
  proposeEdit,
  select,
  shownId,
  type Declared,
  type ProposedEdit,
} from '@gemini-image/core/internal'
import { rowOf } from './actions.ts'
import type { StudioHost } from './host.ts'
import type { Change, StudioApi } from './protocol.ts'

/** How many edits are remembered that were shown and not made. */
const MOST_PROPOSALS = 100

/** What changes the source. */
export type Edits = Pick<StudioApi, 'proposeEdit' | 'applyEdit' | 'pick'>

/** Edits of the source: shown first, then made as they were shown. */
export function editsOf(host: StudioHost, plan: () => Promise<Plan>): Edits {
  const proposals = new Map<string, ProposedEdit>()
  return {
    proposeEdit: async (id, change) => {
      const project = await host.project()
      const { declared } = await rowOf(id, plan)
      const edit = proposeEdit(project, declared.id, toCore(change))
      const price = await priceOf(edit, project)
      const token = randomUUID()
      proposals.set(token, edit)
      for (const old of [...proposals.keys()].slice(0, -MOST_PROPOSALS)) proposals.delete(old)
      const file = path.relative(project.options.root, edit.file).replaceAll('\\', '/')
      return { file, diff: edit.diff, token, price }
    },
    applyEdit: async (token) => {
      const edit = proposals.get(token)
      if (!edit) throw unknownProposal()
      await applyEdit(await host.project(), edit)
      proposals.delete(token)
      return { id: shownId({ id: edit.id, place: edit.declaration.place }) }
    },
    pick: async (id, variant) => {
      const project = await host.project()
      const { declared } = await rowOf(id, plan)
      assertVariant(variant, declared)
      await applyEdit(project, proposeEdit(project, declared.id, { settings: { pick: variant } }))
    },
  }
}

/** JSON has no `undefined`. */
function toCore({ settings = {}, ...change }: Change): Parameters<typeof proposeEdit>[2] {
  const stated = Object.entries(settings).map(([key, value]) => [key, value ?? undefined])
  return { ...change, settings: Object.fromEntries(stated) as Record<string, unknown> }
}

/**
 * What generating a declaration may cost once it says something; `undefined` where its picture is pinned.
 * @throws {GeminiImageError} what would be wrong with it.
 */
export async function priceOf(
  { id, declaration }: Pick<ProposedEdit, 'id' | 'declaration'>,
  project: Project,
): Promise<string | undefined> {
  const selection = selectionOfId(id)
  const written = selection === '' ? declaration : select(declaration, selection)
  const { rows, problems } = await planOf(project, [id], new Map([[id, written]]))
  if (problems[0]) throw problems[0]
  const [row] = rows
  return row && row.missing.length > 0 ? formatEstimate(row.estimate) : undefined
}

function assertVariant(variant: number, { spec, place }: Declared): void {
  if (Number.isInteger(variant) && variant >= 1 && variant <= spec.variants) return
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no variant ${variant}.`,
    fix: `choose one from 1 to ${spec.variants}.`,
    place,
  })
}

function unknownProposal(): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: 'This edit is not known any more.',
    why: 'Nothing was written.',
    fix: 'look at the edit again, then write it.',
  })
}
