import type { PixelTable } from './pixels.ts'

/** One size that a model offers. */
export interface SizeRow {
  /** Ratio → pixels at this size. */
  readonly pixels: PixelTable
  /** Output tokens of one picture at this size. */
  readonly tokens: number
}

/** Prices in US dollars for one million tokens, at Google's standard tier. */
export interface PriceRow {
  readonly textIn: number
  readonly textOut: number
  readonly imageOut: number
}

/** One image model as the catalogue knows it. */
export interface ModelRow {
  /** The id that goes into the request's path. */
  readonly id: string
  /** Google's product name. */
  readonly name: string
  /** Size name (`512`, `1K`, `2K`, `4K`) → row. */
  readonly sizes: Readonly<Record<string, SizeRow>>
  /** Whether the request may carry `imageConfig.imageSize`; two models refuse the field. */
  readonly takesSize: boolean
  readonly price: PriceRow
  /** Google's announced shutdown, as a date. The server decides; a past date is only a warning. */
  readonly shutdown?: string
  /** The model that Google names as the successor. */
  readonly successor?: string
  /** Where the row's facts were read. */
  readonly source: string
  /** When they were read, as a date. */
  readonly asOf: string
}

/** An alias: names for a line of models, best candidate first. */
export interface AliasRow {
  readonly alias: string
  readonly candidates: readonly [string, ...string[]]
}
