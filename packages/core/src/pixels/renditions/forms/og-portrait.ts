import type { BuiltInForm } from './form.ts'
import { ogForm } from './og-form.ts'

/** `as=og-portrait`: a Pin. @see https://help.pinterest.com/en/business/article/pinterest-product-specs */
export const ogPortrait: BuiltInForm = ogForm(
  { width: 1000, height: 1500 },
  'The same upright.',
  'as Pinterest shows it',
)
