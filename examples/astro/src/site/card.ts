import { getImage } from 'astro:assets'
import type { ContentImage } from 'astro-gemini-image/schema'

/** The picture that a link to a page shows elsewhere. */
export interface Card {
  /** A path of this site. */
  readonly src: string
  readonly width: number
  readonly height: number
}

/** A JPEG of the size that social networks ask for: not all of them read WebP. */
export async function makeCard(picture: ContentImage): Promise<Card> {
  const [width, height] = [1200, 630]
  const { src } = await getImage({
    src: picture,
    width,
    height,
    fit: 'cover',
    format: 'jpeg',
    quality: 'mid',
    // One file, not one for each width of screen.
    layout: 'none',
  })
  return { src, width, height }
}
