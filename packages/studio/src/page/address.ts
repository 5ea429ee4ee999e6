import type { ShownImage, WrittenPage } from '../protocol.ts'
import { keptToken } from './token.ts'
import { written } from './written.ts'

/**
 * Where the page finds a picture.
 * @param width Of a thumbnail; the picture itself where it is left out.
 */
export function addressOf({ key }: ShownImage, width?: 320 | 640): string {
  const page = written()
  if (page) return fileOf(key, page, width !== undefined)
  const query = new URLSearchParams({ token: keptToken() })
  if (width) query.set('w', String(width))
  return `${width ? 'thumbnail' : 'image'}/${encodeURIComponent(key)}?${query}`
}

/** For `srcset`: both widths of thumbnails. */
export function thumbnailsOf(image: ShownImage): string {
  if (written()) return ''
  return `${addressOf(image, 320)} 320w, ${addressOf(image, 640)} 640w`
}

function fileOf(key: string, { files }: WrittenPage, isSmall: boolean): string {
  return isSmall ? `thumbnails/${key}.webp` : `images/${key}.${files[key]}`
}
