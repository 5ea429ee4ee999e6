/**
 * Types of picture imports in Astro. The integration references them for you.
 */
/// <reference types="unplugin-gemini-image/client/renditions" />
declare module '*?gemini-image' {
  import type { Grounding, SourceType } from '@gemini-image/core/internal'
  import type { ImageMetadata } from 'astro'

  /** What Astro gives for a plain image import: for `<Image>`, `<Picture>` and `getImage`. */
  const image: ImageMetadata
  export default image
  /** Alternative text as declared; empty for a decorative picture. */
  export const alt: string
  /** Width, in pixels. */
  export const width: number
  /** Height, in pixels. */
  export const height: number
  /** The picture's format. */
  export const format: 'jpeg' | 'png' | 'webp'
  /** The prompt that it was drawn from. */
  export const prompt: string
  /** The model that drew it; `placeholder` for a stand-in, `adopted` for a picture that no model drew. */
  export const model: string
  /**
   * How it came about, as a term of IPTC's vocabulary: drawn by a model alone, or with a model from an
   * image that was there before; of an adopted picture, what its maker says. For `imageJsonLd`.
   */
  export const digitalSourceType: SourceType
  /** Text that came along with the picture; empty where none did. */
  export const text: string
  /** The dominant colour: `#2b4a3f`. */
  export const color: string
  /** A data URI of under 1 KB, to be shown until the picture is there. */
  export const placeholder: string
  /** All pictures of the answer, in order; the default export is the last. */
  export const images: readonly ImageMetadata[]
  /** Text and pictures of the answer, in order. */
  export const parts: readonly ({ readonly text: string } | { readonly image: ImageMetadata })[]
  /** What Google wants to be shown beside a picture of looked-up data. */
  export const grounding: Grounding | undefined
}

declare module '*?gemini-image&as=object' {
  /** The picture for `<Image>`, `<Picture>` and `getImage`, with its alternative text and the rest. */
  const image: import('./dist/schema.js').ContentImage
  export default image
}

declare module '*as=object&gemini-image' {
  export { default } from '*?gemini-image&as=object'
}

declare module '*&gemini-image' {
  export { default } from '*?gemini-image'
  export * from '*?gemini-image'
}

declare module '*?gemini-image&by=language' {
  /** What Astro gives for a plain image import, for each language. */
  const images: Readonly<Record<string, import('astro').ImageMetadata>>
  export default images
  /** Alternative texts; the first is for readers of all other languages. */
  export const alt: Readonly<Record<string, string>>
}

declare module '*?gemini-image&as=object&by=language' {
  /** The picture of each language for `<Image>`, `<Picture>` and `getImage`, with its alternative text and the rest. */
  const images: Readonly<Record<string, import('./dist/schema.js').ContentImage>>
  export default images
  /** Alternative texts; the first is for readers of all other languages. */
  export const alt: Readonly<Record<string, string>>
}
