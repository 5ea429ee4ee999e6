import path from 'node:path'
import type { DeclarationId } from '@gemini-image/core/internal'
import { inlineId, splitMarker } from '@gemini-image/core/host'
import type { PluginContext } from 'rollup'
import { OBJECT_MODULE_ID } from '../object-module.ts'
import { pictureModuleId } from '../picture-module.ts'
import type { Build } from '../project/build.ts'
import { checkAsk } from '../project/check-ask.ts'
import { readAsk } from '../source/ask.ts'
import { withoutQuery } from '../project/missing-file.ts'
import { findPromptFile, type Resolve } from '../project/prompt-file.ts'
import { watchMissing } from '../project/watch-missing.ts'

/** By which build an import is met. */
export interface Asked {
  readonly context: PluginContext
  readonly build: Build
  /** Files and folders that it writes, absolute. */
  readonly outputs: readonly string[]
}

/**
 * The module that an import asks for, if it is one of ours.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`.
 */
export async function resolveImport(
  source: string,
  importer: string | undefined,
  asked: Asked,
): Promise<string | undefined> {
  if (source === OBJECT_MODULE_ID) return source
  const marked = splitMarker(source)
  if (!marked) return undefined
  const ask = readAsk(marked.query)
  const { form, inline, query } = ask
  await checkAsk(ask, source, importer, asked.build)
  const declaration =
    inline === undefined
      ? await findDeclaration(marked.file, importer, asked)
      : inlineId(marked.file, inline)
  asked.build.declarations.add(declaration)
  const { root } = asked.build.options
  return pictureModuleId({ declaration, query, form }, root)
}

/** The prompt file behind a specifier. What is missing is told by the build. */
export async function findDeclaration(
  specifier: string,
  importer: string | undefined,
  { context, build, outputs }: Asked,
): Promise<DeclarationId> {
  const resolve: Resolve = async (id, from, options) => {
    const resolved = await context.resolve(id, from, options)
    return resolved && path.isAbsolute(resolved.id) ? resolved : null
  }
  try {
    return await findPromptFile(specifier, importer, resolve, build)
  } catch (error) {
    // Where it would lie: a build that watches goes on when it is there.
    const file = path.resolve(path.dirname(withoutQuery(importer ?? '')), specifier)
    watchMissing(file, context, build, outputs)
    build.fail(error)
    return file
  }
}
