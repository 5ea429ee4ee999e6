/** Made by `image-service/labels-plugin.ts`. */
declare module 'virtual:gemini-image/labels' {
  /** The address of a generated picture's source type; `undefined` for every other image. */
  export function sourceTypeUriOf(
    /** SHA-256 of its bytes, in hex. */
    sha256: string,
  ): string | undefined | Promise<string | undefined>
}

declare module 'virtual:gemini-image/toolbar' {
  /** Where the toolbar asks. */
  export const endpoint: string
  /** What shows that a page of the dev server asks. */
  export const token: string
}
