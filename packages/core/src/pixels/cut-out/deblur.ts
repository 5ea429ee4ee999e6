import { setImmediate } from 'node:timers/promises'
import type { Raster } from './raster.ts'

type Size = Pick<Raster, 'width' | 'height'>

/** What is known of mixed pixels, by their number in the list. */
export interface Mixed {
  /** The pixel's number in the picture. */
  readonly at: Int32Array
  readonly byColour: Float32Array
  readonly byLight: Float32Array
  readonly lightWeight: Float32Array
  readonly trust: Float32Array
}

/** More rounds make edges no better, and noise worse. */
const ROUNDS = 12

/**
 * Finds the opacities that look like what was measured once they are blurred. A JPEG keeps one colour for
 * two by two pixels (4:2:0) and smooths them when it is decoded, so that opacity by colour is blurred, while
 * opacity by brightness is not. In each round the difference is added; what opacity cannot be, it is not.
 * @param opacity Of every pixel, 0 to 1; those of the list are changed.
 */
export async function deblur(opacity: Float32Array, mixed: Mixed, size: Size): Promise<void> {
  const { width } = size
  for (let round = 0; round < ROUNDS; round += 1) {
    await setImmediate()
    for (let i = 0; i < mixed.at.length; i += 1) {
      const at = mixed.at[i] ?? 0
      const weight = mixed.lightWeight[i] ?? 0
      const now = opacity[at] ?? 0
      const y = Math.floor(at / width)
      const blurred = blurredAt(opacity, at - y * width, y, size)
      const byColour = (mixed.byColour[i] ?? 0) - blurred
      const byLight = (mixed.byLight[i] ?? 0) - now
      const next = now + (1 - weight) * byColour + weight * byLight
      opacity[at] = next < 0 ? 0 : next > 1 ? 1 : next
    }
  }
}

/** The mean of two by two pixels, three parts of the nearest in each direction and one of the next: libjpeg's. */
function blurredAt(opacity: Float32Array, x: number, y: number, size: Size): number {
  const { width, height } = size
  const nextX = x & 1 ? Math.min(x + 1, width - 1) : Math.max(x - 1, 0)
  const nextY = y & 1 ? Math.min(y + 1, height - 1) : Math.max(y - 1, 0)
  return (
    (9 * blockAt(opacity, x, y, size) +
      3 * blockAt(opacity, nextX, y, size) +
      3 * blockAt(opacity, x, nextY, size) +
      blockAt(opacity, nextX, nextY, size)) /
    16
  )
}

function blockAt(opacity: Float32Array, x: number, y: number, { width, height }: Size): number {
  const left = x & ~1
  const top = (y & ~1) * width
  const right = Math.min(left + 1, width - 1)
  const bottom = (y & ~1) + 1 < height ? top + width : top
  return (
    ((opacity[top + left] ?? 0) +
      (opacity[top + right] ?? 0) +
      (opacity[bottom + left] ?? 0) +
      (opacity[bottom + right] ?? 0)) /
    4
  )
}
