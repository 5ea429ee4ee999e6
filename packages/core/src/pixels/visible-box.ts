import type { Pixels } from './image.ts'
import type { Crop } from './renditions/crop.ts'

/**
 * The smallest part of a picture that holds all pixels which can be seen; one pixel where none can.
 * @param isSeen Asked for the number of a pixel, row by row.
 */
export function boxOf({ width, height }: Pixels, isSeen: (at: number) => boolean): Crop {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isSeen(y * width + x)) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = y
    }
  }
  if (right === -1) return { left: 0, top: 0, width: 1, height: 1 }
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}
