import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { isGeminiImageError } from '../kernel/errors/error.ts'
import { ignoreMissing, writeFailed, writeWhole } from '../kernel/files/write.ts'

/** It ignores itself as well, so that nothing of the folder shows up in git. */
const IGNORE_ALL =
  '# These pictures are shared by other means: see "store" in the options of gemini-image.\n*\n'

/**
 * Tells git whether to keep a store, by a file in the store itself; one that a person wrote is left
 * alone.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function settleGitignore(dir: string, isCommitted: boolean): Promise<void> {
  const file = path.join(dir, '.gitignore')
  try {
    const text = await readFile(file, 'utf8').catch(ignoreMissing)
    if (isCommitted && text === IGNORE_ALL) await rm(file, { force: true })
    if (!isCommitted && text === undefined) await writeWhole(file, IGNORE_ALL)
  } catch (error) {
    throw isGeminiImageError(error) ? error : writeFailed(file, error)
  }
}
