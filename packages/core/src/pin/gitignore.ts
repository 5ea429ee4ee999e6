import path from 'node:path'
import type { ProjectFiles } from '../kernel/files/files.ts'
import { writeFailed } from '../kernel/files/write.ts'

/** It ignores itself as well, so that nothing of the folder shows up in git. */
const IGNORE_ALL =
  '# These pictures are shared by other means: see "store" in the options of gemini-image.\n*\n'

/**
 * Tells git whether to keep a store, by a file in the store itself; one that a person wrote is left
 * alone.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function settleGitignore(
  dir: string,
  isCommitted: boolean,
  files: ProjectFiles,
): Promise<void> {
  const file = path.join(dir, '.gitignore')
  const text = readText(file, files)
  if (isCommitted && text === IGNORE_ALL) await files.remove('cache', file)
  if (!isCommitted && text === undefined) await files.write('cache', file, IGNORE_ALL)
}

function readText(file: string, files: ProjectFiles): string | undefined {
  try {
    return files.readText('cache', file)
  } catch (error) {
    throw writeFailed(file, error)
  }
}
