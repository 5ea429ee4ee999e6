import type { BuiltInForm } from './form.ts'
import { ogForm } from './og-form.ts'

/**
 * `as=og-square`: where a picture is shown beside the words and not above them, it is cut to a square.
 * @see https://developer.x.com/en/docs/x-for-websites/cards/overview/summary
 */
export const ogSquare: BuiltInForm = ogForm(
  { width: 1200, height: 1200 },
  'The same as a square.',
  'for messengers and small cards',
)
