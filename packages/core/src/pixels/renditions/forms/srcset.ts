import { RENDITION_SETTINGS } from '../settings.ts'
import { oneFormat, onlyOne, type BuiltInForm } from './form.ts'

/** `as=srcset`: the attribute. */
export const srcset: BuiltInForm = {
  takes: RENDITION_SETTINGS,
  isOneFile: false,
  makes: (settings) => ({ settings, formats: oneFormat(settings, 'webp') }),
  value: (sets, _, write) => write.srcset(onlyOne(sets).sources.at(-1)?.files ?? []),
  told: {
    what: 'What the attribute `srcset` takes.',
    name: 'srcset',
    type: 'string',
    gives: 'what `srcset` takes',
    files: 'WebP',
  },
}
