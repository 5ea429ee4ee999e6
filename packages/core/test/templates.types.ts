import type { Template } from '../src/declare/templates/template.ts'
import {
  checkSlots,
  isTemplateName,
  renderTemplate,
  type TemplateSlots,
} from '../src/declare/templates/templates.ts'

renderTemplate('product-mockup', { product: 'a mug' })
renderTemplate('product-mockup', { product: 'a mug', surface: 'oak' })

// @ts-expect-error A required slot is missing.
renderTemplate('product-mockup', { surface: 'oak' })
// @ts-expect-error The template has no such slot.
renderTemplate('product-mockup', { product: 'a mug', colour: 'red' })
// @ts-expect-error A slot takes text only.
renderTemplate('product-mockup', { product: 7 })
// @ts-expect-error There is no such template.
renderTemplate('product-mock-up', { product: 'a mug' })

/** Each slot's `required` says whether its key may be left out. */
type Letters = Template<{ readonly a: string; readonly b?: string }>['slots']
const a = { describe: '', required: true } as const
const b = { describe: '', required: false } as const
export const agrees: Letters = { a, b }
// @ts-expect-error `b` may be left out, so it is not required.
export const disagrees: Letters = { a, b: a }
// @ts-expect-error `b` is not described.
export const lacks: Letters = { a }

/** A name and slots from outside need no more than a cast once they are checked. */
export function fromOutside(name: string, slots: Record<string, string>): string | undefined {
  if (!isTemplateName(name) || checkSlots(name, slots).length > 0) return undefined
  return renderTemplate(name, slots as TemplateSlots[typeof name])
}
