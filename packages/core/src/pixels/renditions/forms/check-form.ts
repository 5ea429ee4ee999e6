import { z } from 'zod'
import { GeminiImageError } from '../../../kernel/errors/error.ts'
import { listWords } from '../../../kernel/suggest.ts'
import type { Order } from '../order.ts'
import { renditionSchema } from '../settings-schema.ts'
import { RENDITION_SETTINGS } from '../settings.ts'
import { FORMS, isBuiltIn } from './forms.ts'
import type { FormName, RenditionParameter } from './names.ts'

/** Names that mean something in a query already. */
const RESERVED: ReadonlySet<string> = new Set(['asset', 'file', 'object'])

const PARAMETERS: readonly RenditionParameter[] = [...RENDITION_SETTINGS, 'size']

/** What is wrong with a form of the options, to follow a colon; `undefined` for nothing. */
export function formProblem(name: FormName, form: unknown): string | undefined {
  if (isBuiltIn(name) || RESERVED.has(name))
    return 'this name is taken: call the form something else'
  if (!/^[a-z][a-z\d-]*$/.test(name)) {
    return 'write its name as an import can say it: small letters, digits and hyphens'
  }
  const { value, makes, takes, isOneFile, hasScenes, ...rest } = Object(form) as Readonly<
    Record<string, unknown>
  >
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    return `a form has no "${unknown}": it has value, makes, takes, isOneFile and hasScenes`
  }
  if (typeof value !== 'function') return 'a form is an object with a function "value"'
  return partsProblem(makes) ?? takesProblem(takes) ?? flagProblem({ isOneFile, hasScenes })
}

function partsProblem(makes: unknown): string | undefined {
  if (makes === undefined || typeof makes === 'function') return undefined
  const single = Object.entries(FORMS).flatMap(([name, one]) =>
    typeof one.makes === 'function' ? name : [],
  )
  const part = z.strictObject({ form: z.enum(single), size: z.int().positive().optional() })
  if (z.array(part).min(1).safeParse(makes).success) return undefined
  return `"makes" is a function, or a list such as [{ form: 'og' }] of ${listWords(single)}`
}

function takesProblem(takes: unknown): string | undefined {
  if (takes === undefined || z.array(z.enum(PARAMETERS)).safeParse(takes).success) return undefined
  return `"takes" is a list of ${listWords(PARAMETERS)}`
}

function flagProblem(flags: Readonly<Record<string, unknown>>): string | undefined {
  const wrong = Object.entries(flags).find(
    ([, value]) => value !== undefined && typeof value !== 'boolean',
  )
  return wrong && `"${wrong[0]}" is true or false`
}

const orderSchema: z.ZodType<Order> = z.strictObject({
  settings: renditionSchema,
  formats: z.array(z.enum(['avif', 'webp', 'jpeg', 'png', 'ico'])).min(1),
  inset: z.number().min(0).max(0.49).optional(),
  isOneSize: z.boolean().optional(),
})

/**
 * The files that a form of the options asks for.
 * @throws {GeminiImageError} `FORM_FAILED`, without a place.
 */
export function checkedOrder(name: FormName, make: () => Order): Order {
  let order: unknown
  try {
    order = make()
  } catch (error) {
    throw formFailed(name, `"makes" threw ${told(error)}`, error)
  }
  const { data, error } = orderSchema.safeParse(order)
  if (data) return data
  const [issue] = error.issues
  const at = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
  throw formFailed(name, `"makes" gives no files that could be made${at}: ${issue?.message}`)
}

/**
 * The error of a form of the options, without a place.
 * @param problem What is wrong with it, to follow the name of the form.
 */
export function formFailed(name: FormName, problem: string, cause?: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'FORM_FAILED',
    what: `The form "${name}": ${problem}.`,
    why: whereThrown(cause),
    fix: `fix forms.${name} in gemini-image.config.ts, or wherever gemini-image gets the option "forms".`,
    cause,
  })
}

/** What was thrown, as a person would write it in a sentence. */
export function told(thrown: unknown): string {
  return String(thrown).replace(/\.$/, '')
}

/** The first file that a stack names, without what has Node read it anew. */
const FRAME =
  /^ +at .*?(?:file:\/\/)?(\/[^()\n]*?|[A-Za-z]:[^()\n]*?)(?:\?changed=[\d.-]*)?(:\d+:\d+)\)?$/m

function whereThrown(cause: unknown): string | undefined {
  const [, file, position] = FRAME.exec((cause as Error | undefined)?.stack ?? '') ?? []
  return file === undefined ? undefined : `It was thrown at ${file}${position}.`
}
