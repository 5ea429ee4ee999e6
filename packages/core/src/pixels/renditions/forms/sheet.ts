import { largestOf, oneFormat, onlyOne, type BuiltInForm } from './form.ts'

/** `as=sheet`: the pictures of a set in one file, as game engines read them. */
export const sheet: BuiltInForm = {
  takes: ['size', 'formats', 'quality'],
  isOneFile: true,
  isOfSet: true,
  makes: (settings) => ({ settings, formats: oneFormat(settings, 'png') }),
  value(sets, _, write) {
    const set = onlyOne(sets)
    const { width, height } = set.shown
    const src = largestOf(set, write)
    // @see https://www.codeandweb.com/texturepacker/documentation/texture-settings
    const meta = {
      app: 'gemini-image',
      version: '1.0',
      image: src,
      format: 'RGBA8888',
      size: { w: width, h: height },
      scale: '1',
    }
    return { src, width, height, frames: set.frames ?? {}, meta }
  },
  told: {
    what: 'All pictures of a set in one file, and where each of them is.',
    name: 'sheet',
    type: 'RenderedSheet',
    gives: '`{ src, width, height, frames, meta }`: [sheets.md](sheets.md)',
    files: 'PNG of all pictures of a set',
  },
}
