import { normalizePath, type EnvironmentModuleGraph, type EnvironmentModuleNode } from 'vite'
import { parsePictureModuleId } from '../picture-module.ts'
import type { Session } from './session.ts'

/**
 * The modules that change with a file: picture modules of a prompt file and of those that refer to
 * the file, and stylesheets that name them.
 */
export function modulesOf(
  file: string,
  session: Session,
  graph: EnvironmentModuleGraph,
): EnvironmentModuleNode[] {
  const promptFiles = promptFilesOf(file, session)
  const pictures = [...graph.idToModuleMap]
    .filter(([id]) => promptFiles.has(parsePictureModuleId(id)?.promptFile ?? ''))
    .map(([, module]) => module)
  const styles = [...promptFiles]
    .flatMap((promptFile) => [...(session.stylesheets.get(promptFile) ?? [])])
    .flatMap((stylesheet) => [...(graph.getModulesByFile(stylesheet) ?? [])])
  return [...new Set([...pictures, ...styles])]
}

/** A file, if pictures can be asked for by it, and the prompt files whose pictures it decides. */
export function promptFilesOf(file: string, { inputs }: Session): ReadonlySet<string> {
  return new Set([normalizePath(file), ...inputs.usersOf(file)])
}
