import { highOf, keynessOf } from './key-colour.ts'
import type { Raster, Rgb } from './raster.ts'

export interface Background {
  /** Its colour, at the border. */
  readonly colour: Rgb
  /** The channels in which that is bright: {@link highOf}. */
  readonly high: number
  /** How far it departs from an even course, as a standard deviation, of 255. */
  readonly noise: number
  /** How far its colour runs from one end of the picture to the other, of 255. */
  readonly drift: number
  /** The part of the border that it takes up, 0 to 1. */
  readonly border: number
  /** Its colours in a row of pixels, three numbers each, written into `row`. */
  fillRow(y: number, row: Float32Array): void
}

/** A model hits a key colour no better than this, of 441: the distance of black and white. */
const NEAR_KEY = 120
/** A gradient, noise and vignetting stay within this distance of the colour at the border. */
const NEAR_BORDER = 60
/** Noise stays within this distance of the even course of a background. */
const NEAR_SURFACE = 40
/** What a background must keep of a key to be told from greys, of 255. */
const LEAST_KEYNESS = 60
/** Of less than this part of the border, nobody can say that it surrounds anything. */
const LEAST_BORDER = 0.35
/** Some sixty thousand pixels tell as much as all of them. */
const SAMPLES = 1 << 16
const ROUNDS = 4

/**
 * Finds the background: models do not hit a colour exactly, and let it run a little.
 * @returns `undefined` where the picture has none of about this colour.
 */
export function findBackground(raster: Raster, key: Rgb): Background | undefined {
  const ring = borderOf(raster)
  const nearKey = ring.filter((at) => distance(raster.rgb, at, key) < NEAR_KEY)
  const colour = median(raster.rgb, nearKey)
  const high = highOf(colour)
  const nearBorder = ring.filter((at) => distance(raster.rgb, at, colour) < NEAR_BORDER)
  const isKey = high === highOf(key) && keynessOf(...colour, high) >= LEAST_KEYNESS
  if (!isKey || nearBorder.length < LEAST_BORDER * ring.length) return undefined
  const { surface, noise } = fitSurface(raster, colour)
  const corners = [-1, 0, 1].flatMap((y) =>
    [-1, 0, 1].map((x) => surface.map((c) => valueAt(c, x, y))),
  )
  const runs = [0, 1, 2].map((channel) => {
    const values = corners.map((corner) => corner[channel] ?? 0)
    return Math.max(...values) - Math.min(...values)
  })
  const fillRow = rowFiller(surface, raster)
  const border = shareOf(ring, raster, fillRow)
  return { colour, high, noise, drift: Math.max(...runs), border, fillRow }
}

/** The part of some pixels, from the top down, that is background. */
function shareOf(
  offsets: readonly number[],
  { width, rgb }: Raster,
  fillRow: Background['fillRow'],
): number {
  const row = new Float32Array(width * 3)
  let filled = -1
  let count = 0
  for (const at of offsets) {
    const y = Math.floor(at / 3 / width)
    if (y !== filled) fillRow(y, row)
    filled = y
    const x3 = at - y * width * 3
    const behind: Rgb = [row[x3] ?? 0, row[x3 + 1] ?? 0, row[x3 + 2] ?? 0]
    if (distance(rgb, at, behind) < NEAR_SURFACE) count += 1
  }
  return count / offsets.length
}

/** Offsets of the pixels in a frame of a hundredth of the shorter side. */
function borderOf({ width, height }: Raster): number[] {
  const thick = Math.max(1, Math.round(Math.min(width, height) / 100))
  const offsets: number[] = []
  for (let y = 0; y < height; y += 1) {
    const isWhole = y < thick || y >= height - thick
    for (let x = 0; x < width; x += 1) {
      if (!isWhole && x === thick) x = Math.max(x, width - thick)
      offsets.push((y * width + x) * 3)
    }
  }
  return offsets
}

function distance(rgb: Uint8Array, at: number, [red, green, blue]: Rgb): number {
  const byRed = (rgb[at] ?? 0) - red
  const byGreen = (rgb[at + 1] ?? 0) - green
  const byBlue = (rgb[at + 2] ?? 0) - blue
  return Math.sqrt(byRed * byRed + byGreen * byGreen + byBlue * byBlue)
}

