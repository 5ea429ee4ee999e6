import { largestOf, onlyOne, type BuiltInForm } from './form.ts'

/** Room around a subject without a background. */
const INSET = 0.06

/** A picture beside a link, of a size in pixels. */
export function ogForm(
  { width, height }: { readonly width: number; readonly height: number },
  what: string,
  use?: string,
): BuiltInForm {
  return {
    takes: ['background', 'fit', 'focus', 'quality'],
    isOneFile: true,
    isLinked: true,
    makes: (settings, { hasAlpha }) => ({
      settings: {
        fit: hasAlpha ? 'contain' : 'cover',
        ...settings,
        width,
        height,
        density: [1],
        upscale: true,
      },
      formats: ['jpeg'],
      inset: hasAlpha ? INSET : 0,
    }),
    value(sets, { alt }, write) {
      const set = onlyOne(sets)
      return { src: largestOf(set, write), ...set.shown, type: set.sources.at(-1)?.type, alt }
    },
    told: {
      what,
      name: 'preview',
      type: 'RenderedPreview',
      gives: '`{ src, width, height, type, alt }`',
      files: `JPEG of ${width} × ${height} pixels${use === undefined ? '' : `, ${use}`}`,
    },
  }
}
