import { GeminiImageError } from '../../kernel/errors/error.ts'

/** The most bytes that the images of one request may have: Google takes 20 MB, and base64 makes three bytes four. */
export const MOST_REFERENCE_BYTES = 15_000_000

/** The error for images that weigh more. */
export function tooHeavy(what: string, fix: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_TOO_LARGE',
    what,
    why: 'Google takes 20 MB a request, and an image grows by a third on the way.',
    fix,
  })
}
