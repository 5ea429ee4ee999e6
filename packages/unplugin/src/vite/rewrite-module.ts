import path from 'node:path'
import { moduleSource } from '../source/module-source.ts'
import { rewriteSource, type Rewritten } from '../source/rewrite.ts'
import { withoutQuery } from '../project/missing-file.ts'
import { relativeTo } from '../project/relative-to.ts'
import type { Resolve } from '../project/prompt-file.ts'
import { fileResolver } from './resolve.ts'
import type { Session } from './session.ts'

/**
 * A module with imports of pictures in the place of what declares them.
 * @throws {GeminiImageError} what is wrong with what it declares.
 */
export async function rewriteModule(
  code: string,
  id: string,
  resolve: Resolve,
  session: Session,
): Promise<Pick<Rewritten, 'code' | 'map'> | undefined> {
  const source = moduleSource(code, id, session.options.root)
  if (!source) return undefined
  const rewritten = await rewriteSource(source, async ({ specifier }) =>
    JSON.stringify(await relativeUrl(specifier, id, resolve, session)),
  )
  for (const declaration of rewritten?.declarations ?? []) session.declarations.add(declaration.id)
  return rewritten && { code: rewritten.code, map: rewritten.map }
}

/** The stored file as `new URL()` names it: Vite takes it from there, and so do browsers in dev. */
async function relativeUrl(
  specifier: string,
  importer: string,
  resolve: Resolve,
  session: Session,
): Promise<string> {
  const picture = await fileResolver(session)(specifier, importer, resolve)
  return relativeTo(path.dirname(withoutQuery(importer)), picture ?? specifier)
}
