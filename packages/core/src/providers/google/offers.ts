import type { ModelAlias, ModelName } from './catalogue.ts'

/** The aspect ratios that Imagen generates. */
type FiveRatios = '1:1' | '3:4' | '4:3' | '9:16' | '16:9'

/** The aspect ratios that every Gemini image model generates. */
type TenRatios = FiveRatios | '2:3' | '3:2' | '4:5' | '5:4' | '21:9'

/** Those of the models that generate banners, too. */
type FourteenRatios = TenRatios | '1:4' | '1:8' | '4:1' | '8:1'

/** What a model of the catalogue can be asked for, as types; a test holds them against its row. */
export interface Offers {
  readonly 'gemini-nano-banana-2.1': Offer<FourteenRatios, '1K' | '2K' | '4K'>
  readonly 'gemini-3-pro-image': Offer<TenRatios, '1K' | '2K' | '4K'>
  readonly 'gemini-3-pro-image-preview': Offer<TenRatios, '1K' | '2K' | '4K'>
  readonly 'gemini-3.1-flash-lite-image': Offer<TenRatios, '1K'>
  readonly 'gemini-3.1-flash-image': Offer<FourteenRatios, '512' | '1K' | '2K' | '4K'>
  readonly 'gemini-3.1-flash-image-preview': Offer<FourteenRatios, '512' | '1K' | '2K' | '4K'>
  readonly 'gemini-2.5-flash-image': Offer<TenRatios, '1K'>
  readonly 'gemini-2.5-flash-image-preview': Offer<TenRatios, '1K'>
  readonly 'imagen-4.0-fast-generate-001': Offer<FiveRatios, '1K'>
  readonly 'imagen-4.0-generate-001': Offer<FiveRatios, '1K' | '2K'>
  readonly 'imagen-4.0-ultra-generate-001': Offer<FiveRatios, '1K' | '2K'>
}

interface Offer<Ratio extends string, Size extends string> {
  readonly aspectRatio: Ratio
  readonly size: Size
}

/** Of several models, one of which generates: an alias offers what any of them does. */
type OffersOfAlias = {
  readonly [Alias in ModelAlias]: Offer<
    Alias extends 'nano-banana' | 'nano-banana-2' ? FourteenRatios : TenRatios,
    Alias extends 'nano-banana-lite'
      ? '1K'
      : Alias extends 'nano-banana-pro'
        ? '1K' | '2K' | '4K'
        : '512' | '1K' | '2K' | '4K'
  >
}

type Known = Offers & OffersOfAlias

/** The aspect ratios of a model; of one that the catalogue does not know, any. */
export type AspectRatioOf<Model extends ModelName> = Model extends keyof Known
  ? Known[Model]['aspectRatio']
  : string

/** The sizes of a model; of one that the catalogue does not know, any. `512` may be a number. */
export type SizeOf<Model extends ModelName> = Model extends keyof Known
  ? Known[Model]['size'] | ('512' extends Known[Model]['size'] ? 512 : never)
  : string | number
