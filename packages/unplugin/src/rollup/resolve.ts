import type { PluginContext } from 'rollup'
import { OBJECT_MODULE_ID } from '../object-module.ts'
import { pictureModuleId } from '../picture-module.ts'
import { askedDeclaration } from '../project/asked-declaration.ts'
import type { Build } from '../project/build.ts'
import { findAndWatch } from '../project/watch-missing.ts'

/** By which build an import is met. */
export interface Meeting {
  readonly context: PluginContext
  readonly build: Build
  /** Files and folders that it writes, absolute. */
  readonly outputs: readonly string[]
}

/**
 * The module that an import asks for, if it is one of ours. A prompt file that is missing is told by the build.
 * @throws {GeminiImageError} `INVALID_RENDITION`.
 */
export async function resolveImport(
  source: string,
  importer: string | undefined,
  { context, build, outputs }: Meeting,
): Promise<string | undefined> {
  if (source === OBJECT_MODULE_ID) return source
  const finding = findAndWatch(context, build, outputs)
  const asked = await askedDeclaration({ source, importer }, finding, build)
  return asked && pictureModuleId(asked, build.options.root)
}
