import type { OutputInfo } from 'sharp'
import { loadSharp } from '../image.ts'

/** Pixels of the longer side of what is kept of a picture. */
const SIDE = 64
/** A picture is compared as a grid of this many cells each way. */
const CELLS = 20
/** Coarser grids of the same cells, which never differ by more: most windows need no look at the finest. */
const COARSE = [1, 5] as const
const CHANNELS = 3

/**
 * From this similarity on, of 1 at most, two pictures count as one picture. Measured on the pictures of
 * the examples, and on thirty drawings of one motif by one painter: renditions (a tenth of the size,
 * quality 30, square from wide, 60 by 80 % of the sides) reach 0.94 at least, different pictures 0.66 at most.
 */
export const LOOKS_ALIKE = 0.8

/**
 * How far cells may differ, as the root of the mean square, of 255: encoders move them by less than 8, with
 * a window that is a little off; a picture of the same shapes in other colours is another one.
 */
const MOST_DIFFERENT = 16
/** Standard deviation of cells from their surroundings, of 255, below which a picture is too plain. */
const PLAIN = 2
/** Cells each way that are a cell's surroundings. What they share, such as a sky, says little. */
const AROUND = 2

/**
 * Of each side, how much a crop may leave. Less is not looked for: with every step down, more windows are
 * compared, and more pictures have something alike by chance.
 */
const ZOOMS = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7] as const
/** How far apart the windows are that are looked at, of a side. */
const STEP = 0.04
/** By how much the best of them is then moved and resized, of a side, to see whether it gets better. */
const REFINEMENTS = [0.02, 0.01] as const

/** What is kept of a picture, so that it can be known again. */
export interface Features {
  /** In pixels of its own, small ones. */
  readonly width: number
  readonly height: number
  /** Sums of all pixels above and to the left, a channel after the other. */
  readonly sums: readonly Float64Array[]
}

/** Mean values of cells, a channel after the other. */
type Grid = Float64Array

/** What a picture looks like; `undefined` where the bytes are none that sharp can read. */
export async function featuresOf(bytes: Uint8Array): Promise<Features | undefined> {
  const pixels = await readPixels(bytes)
  if (!pixels) return undefined
  const { width, height, channels } = pixels.info
  const sums = Array.from({ length: CHANNELS }, (_, channel) =>
    sumsOf(pixels.data, { width, height, channels, channel: Math.min(channel, channels - 1) }),
  )
  return { width, height, sums }
}

async function readPixels(
  bytes: Uint8Array,
): Promise<{ data: Buffer; info: OutputInfo } | undefined> {
  const sharp = await loadSharp()
  const small = sharp(bytes)
    .autoOrient()
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .resize(SIDE, SIDE, { fit: 'inside', kernel: 'linear' })
  return small
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined)
}

/**
 * How much a picture looks like another, or like a part of it of 70 % of each side or more: 1 for the
 * same, 0 for nothing in common. 0 also where it is so plain that it could be any.
 */
export function similarityOf(picture: Features, original: Features): number {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height }
  const compare = comparing(picture, whole, original)
  let best: { window: Window; similarity: number } | undefined
  const consider = (windows: Iterable<Window>): void => {
    for (const window of windows) {
      const similarity = compare(window)
      if (similarity > (best?.similarity ?? 0)) best = { window, similarity }
    }
  }
  consider(windowsOf(original, picture.width / picture.height))
  for (const step of REFINEMENTS)
    consider(best ? [...windowsAround(best.window, step, original)] : [])
  return best?.similarity ?? 0
}

/** Gives what tells how much a picture looks like a window of another. */
function comparing(
  picture: Features,
  whole: Window,
  original: Features,
): (window: Window) => number {
  const grids = [...COARSE, CELLS].map((cells) => [cells, gridOf(picture, whole, cells)] as const)
  const details = detailsOf(gridOf(picture, whole, CELLS))
  if (isPlain(details)) return () => 0
  return (window) => {
    const isNear = grids.every(
      ([cells, grid]) => difference(grid, gridOf(original, window, cells)) <= MOST_DIFFERENT,
    )
    return isNear ? correlation(details, detailsOf(gridOf(original, window, CELLS))) : 0
  }
}

