import type { BuiltInForm } from './form.ts'
import { iconOf, OF_ICONS, square } from './icon-form.ts'

/** `as=icon`: a square icon. */
export const icon: BuiltInForm = {
  takes: ['size', ...OF_ICONS],
  isOneFile: true,
  makes: ({ size = 192, ...settings }) => ({ settings: square(size, settings), formats: ['png'] }),
  value: (sets, _, write) => iconOf('icon', sets, write),
  told: {
    what: 'A square icon, as PNG.',
    name: 'icon',
    type: 'RenderedIcon',
    gives: '`{ src, sizes, type, purpose }`, for a manifest',
    files: 'square PNG; `size=192`',
  },
}
