import type { Order } from '../order.ts'
import { appleTouchIcon } from './apple-touch-icon.ts'
import { favicon } from './favicon.ts'
import type { AskedSettings, Form, FormSubject } from './form.ts'
import { icon } from './icon.ts'
import { icons } from './icons.ts'
import { img } from './img.ts'
import { maskable } from './maskable.ts'
import type { RenditionForm, SingleForm } from './names.ts'
import { og } from './og.ts'
import { picture } from './picture.ts'
import { srcset } from './srcset.ts'
import { url } from './url.ts'

/**
 * The forms of rendition. Modules, settings, client types and docs go by their rows: a new form is a file, a name and a
 * row here, and a case of `test/hosts/rendition-cases.ts`.
 */
export const FORMS: Readonly<Record<RenditionForm, Form>> = {
  picture,
  img,
  srcset,
  url,
  og,
  favicon,
  icon,
  maskable,
  'apple-touch-icon': appleTouchIcon,
  icons,
}

/** Turns what is asked for into files. */
export function orderOf(form: SingleForm, asked: AskedSettings, subject: FormSubject): Order {
  const { makes } = FORMS[form]
  if (typeof makes !== 'function') throw new TypeError(`as=${form} is several renditions`)
  return makes(asked, subject)
}
