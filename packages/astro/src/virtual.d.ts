/** Made by `image-service/labels-plugin.ts`. */
declare module 'virtual:gemini-image/labels' {
  import type { LabelFacts } from '@gemini-image/core/xmp'

  /** What the label of a generated picture says; `undefined` for every other image. */
  export function labelOf(
    /** SHA-256 of its bytes, in hex. */
    sha256: string,
  ): LabelFacts | undefined | Promise<LabelFacts | undefined>
}

/** What Vite gives to every module of a page. */
interface ImportMeta {
  readonly env: { readonly BASE_URL: string }
}
