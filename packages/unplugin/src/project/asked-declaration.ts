import path from 'node:path'
import { splitMarker } from '@gemini-image/core/host'
import type { DeclarationId } from '@gemini-image/core/internal'
import { declarationIn, readAsk, type Ask } from '../source/ask.ts'
import { checkAsk } from './check-ask.ts'
import type { HostProject } from './host-project.ts'
import { withoutQuery } from './missing-file.ts'
import { findPromptFile, type Resolve } from './prompt-file.ts'
import { withSlashes } from './with-slashes.ts'

/** An import, as a host meets it. */
export interface Asked {
  /** As it is written. */
  readonly source: string
  /** The module, stylesheet or page that asks. */
  readonly importer: string | undefined
  /** Whether it takes a file, and not a module. @default 'module' */
  readonly wanted?: 'module' | 'file'
}

/** How a host finds files. */
export interface Finding {
  /** The host's own rules. */
  readonly resolve: Resolve
  /**
   * Told where a prompt file would lie that is not there. What it does not throw is none of the import's business.
   * @default throws the error
   */
  readonly onMissing?: (file: string, error: unknown) => void
}

/** A declaration that an import asks for, and what it asks of its picture. */
export interface AskedDeclaration extends Ask {
  readonly declaration: DeclarationId
}

/**
 * The declaration that an import asks for, on every host; `undefined` for an import of something else.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`; `INVALID_RENDITION`; `UNDECLARED_PICTURE` as
 *   {@link HostProject.admit}.
 */
export async function askedDeclaration(
  { source, importer, wanted = 'module' }: Asked,
  finding: Finding,
  project: HostProject,
): Promise<AskedDeclaration | undefined> {
  const marked = splitMarker(source)
  if (!marked) return undefined
  const ask = readAsk(marked.query, project.options)
  await checkAsk(ask, source, importer, project, wanted)
  const isInline = ask.inline !== undefined
  const file = isInline ? marked.file : await locate(marked.file, importer, finding, project)
  const declaration = declarationIn(file, ask)
  // No URL asks a server for a file.
  if (wanted === 'file') project.declarations.add(declaration)
  else await project.admit(declaration, importer)
  return { ...ask, declaration }
}

async function locate(
  specifier: string,
  importer: string | undefined,
  { resolve, onMissing }: Finding,
  project: HostProject,
): Promise<string> {
  try {
    return await findPromptFile(specifier, importer, resolve, project)
  } catch (error) {
    if (!onMissing) throw error
    const file = path.resolve(path.dirname(withoutQuery(importer ?? '')), specifier)
    onMissing(file, error)
    return withSlashes(file)
  }
}
