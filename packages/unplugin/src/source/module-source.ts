import { scriptSyntax, Source } from '@gemini-image/core/internal'
import { withoutQuery } from '../project/missing-file.ts'
import { realPath } from '../project/real-path.ts'
import { MAY_BE_REWRITTEN } from './filters.ts'

/**
 * A module's source, where it may declare pictures; `undefined` elsewhere. The source of installed packages declares
 * nothing: nobody would look at what it costs. A package of the workspace is a link among them.
 * @param root The project root, for places.
 */
export function moduleSource(code: string, id: string, root: string): Source | undefined {
  if (!MAY_BE_REWRITTEN.test(id)) return undefined
  const file = realPath(withoutQuery(id))
  if (file.includes('/node_modules/')) return undefined
  // A script of a page or a component ends as one: `index.html?html-proxy&index=0.js`.
  return new Source(code, { file, root, kind: scriptSyntax(id) ? id : file })
}
