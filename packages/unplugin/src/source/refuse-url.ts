import type { Source } from '@gemini-image/core/internal'
import { GeminiImageError } from '@gemini-image/core/host'
import type { PictureUrl } from './picture-urls.ts'

/** For a bundler that ships nothing for `new URL()`. @throws {GeminiImageError} `UNRESOLVED_REFERENCE`. */
export function refuseUrl({ specifier, start }: PictureUrl, source: Source, host: string): never {
  throw new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `new URL('${specifier}', import.meta.url) would ship no picture.`,
    why: `${host} leaves new URL() as it is written.`,
    fix: `import the picture (import picture from '${specifier}') and use that.`,
    place: source.placeAt(start),
  })
}
