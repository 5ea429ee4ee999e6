import type { EnvironmentModuleGraph, EnvironmentModuleNode } from 'vite'
import { parsePictureModuleId } from '../picture-module.ts'
import type { Session } from './session.ts'

/** The modules that change with a prompt file: its picture modules, and stylesheets that name it. */
export function modulesOf(
  promptFile: string,
  { stylesheets }: Session,
  graph: EnvironmentModuleGraph,
): EnvironmentModuleNode[] {
  const pictures = [...graph.idToModuleMap]
    .filter(([id]) => parsePictureModuleId(id)?.promptFile === promptFile)
    .map(([, module]) => module)
  const styles = [...(stylesheets.get(promptFile) ?? [])].flatMap((file) => [
    ...(graph.getModulesByFile(file) ?? []),
  ])
  return [...pictures, ...styles]
}
