import type { PictureItem } from '../protocol.ts'

/** Pictures of one height beside each other, as wide together as the page. */
export interface Row {
  readonly pictures: readonly { readonly picture: PictureItem; readonly width: number }[]
  /** Of the pictures, in CSS pixels. */
  readonly height: number
}

interface Space {
  readonly width: number
  readonly gap: number
  /** The height to come close to. */
  readonly height: number
}

/** Beyond these a picture would be a strip, or a slot too narrow for words: it is shown whole, on a mat. */
const NARROWEST = 0.8
const WIDEST = 2.4

/** The ratio of the frame around a picture. */
function frameRatio({ width, height }: Pick<PictureItem, 'width' | 'height'>): number {
  return Math.min(WIDEST, Math.max(NARROWEST, width / height || 1))
}

/** Fills rows from left to right; the last one is not stretched. */
export function rowsOf(pictures: readonly PictureItem[], space: Space): readonly Row[] {
  const rows: Row[] = []
  let row: PictureItem[] = []
  for (const picture of pictures) {
    const height = heightOf([...row, picture], space)
    if (row.length > 0 && height < space.height * 0.72) {
      rows.push(rowOf(row, heightOf(row, space)))
      row = []
    }
    row.push(picture)
    if (heightOf(row, space) <= space.height) {
      rows.push(rowOf(row, heightOf(row, space)))
      row = []
    }
  }
  if (row.length > 0) rows.push(rowOf(row, Math.min(heightOf(row, space), space.height)))
  return rows
}

/** Of a row that is filled with these pictures. */
function heightOf(pictures: readonly PictureItem[], { width, gap }: Space): number {
  const ratios = pictures.reduce((sum, picture) => sum + frameRatio(picture), 0)
  return (width - gap * (pictures.length - 1)) / ratios
}

function rowOf(pictures: readonly PictureItem[], height: number): Row {
  return {
    pictures: pictures.map((picture) => ({
      picture,
      width: Math.floor(frameRatio(picture) * height),
    })),
    height: Math.round(height),
  }
}
