import { GeminiImageError } from '../kernel/errors/error.ts'

/** A pinned picture vanished after it was found to be there. */
export function goneMeanwhile(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `.gemini-image/${file} was there when the build began and is gone.`,
    fix: 'restore it from version control and build again.',
  })
}
