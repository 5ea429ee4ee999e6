import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { Place } from '../../kernel/place.ts'

/** @param file Its path from the root. */
export function layerFileNotFound(file: string, at: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'LAYER_FILE_NOT_FOUND',
    what: `There is no file ${file}.`,
    fix: 'save it there, or fix the path; a path that begins with a slash is from the root of the project.',
    place: at,
  })
}
