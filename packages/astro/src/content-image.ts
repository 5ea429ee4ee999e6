import type { SourceType } from '@gemini-image/core/internal'
import type { ImageMetadata } from 'astro'
import type { Grounding } from 'unplugin-gemini-image/macro'

/** A generated picture: what Astro's `image()` gives, with what only we know beside it. */
export type ContentImage = ImageMetadata & {
  /** Alternative text as declared; empty for a decorative picture. */
  readonly alt: string
  /** The prompt that it was drawn from. */
  readonly prompt: string
  /** The model that drew it; `placeholder` while there is no picture yet. */
  readonly model: string
  /**
   * How it came about, as a term of IPTC's vocabulary: drawn by a model alone, or with a model from an
   * image that was there before. For `imageJsonLd`.
   */
  readonly digitalSourceType: SourceType
  /** Text that came along with the picture; empty where none did. */
  readonly text: string
  /** What its provider wants to be shown beside a picture of looked-up data. */
  readonly grounding: Grounding | undefined
}
