// oxlint-disable-next-line typescript/triple-slash-reference -- an import would make a module of it
/// <reference path="./client-renditions.d.ts" />

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
  /** The picture's format. */
  export const format: 'jpeg' | 'png' | 'webp'
  /** All pictures of the answer, in order; the default export is the last. */
  export const images: readonly string[]
  /** Text and pictures of the answer, in order. */
  export const parts: readonly ({ readonly text: string } | { readonly image: string })[]
  export * from '*?gemini-image&facts'
}

declare module '*?gemini-image&as=object' {
  /** The picture and all that is known of it, in one object. */
  const picture: import('./dist/macro.js').GeneratedImage
  export default picture
  export * from '*?gemini-image'
}

declare module '*as=object&gemini-image' {
  export { default } from '*?gemini-image&as=object'
  export * from '*?gemini-image&as=object'
}

declare module '*&gemini-image' {
  export { default } from '*?gemini-image'
  export * from '*?gemini-image'
}

declare module '*?gemini-image&by=language' {
  /** A URL for each language. */
  const srcs: import('./dist/languages.js').ByLanguage<string>
  export default srcs
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=object&by=language' {
  /** The picture of each language, and all that is known of it, in one object. */
  const pictures: import('./dist/languages.js').ByLanguage<import('./dist/macro.js').GeneratedImage>
  export default pictures
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&enhanced' {
  /** What `@sveltejs/enhanced-img` makes of the picture, for `<enhanced:img>`. */
  const picture: {
    sources: Record<string, string>
    img: { src: string; w: number; h: number }
  }
  export default picture
  export * from '*?gemini-image'
}
