import type { ImageRequest } from '../request.ts'

/** Ratio → `[width, height]` in pixels. */
export type PixelTable = Readonly<Record<string, readonly [width: number, height: number]>>

/** One size that a model offers. */
interface SizeRow {
  /** Ratio → pixels at this size. */
  readonly pixels: PixelTable
  /** Output tokens of one picture at this size; 0 where pictures are priced by the piece. */
  readonly tokens: number
  /** The fewest that any source counts, where sources disagree. @default tokens */
  readonly fewestTokens?: number | undefined
}

/** Prices in US dollars at the provider's standard tier. */
export interface PriceRow {
  /** For one million prompt tokens, those of reference images included. */
  readonly textIn: number
  /** For one million tokens of text and thinking. */
  readonly textOut: number
  /** For one million tokens of pictures. */
  readonly imageOut: number
  /** For one picture, where pictures are priced by the piece. */
  readonly picture?: number
  /** For one search query. */
  readonly search?: number
  /**
   * Where nobody says what a call costs: the most that one picture is taken to cost. The other figures are 0 then; the
   * budget sets the ceiling aside, and it is what is booked.
   */
  readonly ceiling?: number
  /**
   * For one second of work, where that is what is billed: an answer is booked at the seconds that it tells. Nobody knows
   * them before, so that a `ceiling` is needed beside it.
   */
  readonly second?: number
  /** What the Batch API charges, as a share of the above; absent where it is not offered. */
  readonly batch?: number
}

/** A price that nobody knows. @param ceiling The most that one picture is taken to cost, in US dollars. */
export function unknownPrice(ceiling: number): PriceRow {
  return { textIn: 0, textOut: 0, imageOut: 0, ceiling }
}

/** How many reference images a request may carry. */
export interface ReferenceLimits {
  /** In all. */
  readonly total: number
  /** Of objects that must look the same. */
  readonly objects: number
  /** Of characters that must look the same. */
  readonly characters: number
  /** Prompt tokens that one image counts as. */
  readonly tokens: number
}

/** How much a model may think before it generates. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high'

/** What a model may look up before it generates: pages, or pictures as well. */
type GroundingKind = 'web' | 'images'

/** One image model as the catalogue knows it. */
export interface ModelRow {
  /** The id that goes into the request's path. */
  readonly id: string
  /** The provider's product name. */
  readonly name: string
  /** A line of models that its provider asks in the same way, such as `gemini`. */
  readonly family: string
  /** Size name (`512`, `1K`, `2K`, `4K`) → row. */
  readonly sizes: Readonly<Record<string, SizeRow>>
  /** Whether the request may carry the size; some models refuse the field. */
  readonly takesSize: boolean
  readonly references: ReferenceLimits
  /** Whether it thinks before it generates, so that there are thoughts to keep. */
  readonly thinks: boolean
  /** The levels that a declaration may ask for; empty where thinking cannot be steered. */
  readonly thinking: readonly ThinkingLevel[]
  readonly grounding: readonly GroundingKind[]
  readonly price: PriceRow
  /** The announced shutdown, as a date. The server decides; a past date is only a warning. */
  readonly shutdown?: string
  /** The model that the provider names as the successor. */
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

/** What holds for batch jobs, whatever their model. */
export interface BatchLimits {
  /** The most bytes of one job's file of requests. */
  readonly fileBytes: number
  /** Milliseconds after which a job that has not ended expires. */
  readonly expiresAfter: number
  /** Milliseconds for which files are kept, those of results included. */
  readonly keepsFiles: number
  /** Why a model cannot be asked in a batch, besides having no price for it; `undefined` where it can. */
  whyNot?(model: ModelRow, request: Pick<ImageRequest, 'format'>): string | undefined
  readonly source: string
  /** When it was read, as a date. */
  readonly asOf: string
}
