import type { BuiltInForm } from './form.ts'
import { iconOf, OF_ICONS, onGround, square } from './icon-form.ts'

/** In pixels. @see https://developer.apple.com/design/human-interface-guidelines/app-icons */
const SIDE = 180

/** Room around a subject without a background, on Apple's own mask. */
const INSET = 0.1

/** `as=apple-touch-icon`: the icon for home screens of iOS. */
export const appleTouchIcon: BuiltInForm = {
  takes: OF_ICONS,
  isOneFile: true,
  makes: (settings, { hasAlpha }) => onGround(square(SIDE, settings), hasAlpha ? INSET : 0),
  value: (sets, _, write) => iconOf('apple-touch-icon', sets, write),
  told: {
    what: 'The icon for home screens of iOS.',
    name: 'icon',
    type: 'RenderedIcon',
    gives: '`{ src, sizes, type }`',
    files: `PNG of ${SIDE} × ${SIDE} pixels`,
  },
}
