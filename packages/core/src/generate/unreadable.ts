import path from 'node:path'
import { reworded, type GeminiImageError } from '../kernel/errors/error.ts'
import { PictureRefusal } from '../providers/refusal.ts'
import { writeWhole } from '../kernel/files/write.ts'

/** A part of an answer that nobody could read. */
interface Unread {
  readonly content: string | Uint8Array
  /** Of the file, without a dot. */
  readonly extension: string
}

/**
 * Keeps what was paid for and cannot be read, for a person to look at: in the project's cache folder. Nothing
 * reads it again.
 * @returns What came of that, as a sentence that names the files.
 */
export async function keepUnreadable(
  cacheDir: string,
  fingerprint: string,
  unread: readonly Unread[],
): Promise<string> {
  const time = new Date().toISOString().replaceAll(/[:-]|\.\d+/g, '')
  const files = unread.map(({ extension }, index) => {
    const number = index > 0 ? `-${index + 1}` : ''
    return path.join(cacheDir, 'unreadable', `${fingerprint}-${time}${number}.${extension}`)
  })
  try {
    for (const [index, { content }] of unread.entries())
      await writeWhole(files[index] ?? '', content)
    return `The answer is kept in ${files.join(' and ')}.`
  } catch (error) {
    return `The answer could not be kept: ${(error as Error).message}`
  }
}

/** The failure of a call; where its answer cannot be read, that is kept, and the failure names the file. */
export async function withKept(
  error: unknown,
  cacheDir: string,
  fingerprint: string,
): Promise<unknown> {
  if (!(error instanceof PictureRefusal) || error.raw === undefined) return error
  const unread = { content: error.raw, extension: 'json' }
  return withWhy(error, await keepUnreadable(cacheDir, fingerprint, [unread]))
}

/** The same failure, with a further line of why. */
export function withWhy(error: GeminiImageError, line: string): GeminiImageError {
  return reworded(error, { why: [error.why, line].filter(Boolean).join('\n') })
}
