/**
 * Types of picture imports. Reference them once:
 *
 * ```ts
 * /// <reference types="unplugin-gemini-image/client" />
 * ```
 */
declare module '*?gemini-image' {
  /** What the bundler gives for a plain image import: its URL. */
  const src: string
  export default src
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
  /** The model that drew it; `placeholder` for a stand-in. */
  export const model: string
}
