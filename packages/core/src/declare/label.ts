import { isInlineId, type DeclarationId } from './declaration-id.ts'
import type { Place } from '../kernel/place.ts'

/**
 * What tells a declaration from others, for people: a prompt file's path from the root, and of one that is
 * declared inline the path with its name, `src/page.ts#page-a-leaf`.
 */
export function labelOf(declaration: {
  readonly id: DeclarationId
  readonly place: Place
  readonly name: string
}): string {
  const { id, place, name } = declaration
  return isInlineId(id) ? `${place.path}#${name}` : place.path
}
