import { z } from 'zod'

// How answers are read: only a picture is indispensable. A field that is `null`, or of another kind than it should be,
// is as good as none, and an element of a list that is none is left out.

export const text: z.ZodCatch<z.ZodOptional<z.ZodString>> = z.string().optional().catch(undefined)

/** A yes; anything else is a no. */
export const flag: z.ZodType<boolean> = z
  .unknown()
  .optional()
  .transform((value) => value === true)

/** A number, which JSON may spell as text; `undefined` where there is none, `NaN` where it is something else. */
export const count: z.ZodType<number | undefined> = z.unknown().optional().transform(toNumber)

export function optional<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodCatch<z.ZodOptional<Schema>> {
  return schema.optional().catch(undefined)
}

/** A list; its elements are of this kind. */
export function list<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>[]> {
  const elements = z.array(z.unknown()).catch([])
  return elements.transform((all) =>
    all.flatMap((one) => {
      const parsed = schema.safeParse(one)
      return parsed.success ? [parsed.data] : []
    }),
  )
}

function toNumber(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && value.trim() !== '') return Number(value)
  return typeof value === 'number' ? value : Number.NaN
}

/** The tokens of pictures in a breakdown by modality; `undefined` where there is no breakdown. */
export function imageTokens(
  breakdown: readonly (readonly [modality: string | undefined, tokens: number | undefined])[],
): number | undefined {
  if (breakdown.length === 0) return undefined
  const pictures = breakdown.filter(([modality]) => modality?.toLowerCase() === 'image')
  return pictures.reduce((sum, [, tokens = 0]) => sum + tokens, 0)
}

/** The bytes of a picture in JSON: base64, also where a proxy has made a data URL of it. */
export function pictureBytes(data: string): Uint8Array {
  return Buffer.from(data.replace(/^data:[^,]{0,99},/, ''), 'base64')
}

/** Whether a source can be linked to as it is: `javascript:` and the like are not passed on to a site. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

/** What of an answer is wanted besides its text: one picture, all of them, or none. */
interface Wanted {
  readonly isOfSeveral: boolean
  /** @default false */
  readonly isOfText?: boolean | undefined
}

/**
 * Tells the wanted parts of an answer from the others. Where one picture was asked for, the last one is it, and those
 * before it are beside it. Text is kept.
 */
export function chooseParts<Part>(
  parts: readonly Part[],
  isPicture: (part: Part) => boolean,
  { isOfSeveral, isOfText = false }: Wanted,
): { readonly kept: readonly Part[]; readonly others: readonly Part[] } {
  const last = isOfText ? -1 : parts.findLastIndex(isPicture)
  const isOther = (part: Part, index: number): boolean =>
    !isOfSeveral && index !== last && isPicture(part)
  return {
    kept: parts.filter((part, index) => !isOther(part, index)),
    others: parts.filter(isOther),
  }
}
