import path from 'node:path'
import { missingFile, withoutQuery } from './missing-file.ts'
import type { HostProject } from './host-project.ts'
import { realPath } from './real-path.ts'

/** Rollup's `this.resolve`, as far as we use it. */
export type Resolve = (
  source: string,
  importer: string | undefined,
  options: { skipSelf: boolean },
) => Promise<{ id: string } | null>

/**
 * The absolute path of the prompt file behind a specifier, by the host's own rules: relative paths,
 * aliases and packages all work.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, at the place that names it.
 */
export async function findPromptFile(
  specifier: string,
  importer: string | undefined,
  resolve: Resolve,
  session: HostProject,
): Promise<string> {
  const known = knownFile(specifier, importer, session)
  if (known !== undefined) return known
  // Without the marker, neither our own hooks nor our alias match: what answers is the user's.
  const resolved = await resolve(specifier, importer, { skipSelf: false })
  if (resolved) return realPath(withoutQuery(resolved.id))
  throw missingFile(specifier, importer, session.options.root)
}

/** A relative path to a file that a scan has found needs no resolver: most imports are of this kind. */
function knownFile(
  specifier: string,
  importer: string | undefined,
  { declarations }: HostProject,
): string | undefined {
  if (importer === undefined || !/^\.\.?\//.test(specifier)) return undefined
  const file = path.posix.join(path.posix.dirname(withoutQuery(importer)), specifier)
  return declarations.isIn(file) ? file : undefined
}
