import { setImmediate } from 'node:timers/promises'

/** Pixels as they are decoded: three bytes each, red, green and blue, sRGB. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** Red, green and blue, 0 to 255; computed ones have fractions. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Pixels between two pauses: some ten milliseconds of work. */
const BAND = 1 << 19

/**
 * Goes through the rows of a picture, and lets the rest of the process breathe in between: a lock that
 * is held meanwhile must be kept alive.
 */
export async function eachRow(
  { width, height }: Pick<Raster, 'width' | 'height'>,
  work: (y: number) => void,
): Promise<void> {
  const rows = Math.max(1, Math.floor(BAND / width))
  for (let y = 0; y < height; y += 1) {
    if (y % rows === rows - 1) await setImmediate()
    work(y)
  }
}
