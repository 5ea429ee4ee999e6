import { z } from 'zod'

const dollars = z.number().nonnegative()

/** What a row of prices holds, for schemas of rows that people or older versions wrote. */
export const PRICE_SHAPE: {
  readonly [Key in 'textIn' | 'textOut' | 'imageOut']: z.ZodNumber
} & { readonly [Key in 'picture' | 'search' | 'batch']: z.ZodOptional<z.ZodNumber> } = {
  textIn: dollars,
  textOut: dollars,
  imageOut: dollars,
  picture: dollars.optional(),
  search: dollars.optional(),
  batch: dollars.optional(),
}
