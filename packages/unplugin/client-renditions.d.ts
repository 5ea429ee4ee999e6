// What is the same on every host. The types of each host reference it.

/** What is known of a picture, whatever is imported of it. */
declare module '*?gemini-image&facts' {
  /** Alternative text as declared; empty for a decorative picture. */
  export const alt: string
  /** Width, in pixels. */
  export const width: number
  /** Height, in pixels. */
  export const height: number
  /** The prompt that it was drawn from. */
  export const prompt: string
  /** The model that drew it; `placeholder` for a stand-in, `adopted` for a picture that no model drew. */
  export const model: string
  /**
   * How it came about, as a term of IPTC's vocabulary: drawn by a model alone, or with a model from an
   * image that was there before; of an adopted picture, what its maker says. For `imageJsonLd`.
   */
  export const digitalSourceType:
    | 'trainedAlgorithmicMedia'
    | 'compositeWithTrainedAlgorithmicMedia'
    | 'digitalCreation'
    | 'digitalCapture'
    | 'computationalCapture'
    | 'humanEdits'
    | 'composite'
    | 'compositeCapture'
    | 'compositeSynthetic'
    | 'algorithmicallyEnhanced'
    | 'algorithmicMedia'
    | 'dataDrivenMedia'
    | 'screenCapture'
    | 'virtualRecording'
    | 'negativeFilm'
    | 'positiveFilm'
    | 'print'
  /** Text that came along with the picture; empty where none did. */
  export const text: string
  /** The dominant colour: `#2b4a3f`. */
  export const color: string
  /** A data URI of under 1 KB, to be shown until the picture is there. */
  export const placeholder: string
  /** What Google wants to be shown beside a picture of looked-up data. */
  export const grounding:
    | {
        /** Google's HTML with the searches as links. */
        readonly searchSuggestions?: string
        /** The pages and pictures that were looked at. */
        readonly sources: readonly {
          readonly url: string
          readonly title?: string
          readonly imageUrl?: string
        }[]
        /** What was searched for. */
        readonly queries: readonly string[]
        /** Pieces of `text`, from `start` to `end`, with the numbers of their sources. */
        readonly citations?: readonly {
          readonly start: number
          readonly end: number
          readonly sources: readonly number[]
        }[]
      }
    | undefined
}

/** What is known of pictures by language, whatever is imported of them. */
declare module '*?gemini-image&by=language&facts' {
  /** Alternative texts; the first is for readers of all other languages. */
  export const alt: import('./dist/languages.js').ByLanguage<string>
}

// Generated from the registry of forms by "pnpm docs": do not edit below.

declare module '*?gemini-image&as=picture' {
  /** The picture in sizes and formats, for a `<picture>` element. */
  const picture: import('./dist/rendered-picture.js').RenderedPicture
  export default picture
  /** The format for browsers that know none before it. */
  export const format: 'avif' | 'jpeg' | 'png' | 'webp'
  export * from '*?gemini-image&facts'
}

declare module '*as=picture&gemini-image' {
  export { default } from '*?gemini-image&as=picture'
  export * from '*?gemini-image&as=picture'
}

declare module '*as=picture&by=language' {
  /** The picture in sizes and formats, for a `<picture>` element; one for each language. */
  const picture: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedPicture
  >
  export default picture
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=img' {
  /** The picture in sizes, for an `<img>` element. */
  const image: import('./dist/rendered-picture.js').RenderedImage
  export default image
  /** The format for browsers that know none before it. */
  export const format: 'avif' | 'jpeg' | 'png' | 'webp'
  export * from '*?gemini-image&facts'
}

declare module '*as=img&gemini-image' {
  export { default } from '*?gemini-image&as=img'
  export * from '*?gemini-image&as=img'
}

declare module '*as=img&by=language' {
  /** The picture in sizes, for an `<img>` element; one for each language. */
  const image: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedImage
  >
  export default image
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=srcset' {
  /** What the attribute `srcset` takes. */
  const srcset: string
  export default srcset
  /** The format for browsers that know none before it. */
  export const format: 'avif' | 'jpeg' | 'png' | 'webp'
  export * from '*?gemini-image&facts'
}

declare module '*as=srcset&gemini-image' {
  export { default } from '*?gemini-image&as=srcset'
  export * from '*?gemini-image&as=srcset'
}

declare module '*as=srcset&by=language' {
  /** What the attribute `srcset` takes; one for each language. */
  const srcset: import('./dist/languages.js').ByLanguage<string>
  export default srcset
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=url' {
  /** The URL of one file. */
  const url: string
  export default url
  /** The format for browsers that know none before it. */
  export const format: 'avif' | 'jpeg' | 'png' | 'webp'
  export * from '*?gemini-image&facts'
}

declare module '*as=url&gemini-image' {
  export { default } from '*?gemini-image&as=url'
  export * from '*?gemini-image&as=url'
}

