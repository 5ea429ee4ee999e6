import type { Order } from '../order.ts'
import { appleTouchIcon } from './apple-touch-icon.ts'
import { favicon } from './favicon.ts'
import type { CustomForm, CustomForms } from './custom-form.ts'
import {
  isDrawnOn,
  isOpen,
  onlyOne,
  type AskedSettings,
  type BuiltInForm,
  type Form,
  type FormPart,
  type FormSubject,
} from './form.ts'
import { icon } from './icon.ts'
import { icons } from './icons.ts'
import { img } from './img.ts'
import { maskable } from './maskable.ts'
import { BUILT_IN, type FormName, type RenditionForm } from './names.ts'
import { ogPortrait } from './og-portrait.ts'
import { ogSquare } from './og-square.ts'
import { og } from './og.ts'
import { picture } from './picture.ts'
import { sheet } from './sheet.ts'
import { srcset } from './srcset.ts'
import { url } from './url.ts'
import { RENDITION_SETTINGS } from '../settings.ts'

/**
 * The forms of rendition. Modules, settings, client types and docs go by their rows: a new form is a file, a name and a
 * row here, and a case of `test/hosts/rendition-cases.ts`.
 */
export const FORMS: Readonly<Record<RenditionForm, BuiltInForm>> = {
  picture,
  img,
  srcset,
  url,
  sheet,
  og,
  'og-square': ogSquare,
  'og-portrait': ogPortrait,
  favicon,
  icon,
  maskable,
  'apple-touch-icon': appleTouchIcon,
  icons,
}

/** Whether a form is one that this program brings. */
export function isBuiltIn(name: FormName): name is RenditionForm {
  return BUILT_IN.has(name)
}

/**
 * A form by its name.
 * @param own Those of the options.
 * @throws {RangeError} for a name that neither has.
 */
export function formOf(name: FormName, own: CustomForms): Form {
  if (isBuiltIn(name)) return FORMS[name]
  const form = Object.hasOwn(own, name) ? own[name] : undefined
  if (!form) throw new RangeError(`No form ${name}`)
  return toForm(form)
}

/** A form of the options with its defaults. */
function toForm(form: CustomForm): Form {
  const { makes, isOneFile = false, hasScenes = false } = form
  const value: Form['value'] = (sets, facts, write) =>
    form.value([onlyOne(sets), ...sets.slice(1)], facts, write)
  if (makes && typeof makes !== 'function') return { ...fromParts(makes), makes, value }
  return {
    takes: form.takes ?? RENDITION_SETTINGS,
    isOneFile,
    hasScenes,
    hasLayers: true,
    isExact: makes !== undefined,
    makes: makes ?? ((settings) => ({ settings, formats: settings.formats ?? ['webp'] })),
    value,
  }
}

/** Each of its parts is told what an import says: it takes what all of them do. */
function fromParts(parts: readonly FormPart[]): Pick<Form, 'takes' | 'isOneFile' | 'hasLayers'> {
  const rows = parts.map(({ form }) => FORMS[form])
  const taken = RENDITION_SETTINGS.filter((name) => rows.every(({ takes }) => takes.includes(name)))
  return {
    takes: rows.every(isOpen) ? RENDITION_SETTINGS : taken,
    isOneFile: false,
    hasLayers: rows.every(isDrawnOn),
  }
}

/** Turns what is asked for into files. @throws what a form of the options throws. */
export function orderOf({ makes }: Form, asked: AskedSettings, subject: FormSubject): Order {
  if (typeof makes !== 'function') throw new TypeError('The form is several renditions')
  return makes(asked, subject)
}
