import { RENDITION_SETTINGS } from '../settings.ts'
import { imgOf, onlyOne, type Form } from './form.ts'

/** `as=picture`: a `<picture>` element. */
export const picture: Form = {
  takes: RENDITION_SETTINGS,
  isOneFile: false,
  makes: (settings, { hasAlpha }) => ({
    settings,
    formats: settings.formats ?? ['avif', 'webp', hasAlpha ? 'png' : 'jpeg'],
  }),
  value(sets, facts, write) {
    const set = onlyOne(sets)
    const sized = set.sizes === undefined ? {} : { sizes: set.sizes }
    const sources = set.sources
      .slice(0, -1)
      .map(({ type, files }) => ({ type, srcset: write.srcset(files), ...sized }))
    return { sources, img: imgOf(set, facts, write), ...facts.looks }
  },
  told: {
    what: 'The picture in sizes and formats, for a `<picture>` element.',
    name: 'picture',
    type: 'RenderedPicture',
    gives: '`{ sources, img, color, placeholder }`, for `<picture>` and `GeminiPicture`',
    files: 'AVIF, WebP, and JPEG or PNG for `img`',
  },
}
