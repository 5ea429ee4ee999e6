// What a configuration says of forms of its own, by itself: a configuration loads no more of core.
export {
  type CustomForm,
  type CustomForms,
  defineForm,
} from './pixels/renditions/forms/custom-form.ts'
export type {
  AskedSettings,
  FormFacts,
  FormFile,
  FormPart,
  FormScene,
  FormSet,
  FormSubject,
  Writer,
} from './pixels/renditions/forms/form.ts'
export type { Order } from './pixels/renditions/order.ts'
