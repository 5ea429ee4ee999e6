// oxlint-disable-next-line typescript/triple-slash-reference -- an import would make a module of it
/// <reference path="./client-renditions.d.ts" />

/**
 * Types of picture imports in Next.js, for `next/image`. Reference them once:
 *
 * ```ts
 * /// <reference types="unplugin-gemini-image/client/next" />
 * ```
 */
declare module '*?gemini-image' {
  /** What Next.js gives for a plain image import, `blurDataURL` included. */
  const image: import('next/image').StaticImageData
  export default image
  /** The picture's format. */
  export const format: 'jpeg' | 'png' | 'webp'
  /** All pictures of the answer, in order; the default export is the last. */
  export const images: readonly import('next/image').StaticImageData[]
  /** Text and pictures of the answer, in order. */
  export const parts: readonly (
    | { readonly text: string }
    | { readonly image: import('next/image').StaticImageData }
  )[]
  export * from '*?gemini-image&facts'
}

declare module '*?gemini-image&as=object' {
  /** The picture and all that is known of it, in one object. */
  const picture: import('next/image').StaticImageData & import('./dist/macro.js').GeneratedImage
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
  /** What Next.js gives for a plain image import, for each language. */
  const images: import('./dist/languages.js').ByLanguage<import('next/image').StaticImageData>
  export default images
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=object&by=language' {
  /** The picture of each language, and all that is known of it, in one object. */
  const pictures: import('./dist/languages.js').ByLanguage<
    import('next/image').StaticImageData & import('./dist/macro.js').GeneratedImage
  >
  export default pictures
  export * from '*?gemini-image&by=language&facts'
}