function median(rgb: Uint8Array, offsets: readonly number[]): Rgb {
  const of = (channel: number): number =>
    Uint8Array.from(offsets, (at) => rgb[at + channel] ?? 0).toSorted()[offsets.length >> 1] ?? 0
  return [of(0), of(1), of(2)]
}

/** A channel as a surface over x and y, both from -1 to 1: 1, x, y, x², xy, y². */
type Surface = Float64Array<ArrayBuffer>

const TERMS = 6

function termsAt(x: number, y: number): readonly number[] {
  return [1, x, y, x * x, x * y, y * y]
}

function valueAt(surface: Surface, x: number, y: number): number {
  return termsAt(x, y).reduce((sum, term, index) => sum + term * (surface[index] ?? 0), 0)
}

/**
 * Fits the colour of the background, as a curved plane for each channel, so that glass before it is not taken
 * for a part of it. What is far from the plane is left out of the next round.
 */
function fitSurface(raster: Raster, colour: Rgb): { surface: Surface[]; noise: number } {
  const samples = sample(raster)
  let surface = colour.map((channel) => Float64Array.of(channel, 0, 0, 0, 0, 0))
  let reach = NEAR_BORDER
  let noise = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const normal = new Float64Array(TERMS * TERMS)
    const sums = colour.map(() => new Float64Array(TERMS))
    const errors: number[] = []
    for (const { terms, at } of samples) {
      const misses = surface.map((one, channel) => {
        const expected = terms.reduce((sum, term, index) => sum + term * (one[index] ?? 0), 0)
        return Math.abs((raster.rgb[at + channel] ?? 0) - expected)
      })
      const miss = Math.max(...misses)
      if (miss > reach) continue
      errors.push(miss)
      terms.forEach((a, i) => {
        terms.forEach((b, j) => (normal[i * TERMS + j] = (normal[i * TERMS + j] ?? 0) + a * b))
        sums.forEach(
          (sum, channel) => (sum[i] = (sum[i] ?? 0) + a * (raster.rgb[at + channel] ?? 0)),
        )
      })
    }
    surface = sums.map((sum) => solve(normal, sum))
    // The median error of a normal distribution is two thirds of its standard deviation.
    noise = (errors.toSorted((a, b) => a - b)[errors.length >> 1] ?? 0) * 1.5
    reach = Math.min(reach, Math.max(8, 4 * noise))
  }
  return { surface, noise }
}

function sample(raster: Raster): { terms: readonly number[]; at: number }[] {
  const { width, height } = raster
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / SAMPLES)))
  const samples: { terms: readonly number[]; at: number }[] = []
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      samples.push({ terms: termsAt(place(x, width), place(y, height)), at: (y * width + x) * 3 })
    }
  }
  return samples
}

/** A coordinate from -1 to 1. */
function place(value: number, size: number): number {
  return (2 * value + 1) / size - 1
}

/** Solves the normal equations by elimination; a term that nothing decides is left at 0. */
function solve(normal: Float64Array, sums: Float64Array): Surface {
  const rows = Array.from({ length: TERMS }, (_, i) => [
    ...normal.subarray(i * TERMS, (i + 1) * TERMS),
    sums[i] ?? 0,
  ])
  for (const [i, pivot] of rows.entries()) {
    const lead = pivot[i] ?? 0
    if (Math.abs(lead) < 1e-6) continue
    for (const [j, row] of rows.entries()) {
      if (j === i) continue
      const factor = (row[i] ?? 0) / lead
      for (let k = i; k <= TERMS; k += 1) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0)
    }
  }
  return Float64Array.from(rows, (row, i) => {
    const lead = row[i] ?? 0
    return Math.abs(lead) < 1e-6 ? 0 : (row[TERMS] ?? 0) / lead
  })
}

function rowFiller(surface: readonly Surface[], { width, height }: Raster): Background['fillRow'] {
  return (y, row) => {
    const v = place(y, height)
    for (let channel = 0; channel < 3; channel += 1) {
      const [c = 0, cx = 0, cy = 0, cxx = 0, cxy = 0, cyy = 0] = surface[channel] ?? []
      const constant = c + cy * v + cyy * v * v
      const linear = cx + cxy * v
      for (let x = 0; x < width; x += 1) {
        const u = place(x, width)
        row[x * 3 + channel] = constant + linear * u + cxx * u * u
      }
    }
  }
}
