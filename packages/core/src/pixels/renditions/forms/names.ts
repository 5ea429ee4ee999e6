import { RENDITION_SETTINGS, type RenditionSettings } from '../settings.ts'

/** What an import may ask for in place of the file: `as=picture` and so on. Each has a file here, and a row in {@link FORMS}. */
const FORM_NAMES = [
  'picture',
  'img',
  'srcset',
  'url',
  'sheet',
  'og',
  'og-square',
  'og-portrait',
  'favicon',
  'icon',
  'maskable',
  'apple-touch-icon',
  'icons',
] as const

/** A form that this program brings. */
export type RenditionForm = (typeof FORM_NAMES)[number]

/** A built-in form, or one of the option `forms`. */
export type FormName = string

/** A form that is one rendition of a picture, in one or several sizes and formats. */
export type SingleForm = Exclude<RenditionForm, 'icons'>

/** A setting of renditions or icons, by its name in a query. */
export type RenditionParameter = keyof RenditionSettings | 'size'

/** The parameter that names settings of the option `presets`. */
export const PRESET = 'preset'

/** How the name of a parameter begins that gives a text of the page to the layers of a picture: `text.title`. */
export const TEXT = 'text.'

export const BUILT_IN: ReadonlySet<string> = new Set(FORM_NAMES)

const OURS: ReadonlySet<string> = new Set<string>(['as', PRESET, 'size', ...RENDITION_SETTINGS])

/**
 * The form of rendition that a query asks for; `undefined` where it asks for none, or says anything that
 * is another plugin's. (`w=` and `format=` are those of vite-imagetools, which has an `as=picture`, too.)
 * @param own The forms of the options, by name.
 */
export function renditionFormOf(parameters: URLSearchParams, own: object): FormName | undefined {
  const form = parameters.get('as') ?? ''
  if (!BUILT_IN.has(form) && !Object.hasOwn(own, form)) return undefined
  const isOurs = (name: string): boolean => OURS.has(name) || name.startsWith(TEXT)
  return [...parameters.keys()].every(isOurs) ? form : undefined
}
