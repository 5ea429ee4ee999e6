import { RENDITION_SETTINGS, type EncodedFormat, type RenditionSettings } from './settings.ts'

/** What an import may ask for in place of the file: `as=picture` and so on. */
export type RenditionForm =
  | 'picture'
  | 'img'
  | 'srcset'
  | 'url'
  | 'og'
  | 'favicon'
  | 'icon'
  | 'maskable'
  | 'apple-touch-icon'
  | 'icons'

/** A setting of renditions or icons, by its name in a query. */
export type RenditionParameter = keyof RenditionSettings | 'size'

/** What an icon leaves to choose. */
const OF_ICONS: readonly RenditionParameter[] = ['background', 'focus']

/** Form → the settings that it takes. */
export const SETTINGS_OF_FORM: Readonly<Record<RenditionForm, readonly RenditionParameter[]>> = {
  picture: RENDITION_SETTINGS,
  img: RENDITION_SETTINGS,
  srcset: RENDITION_SETTINGS,
  url: RENDITION_SETTINGS,
  og: ['background', 'fit', 'focus', 'quality'],
  favicon: OF_ICONS,
  icon: ['size', ...OF_ICONS],
  maskable: ['size', ...OF_ICONS],
  'apple-touch-icon': OF_ICONS,
  icons: OF_ICONS,
}

/** Whether a form leaves open which sizes and formats it is of; icons and the like have their own. */
export function isOpen(form: RenditionForm): boolean {
  return SETTINGS_OF_FORM[form].includes('widths')
}

/** The parameter that names settings of the option `presets`. */
export const PRESET = 'preset'

const OURS: ReadonlySet<string> = new Set<string>(['as', PRESET, 'size', ...RENDITION_SETTINGS])

/**
 * The form of rendition that a query asks for; `undefined` where it asks for none, or says anything that
 * is another plugin's. (`w=` and `format=` are those of vite-imagetools, which has an `as=picture`, too.)
 */
export function renditionFormOf(parameters: URLSearchParams): RenditionForm | undefined {
  const form = parameters.get('as') ?? ''
  if (!Object.hasOwn(SETTINGS_OF_FORM, form)) return undefined
  return [...parameters.keys()].every((name) => OURS.has(name))
    ? (form as RenditionForm)
    : undefined
}

interface FormSubject {
  /** Whether it is transparent anywhere. */
  readonly hasAlpha: boolean
  /** `jpeg`, `png` or `webp`. */
  readonly format: string
}

/** Files to be made. */
export interface Order {
  readonly settings: RenditionSettings
  /** By preference; never empty. */
  readonly formats: readonly EncodedFormat[]
  /** The part of the width that is left free on each side. @default 0 */
  readonly inset?: number | undefined
  /** Whether the largest size is all that is wanted. @default false */
  readonly isOneSize?: boolean | undefined
}

/** Settings as a query gives them. */
export interface AskedSettings extends RenditionSettings {
  /** The side of an icon, in pixels. */
  readonly size?: number | undefined
}

/** In pixels; what the networks that show it say alike. @see https://ogp.me */
const OG = { width: 1200, height: 630 } as const

/** Room around a subject without a background. */
const OG_INSET = 0.06

/** The largest image of a favicon, in pixels. Smaller ones are in the file as well. */
export const FAVICON_SIDES: readonly number[] = [16, 32, 48]

/** In pixels. @see https://developer.apple.com/design/human-interface-guidelines/app-icons */
const APPLE_SIDE = 180
/** Room around a subject without a background, on Apple's own mask. */
const APPLE_INSET = 0.1

/**
 * What is within a circle of two fifths of the width is never cut off; this leaves the largest square in it.
 * @see https://www.w3.org/TR/appmanifest/#icon-masks
 */
const MASKABLE_INSET = (1 - 0.8 * Math.SQRT1_2) / 2

/** Turns what is asked for into files. `icons` is several orders: {@link ICONS}. */
export function orderOf(
  form: Exclude<RenditionForm, 'icons'>,
  { size, ...settings }: AskedSettings,
  subject: FormSubject,
): Order {
  const { hasAlpha } = subject
  switch (form) {
    case 'og':
      return {
        settings: {
          fit: hasAlpha ? 'contain' : 'cover',
          ...settings,
          ...OG,
          density: [1],
          upscale: true,
        },
        formats: ['jpeg'],
        inset: hasAlpha ? OG_INSET : 0,
      }
    case 'favicon':
      return { settings: square(FAVICON_SIDES.at(-1) ?? 48, settings), formats: ['ico'] }
    case 'icon':
      return { settings: square(size ?? 192, settings), formats: ['png'] }
    case 'maskable':
      return onGround(square(size ?? 512, settings), hasAlpha ? MASKABLE_INSET : 0)
    case 'apple-touch-icon':
      return onGround(square(APPLE_SIDE, settings), hasAlpha ? APPLE_INSET : 0)
    default:
      return { settings, formats: formatsOf(form, settings, subject), isOneSize: form === 'url' }
  }
}

export interface IconOrder {
  readonly form: 'favicon' | 'icon' | 'maskable' | 'apple-touch-icon'
  /** Its side in pixels, where the form leaves that open. */
  readonly size?: number
}

/** The icons of a site: what browsers, Android and iOS ask for. */
export const ICONS: readonly IconOrder[] = [
  { form: 'favicon' },
  { form: 'icon', size: 192 },
  { form: 'icon', size: 512 },
  { form: 'maskable', size: 512 },
  { form: 'apple-touch-icon' },
]

function square(side: number, settings: RenditionSettings): RenditionSettings {
  return { ...settings, width: side, height: side, density: [1], upscale: true }
}

/** A mask cuts what it likes: nothing may be transparent. */
function onGround(settings: RenditionSettings, inset: number): Order {
  return { settings: { background: 'white', ...settings }, formats: ['png'], inset }
}

function formatsOf(
  form: 'picture' | 'img' | 'srcset' | 'url',
  { formats }: RenditionSettings,
  { hasAlpha, format }: FormSubject,
): readonly EncodedFormat[] {
  if (formats) return form === 'picture' ? formats : formats.slice(0, 1)
  if (form === 'picture') return ['avif', 'webp', hasAlpha ? 'png' : 'jpeg']
  return form === 'url' ? [format as EncodedFormat] : ['webp']
}
