import type { DeclarationId } from '@gemini-image/core/internal'
import type { EnvironmentModuleGraph, EnvironmentModuleNode } from 'vite'
import { withSlashes } from '../project/with-slashes.ts'
import { parsePictureModuleId } from '../picture-module.ts'
import type { Session } from './session.ts'

/**
 * The modules that change with a file: picture modules of what it declares and of those that refer
 * to it, and stylesheets that name them.
 */
export function modulesOf(
  file: string,
  session: Session,
  graph: EnvironmentModuleGraph,
): EnvironmentModuleNode[] {
  const ids = declarationsOf(file, session)
  const { root } = session.options
  const pictures = [...graph.idToModuleMap]
    .filter(([id]) => ids.has(parsePictureModuleId(id, root)?.declaration ?? ''))
    .map(([, module]) => module)
  const styles = [...ids]
    .flatMap((id) => [...(session.users.get(id) ?? [])])
    .flatMap((stylesheet) => [...(graph.getModulesByFile(stylesheet) ?? [])])
  return [...new Set([...pictures, ...styles])]
}

/** A prompt file's declaration, or the id of an inline one, and all whose pictures it decides. */
export function declarationsOf(
  file: string | DeclarationId,
  { inputs }: Session,
): ReadonlySet<DeclarationId> {
  return new Set([withSlashes(file), ...inputs.usersOf(file)])
}
