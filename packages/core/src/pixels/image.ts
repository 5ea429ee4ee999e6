/** The media types of the pictures that we read and write. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/** A colour of a {@link Look}. */
export const COLOR: RegExp = /^#[0-9a-f]{6}$/

/** What a page shows of a picture before it is there. */
export interface Look {
  /** Its dominant colour: `#2b4a3f`. */
  readonly color: string
  /** Its ThumbHash, in base64: some 25 bytes. @see https://evanw.github.io/thumbhash/ */
  readonly thumbhash: string
}
