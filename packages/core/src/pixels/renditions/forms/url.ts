import { RENDITION_SETTINGS } from '../settings.ts'
import { largestOf, oneFormat, onlyOne, type BuiltInForm } from './form.ts'

/** `as=url`: one file. */
export const url: BuiltInForm = {
  takes: RENDITION_SETTINGS,
  isOneFile: true,
  makes: (settings, { format }) => ({
    settings,
    formats: oneFormat(settings, format),
    isOneSize: true,
  }),
  value: (sets, _, write) => largestOf(onlyOne(sets), write),
  told: {
    what: 'The URL of one file.',
    name: 'url',
    type: 'string',
    gives: 'the URL of one file, also in `url()`, pages and `new URL()`',
    files: "the picture's own",
  },
}
