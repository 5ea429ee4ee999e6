import { RENDITION_SETTINGS } from '../settings.ts'
import { imgOf, oneFormat, onlyOne, type BuiltInForm } from './form.ts'

/** `as=img`: an `<img>` element. */
export const img: BuiltInForm = {
  takes: RENDITION_SETTINGS,
  isOneFile: false,
  makes: (settings) => ({ settings, formats: oneFormat(settings, 'webp') }),
  value: (sets, facts, write) => imgOf(onlyOne(sets), facts, write),
  told: {
    what: 'The picture in sizes, for an `<img>` element.',
    name: 'image',
    type: 'RenderedImage',
    gives: '`{ src, srcset, sizes, width, height, alt }`',
    files: 'WebP',
  },
}
