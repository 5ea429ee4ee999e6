import type { BuiltInForm } from './form.ts'
import { iconOf, OF_ICONS, onGround, square } from './icon-form.ts'

/**
 * What is within a circle of two fifths of the width is never cut off; this leaves the largest square in it.
 * @see https://www.w3.org/TR/appmanifest/#icon-masks
 */
const INSET = (1 - 0.8 * Math.SQRT1_2) / 2

/** `as=maskable`: an icon that may be cut to any shape. */
export const maskable: BuiltInForm = {
  takes: ['size', ...OF_ICONS],
  isOneFile: true,
  makes: ({ size = 512, ...settings }, { hasAlpha }) =>
    onGround(square(size, settings), hasAlpha ? INSET : 0),
  value: (sets, _, write) => iconOf('maskable', sets, write),
  told: {
    what: 'An icon that may be cut to any shape.',
    name: 'icon',
    type: 'RenderedIcon',
    gives: 'the same',
    files: 'square PNG that may be cut to any shape; `size=512`',
  },
}
