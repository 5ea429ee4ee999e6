import { Source } from '@gemini-image/core/internal'
import { withoutQuery } from '../project/missing-file.ts'
import { MAY_BE_REWRITTEN } from './filters.ts'

/** Matches scripts, also those of a page or a component: `index.html?html-proxy&index=0.js`. */
const IS_SCRIPT = /\.[cm]?[jt]sx?$/

/**
 * A module's source, where it may declare pictures; `undefined` elsewhere. The source of packages declares
 * nothing: nobody would look at what it costs.
 * @param root The project root, for places.
 */
export function moduleSource(code: string, id: string, root: string): Source | undefined {
  if (id.includes('/node_modules/') || !MAY_BE_REWRITTEN.test(id)) return undefined
  const file = withoutQuery(id)
  return new Source(code, { file, root, kind: IS_SCRIPT.test(id) ? id : file })
}
