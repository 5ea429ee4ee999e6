import { MAY_BE_REWRITTEN, rewriteSource, type Rewritten } from '../source/rewrite.ts'
import { withoutQuery } from './prompt-file.ts'
import type { Project } from '../project/project.ts'

/** Matches scripts, also those of a page or a component: `index.html?html-proxy&index=0.js`. */
const IS_SCRIPT = /\.[cm]?[jt]sx?$/

/**
 * A module with imports of pictures in the place of what declares them. The source of packages
 * declares nothing: nobody would look at what it costs.
 * @throws {GeminiImageError} what is wrong with what it declares.
 */
export function rewriteModule(
  code: string,
  id: string,
  { engine, declarations }: Project,
): Pick<Rewritten, 'code' | 'map'> | undefined {
  // Vite 6 does not know the filters of hooks.
  if (id.includes('/node_modules/') || !MAY_BE_REWRITTEN.test(id)) return undefined
  const file = withoutQuery(id)
  const kind = IS_SCRIPT.test(id) ? id : file
  const rewritten = rewriteSource(code, { file, root: engine.options.root, kind })
  for (const declaration of rewritten?.declarations ?? []) declarations.add(declaration.id)
  return rewritten && { code: rewritten.code, map: rewritten.map }
}
