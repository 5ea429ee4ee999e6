import type { BuiltInForm } from './form.ts'
import { ogForm } from './og-form.ts'

/** `as=og`: the picture beside a link, as the networks that show it say alike. @see https://ogp.me */
export const og: BuiltInForm = ogForm(
  { width: 1200, height: 630 },
  'The picture that networks show beside a link.',
)