declare module '*as=url&by=language' {
  /** The URL of one file; one for each language. */
  const url: import('./dist/languages.js').ByLanguage<string>
  export default url
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=sheet' {
  /** All pictures of a set in one file, and where each of them is. */
  const sheet: import('./dist/rendered-picture.js').RenderedSheet
  export default sheet
  /** The format for browsers that know none before it. */
  export const format: 'avif' | 'jpeg' | 'png' | 'webp'
  export * from '*?gemini-image&facts'
}

declare module '*as=sheet&gemini-image' {
  export { default } from '*?gemini-image&as=sheet'
  export * from '*?gemini-image&as=sheet'
}

declare module '*as=sheet&by=language' {
  /** All pictures of a set in one file, and where each of them is; one for each language. */
  const sheet: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedSheet
  >
  export default sheet
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=og' {
  /** The picture that networks show beside a link. */
  const preview: import('./dist/rendered-picture.js').RenderedPreview
  export default preview
  export * from '*?gemini-image&facts'
}

declare module '*as=og&gemini-image' {
  export { default } from '*?gemini-image&as=og'
  export * from '*?gemini-image&as=og'
}

declare module '*as=og&by=language' {
  /** The picture that networks show beside a link; one for each language. */
  const preview: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedPreview
  >
  export default preview
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=og-square' {
  /** The same as a square. */
  const preview: import('./dist/rendered-picture.js').RenderedPreview
  export default preview
  export * from '*?gemini-image&facts'
}

declare module '*as=og-square&gemini-image' {
  export { default } from '*?gemini-image&as=og-square'
  export * from '*?gemini-image&as=og-square'
}

declare module '*as=og-square&by=language' {
  /** The same as a square; one for each language. */
  const preview: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedPreview
  >
  export default preview
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=og-portrait' {
  /** The same upright. */
  const preview: import('./dist/rendered-picture.js').RenderedPreview
  export default preview
  export * from '*?gemini-image&facts'
}

declare module '*as=og-portrait&gemini-image' {
  export { default } from '*?gemini-image&as=og-portrait'
  export * from '*?gemini-image&as=og-portrait'
}

declare module '*as=og-portrait&by=language' {
  /** The same upright; one for each language. */
  const preview: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedPreview
  >
  export default preview
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=favicon' {
  /** An icon file of 16, 32 and 48 pixels. */
  const icon: import('./dist/rendered-picture.js').RenderedIcon
  export default icon
  export * from '*?gemini-image&facts'
}

declare module '*as=favicon&gemini-image' {
  export { default } from '*?gemini-image&as=favicon'
  export * from '*?gemini-image&as=favicon'
}

declare module '*as=favicon&by=language' {
  /** An icon file of 16, 32 and 48 pixels; one for each language. */
  const icon: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedIcon
  >
  export default icon
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=icon' {
  /** A square icon, as PNG. */
  const icon: import('./dist/rendered-picture.js').RenderedIcon
  export default icon
  export * from '*?gemini-image&facts'
}

declare module '*as=icon&gemini-image' {
  export { default } from '*?gemini-image&as=icon'
  export * from '*?gemini-image&as=icon'
}

declare module '*as=icon&by=language' {
  /** A square icon, as PNG; one for each language. */
  const icon: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedIcon
  >
  export default icon
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=maskable' {
  /** An icon that may be cut to any shape. */
  const icon: import('./dist/rendered-picture.js').RenderedIcon
  export default icon
  export * from '*?gemini-image&facts'
}

declare module '*as=maskable&gemini-image' {
  export { default } from '*?gemini-image&as=maskable'
  export * from '*?gemini-image&as=maskable'
}

declare module '*as=maskable&by=language' {
  /** An icon that may be cut to any shape; one for each language. */
  const icon: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedIcon
  >
  export default icon
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=apple-touch-icon' {
  /** The icon for home screens of iOS. */
  const icon: import('./dist/rendered-picture.js').RenderedIcon
  export default icon
  export * from '*?gemini-image&facts'
}

declare module '*as=apple-touch-icon&gemini-image' {
  export { default } from '*?gemini-image&as=apple-touch-icon'
  export * from '*?gemini-image&as=apple-touch-icon'
}

declare module '*as=apple-touch-icon&by=language' {
  /** The icon for home screens of iOS; one for each language. */
  const icon: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedIcon
  >
  export default icon
  export * from '*?gemini-image&by=language&facts'
}

declare module '*?gemini-image&as=icons' {
  /** All icons of a site. */
  const icons: import('./dist/rendered-picture.js').RenderedIcons
  export default icons
  export * from '*?gemini-image&facts'
}

declare module '*as=icons&gemini-image' {
  export { default } from '*?gemini-image&as=icons'
  export * from '*?gemini-image&as=icons'
}

declare module '*as=icons&by=language' {
  /** All icons of a site; one for each language. */
  const icons: import('./dist/languages.js').ByLanguage<
    import('./dist/rendered-picture.js').RenderedIcons
  >
  export default icons
  export * from '*?gemini-image&by=language&facts'
}
