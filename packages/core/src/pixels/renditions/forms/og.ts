import { largestOf, onlyOne, type BuiltInForm } from './form.ts'

/** In pixels; what the networks that show it say alike. @see https://ogp.me */
const SIZE = { width: 1200, height: 630 } as const

/** Room around a subject without a background. */
const INSET = 0.06

/** `as=og`: the picture beside a link. */
export const og: BuiltInForm = {
  takes: ['background', 'fit', 'focus', 'quality'],
  isOneFile: true,
  makes: (settings, { hasAlpha }) => ({
    settings: {
      fit: hasAlpha ? 'contain' : 'cover',
      ...settings,
      ...SIZE,
      density: [1],
      upscale: true,
    },
    formats: ['jpeg'],
    inset: hasAlpha ? INSET : 0,
  }),
  value(sets, { alt }, write) {
    const set = onlyOne(sets)
    const { width, height } = set.shown
    return { src: largestOf(set, write), width, height, type: set.sources.at(-1)?.type, alt }
  },
  told: {
    what: 'The picture that networks show beside a link.',
    name: 'preview',
    type: 'RenderedPreview',
    gives: '`{ src, width, height, type, alt }`',
    files: `JPEG of ${SIZE.width} × ${SIZE.height} pixels`,
  },
}
