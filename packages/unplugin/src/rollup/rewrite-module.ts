import { MAY_DECLARE, type Rewritten } from '../source/rewrite.ts'
import type { Build } from '../project/build.ts'
import { rewriteModule as rewrite } from '../vite/rewrite-module.ts'

/** A module with imports of pictures in the place of what declares them. */
export function rewriteModule(
  code: string,
  id: string,
  build: Build,
): { code: string; map: string } | undefined {
  // Rollup does not know the filters of hooks before 4.38.
  if (!MAY_DECLARE.test(code)) return undefined
  const rewritten = rewriteOrFail(code, id, build)
  return rewritten && { code: rewritten.code, map: rewritten.map.toString() }
}

function rewriteOrFail(
  code: string,
  id: string,
  build: Build,
): Pick<Rewritten, 'code' | 'map'> | undefined {
  try {
    return rewrite(code, id, build)
  } catch (error) {
    build.fail(error)
    return undefined
  }
}
