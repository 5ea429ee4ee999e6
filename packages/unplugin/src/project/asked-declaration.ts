import { inlineId, splitMarker } from '@gemini-image/core/host'
import type { DeclarationId } from '@gemini-image/core/internal'
import { readAsk, type Ask } from '../source/ask.ts'
import { checkAsk } from './check-ask.ts'
import type { HostProject } from './host-project.ts'
import { findPromptFile, type Resolve } from './prompt-file.ts'

/** A declaration that an import asks for, and what it asks of its picture. */
export interface AskedDeclaration extends Ask {
  readonly declaration: DeclarationId
}

/**
 * The declaration that an import asks for in a build; `undefined` for an import of something else.
 * @param importer The module or stylesheet that asks.
 * @param wanted Whether it takes a file, and not a module.
 * @param resolve The host's own rules.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND` or `INVALID_RENDITION`.
 */
export async function askedDeclaration(
  source: string,
  importer: string | undefined,
  wanted: 'module' | 'file',
  resolve: Resolve,
  build: HostProject,
): Promise<AskedDeclaration | undefined> {
  const marked = splitMarker(source)
  if (!marked) return undefined
  const ask = readAsk(marked.query)
  await checkAsk(ask, source, importer, build, wanted)
  const declaration =
    ask.inline === undefined
      ? await findPromptFile(marked.file, importer, resolve, build)
      : inlineId(marked.file, ask.inline)
  build.declarations.add(declaration)
  return { ...ask, declaration }
}
