import { FAVICON_SIDES } from '../encode.ts'
import type { BuiltInForm } from './form.ts'
import { iconOf, OF_ICONS, square } from './icon-form.ts'

/** `as=favicon`: an icon file. @see https://html.spec.whatwg.org/multipage/links.html#rel-icon */
export const favicon: BuiltInForm = {
  takes: OF_ICONS,
  isOneFile: true,
  makes: (settings) => ({
    settings: square(FAVICON_SIDES.at(-1) ?? 48, settings),
    formats: ['ico'],
  }),
  value: (sets, _, write) => iconOf('favicon', sets, write),
  told: {
    what: 'An icon file of 16, 32 and 48 pixels.',
    name: 'icon',
    type: 'RenderedIcon',
    gives: '`{ src, sizes, type }`',
    files: 'an icon file (ICO) of 16, 32 and 48 pixels',
  },
}
