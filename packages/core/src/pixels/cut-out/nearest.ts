import { eachRow, type Raster } from './raster.ts'
import { MIXED, SUBJECT } from './trimap.ts'

/** Where there is no subject near. */
export const NONE = -1

/** A subject further away, in pixels, says nothing of a pixel's colour. */
export const REACH = 256

/**
 * For each pixel the number of the nearest one of the subject that can be reached through mixed pixels;
 * {@link NONE} where there is none. Sweeps there and back follow lines with a few bends.
 */
export async function findNearest(
  kinds: Uint8Array,
  { width, height }: Pick<Raster, 'width' | 'height'>,
): Promise<Int32Array> {
  const nearest = new Int32Array(kinds.length).fill(NONE)
  for (let at = 0; at < kinds.length; at += 1) if (kinds[at] === SUBJECT) nearest[at] = at

  const take = (x: number, y: number, from: number): void => {
    const seed = nearest[from] ?? NONE
    if (seed === NONE) return
    const at = y * width + x
    const gap = gapOf(seed, x, y)
    const known = nearest[at] ?? NONE
    if (gap <= REACH * REACH && (known === NONE || gap < gapOf(known, x, y))) nearest[at] = seed
  }
  const gapOf = (seed: number, x: number, y: number): number => {
    const seedY = Math.floor(seed / width)
    const [byX, byY] = [seed - seedY * width - x, seedY - y]
    return byX * byX + byY * byY
  }
  /** @param step 1 to the right and downwards, -1 back. */
  const sweep = (step: 1 | -1) => (line: number) => {
    const y = step === 1 ? line : height - 1 - line
    const hasLine = step === 1 ? y > 0 : y < height - 1
    for (let i = 0; i < width; i += 1) {
      const x = step === 1 ? i : width - 1 - i
      const at = y * width + x
      if (kinds[at] !== MIXED) continue
      if (i > 0) take(x, y, at - step)
      if (!hasLine) continue
      take(x, y, at - step * width)
      if (x > 0) take(x, y, at - step * width - 1)
      if (x < width - 1) take(x, y, at - step * width + 1)
    }
  }
  for (let round = 0; round < 4; round += 1) {
    await eachRow({ width, height }, sweep(1))
    await eachRow({ width, height }, sweep(-1))
  }
  return nearest
}
