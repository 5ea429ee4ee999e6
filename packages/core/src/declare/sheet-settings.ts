import { z } from 'zod'

/** A picture of a sheet. */
export interface SheetItem {
  /** What selects it, and how its frame is called. */
  readonly name: string
  /** What it shows, in words. @default its name */
  readonly prompt: string
}

/** Not blank, and without semicolons, which stand between two of them. */
const VALUE = /^[^;]*[^;\s][^;]*$/

/** A value of a set. */
export const setValue: z.ZodType<string> = z
  .union([z.string().meta({ pattern: VALUE.source }), z.number(), z.boolean()])
  .transform((one) => String(one).trim().normalize('NFC'))
  .pipe(z.string().regex(/^[^;]+$/))

const names = z.array(setValue).min(1).meta({ uniqueItems: true })
const withWords = z
  .record(z.string().regex(VALUE), z.union([z.string(), z.null()]))
  .meta({ minProperties: 1 })

/** The setting `sheet`. */
export const sheetSchema: z.ZodType<readonly SheetItem[]> = z
  .union([
    names.transform((all) => all.map((name) => ({ name, prompt: name }))),
    withWords.transform((all) =>
      Object.entries(all).map(([written, words]) => {
        const name = written.trim().normalize('NFC')
        return { name, prompt: words?.trim() || name }
      }),
    ),
  ])
  .refine(
    (items) => items.length > 0 && new Set(items.map(({ name }) => name)).size === items.length,
  )
