import type { PlanRow, Project } from '@gemini-image/core'
import { isInlineId, selectionOfId, type DeclarationId } from '@gemini-image/core/host'
import { canGenerate, whyUnable } from '@gemini-image/core/internal'
import type { Ability, PictureDetails } from './protocol.ts'

/** What a person may do with a picture, or why not. */
export function abilitiesOf({ declared }: PlanRow, project: Project): PictureDetails['can'] {
  const { id, spec } = declared
  return {
    generate: whyNotGenerate(project) ?? true,
    edit: true,
    pick: spec.variants > 1 ? true : 'It has no variants.',
    adopt: true,
    delete: whyNotDelete(id) ?? true,
  } satisfies Record<Ability, true | string>
}

/** Why a declaration cannot be deleted by itself; `undefined` where it has a file of its own. */
export function whyNotDelete(id: DeclarationId): string | undefined {
  if (isInlineId(id)) return 'It is declared in another file: delete it there.'
  if (selectionOfId(id) !== '') return 'Its file declares others: delete it there.'
  return undefined
}

/** Why nothing can be generated; `undefined` where something can. */
export function whyNotGenerate({ options }: Pick<Project, 'options'>): string | undefined {
  if (canGenerate({ options })) return undefined
  const { text, next } = whyUnable(options)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. ${next}`
}