interface Window {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Parts of a picture of an aspect ratio, from the largest that there is. */
function* windowsOf({ width, height }: Features, ratio: number): Generator<Window> {
  const widest = Math.min(width, height * ratio)
  for (const zoom of ZOOMS) {
    const [w, h] = [widest * zoom, (widest / ratio) * zoom]
    for (const x of placesOf(width - w, width)) {
      for (const y of placesOf(height - h, height)) yield { x, y, width: w, height: h }
    }
  }
}

/** The same window, moved and resized by a step. */
function* windowsAround(
  window: Window,
  step: number,
  { width, height }: Features,
): Generator<Window> {
  const steps = [-step, 0, step]
  for (const zoom of steps) {
    const [w, h] = [window.width * (1 + zoom), window.height * (1 + zoom)]
    const [left, top] = [window.x - (w - window.width) / 2, window.y - (h - window.height) / 2]
    for (const x of steps.map((move) => left + move * width)) {
      for (const y of steps.map((move) => top + move * height)) {
        const isInside = x >= 0 && y >= 0 && x + w <= width && y + h <= height
        if (isInside) yield { x, y, width: w, height: h }
      }
    }
  }
}

/** Evenly from one end to the other; the middle is one of them. */
function placesOf(room: number, side: number): number[] {
  const steps = Math.ceil(room / (side * STEP) / 2) * 2
  return steps === 0 ? [0] : Array.from({ length: steps + 1 }, (_, at) => (room * at) / steps)
}

interface Layout {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly channel: number
}

function sumsOf(data: Buffer, { width, height, channels, channel }: Layout): Float64Array {
  const stride = width + 1
  const sums = new Float64Array(stride * (height + 1))
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = data[(y * width + x) * channels + channel] ?? 0
      const above = (sums[y * stride + x + 1] ?? 0) - (sums[y * stride + x] ?? 0)
      sums[(y + 1) * stride + x + 1] = value + (sums[(y + 1) * stride + x] ?? 0) + above
    }
  }
  return sums
}

/** The mean of each cell of a window, which may begin between pixels. */
function gridOf({ sums, width }: Features, window: Window, cells: number): Grid {
  const grid = new Float64Array(cells * cells * sums.length)
  const area = (window.width * window.height) / (cells * cells)
  let at = 0
  for (const channel of sums) {
    const corners = cornersOf(channel, width + 1, window, cells)
    for (let row = 0; row < cells; row += 1) {
      for (let column = 0; column < cells; column += 1) {
        const corner = row * (cells + 1) + column
        const [a = 0, b = 0] = [corners[corner], corners[corner + 1]]
        const [c = 0, d = 0] = [corners[corner + cells + 1], corners[corner + cells + 2]]
        grid[at] = (d - b - c + a) / area
        at += 1
      }
    }
  }
  return grid
}

function cornersOf(
  sums: Float64Array,
  stride: number,
  { x, y, width, height }: Window,
  cells: number,
): Float64Array {
  const corners = new Float64Array((cells + 1) ** 2)
  let at = 0
  for (let row = 0; row <= cells; row += 1) {
    for (let column = 0; column <= cells; column += 1) {
      corners[at] = sumAt(sums, stride, x + (width * column) / cells, y + (height * row) / cells)
      at += 1
    }
  }
  return corners
}

function sumAt(sums: Float64Array, stride: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [dx, dy] = [x - left, y - top]
  const at = top * stride + left
  const [a = 0, b = a] = [sums[at], sums[at + 1]]
  const [c = a, d = b] = [sums[at + stride], sums[at + stride + 1]]
  return (a * (1 - dx) + b * dx) * (1 - dy) + (c * (1 - dx) + d * dx) * dy
}

/** What cells differ by from the mean of their surroundings. */
function detailsOf(grid: Grid): Grid {
  const size = CELLS * CELLS
  return grid.map((value, at) => {
    const first = at - (at % size)
    const [row, column] = [Math.floor((at % size) / CELLS), at % CELLS]
    let [sum, count] = [0, 0]
    for (let y = Math.max(0, row - AROUND); y <= Math.min(CELLS - 1, row + AROUND); y += 1) {
      for (
        let x = Math.max(0, column - AROUND);
        x <= Math.min(CELLS - 1, column + AROUND);
        x += 1
      ) {
        sum += grid[first + y * CELLS + x] ?? 0
        count += 1
      }
    }
    return value - sum / count
  })
}

function isPlain(details: Grid): boolean {
  return Math.sqrt(variation(details) / details.length) < PLAIN
}

function difference(one: Grid, other: Grid): number {
  let total = 0
  for (let at = 0; at < one.length; at += 1) total += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return Math.sqrt(total / one.length)
}

/** Pearson's, over all channels together; 1 where one grid is the other, brighter or of more contrast. */
function correlation(one: Grid, other: Grid): number {
  const [mean, otherMean] = [meanOf(one), meanOf(other)]
  let shared = 0
  for (let at = 0; at < one.length; at += 1) {
    shared += ((one[at] ?? 0) - mean) * ((other[at] ?? 0) - otherMean)
  }
  return shared / Math.sqrt(variation(one) * variation(other) || 1)
}

/** The sum of the squares of what cells differ from their mean. */
function variation(grid: Grid): number {
  const mean = meanOf(grid)
  return grid.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

function meanOf(grid: Grid): number {
  return grid.reduce((sum, value) => sum + value, 0) / grid.length
}
