import type { Pixels } from '../image.ts'
import type { RenditionSettings } from './settings.ts'

export interface Box extends Pixels {
  /** What `srcset` says of it: `800w` or `2x`. */
  readonly descriptor: string
}

export interface Layout {
  /** Ascending; never empty. */
  readonly boxes: readonly Box[]
  /** What `width` and `height` of the element say: the room that a page keeps for it. */
  readonly shown: Pixels
  /** The attribute `sizes`; `undefined` where densities are served. */
  readonly sizes: string | undefined
  /** Width by height. */
  readonly ratio: number
}

/** From a phone to a large screen at double density, in pixels. */
const WIDTHS: readonly number[] = [400, 800, 1200, 1600, 2400]

/** A ratio is the picture's own where cutting to it would take less than this off: rounding does. */
const TOLERANCE = 0.005

/** Works out the sizes of a picture. Beyond its own pixels nothing is made, unless told. */
export function layOut(source: Pixels, settings: RenditionSettings): Layout {
  const ratio = ratioOf(source, settings)
  const largest = largestWidth(source, ratio, settings)
  return settings.width === undefined && settings.height === undefined
    ? fluid(source, ratio, largest, settings)
    : fixed(ratio, largest, settings)
}

/** Whether a layout of this ratio shows all of a picture, and nothing else. */
export function isWhole(source: Pixels, ratio: number): boolean {
  const own = source.width / source.height
  return Math.abs(ratio / own - 1) < TOLERANCE
}

function ratioOf(source: Pixels, { ratio, width, height }: RenditionSettings): number {
  if (width !== undefined && height !== undefined) return width / height
  const [across, down] = ratio?.split(':').map(Number) ?? []
  if (across && down) return across / down
  return source.width / source.height
}

/** The width of a box that shows the picture pixel for pixel. */
function largestWidth(source: Pixels, ratio: number, { fit, upscale }: RenditionSettings): number {
  if (upscale) return Infinity
  if (isWhole(source, ratio)) return source.width
  const across = source.height * ratio
  const width = fit === 'contain' ? Math.max(source.width, across) : Math.min(source.width, across)
  return Math.max(1, Math.floor(width))
}

function fluid(
  source: Pixels,
  ratio: number,
  largest: number,
  { widths, sizes }: RenditionSettings,
): Layout {
  const own = Number.isFinite(largest) ? largest : source.width
  const wanted = widths ?? [...WIDTHS.filter((width) => width < own), Math.min(own, WIDTHS.at(-1)!)]
  const boxes = boxesOf(wanted, ratio, largest).map((box) => ({
    ...box,
    descriptor: `${box.width}w`,
  }))
  const shown = boxes.at(-1)!
  return {
    boxes,
    shown,
    sizes: sizes ?? `(min-width: ${shown.width}px) ${shown.width}px, 100vw`,
    ratio,
  }
}

function fixed(
  ratio: number,
  largest: number,
  { width, height, density = [1, 2] }: RenditionSettings,
): Layout {
  const exact = width ?? (height ?? 1) * ratio
  const wanted = density.map((times) => Math.round(exact * times))
  const shownWidth = Math.max(1, Math.round(exact))
  const shown = { width: shownWidth, height: height ?? heightOf(shownWidth, ratio) }
  const boxes = boxesOf(wanted, ratio, largest).map((box) => ({
    ...box,
    // Exactly what was asked for, at its own density.
    ...(box.width === shown.width && shown),
    descriptor: `${Number((box.width / exact).toFixed(2))}x`,
  }))
  return { boxes, shown, sizes: undefined, ratio }
}

/** The sizes of these widths, ascending; the largest takes the place of all beyond it. */
function boxesOf(widths: readonly number[], ratio: number, largest: number): Pixels[] {
  const within = new Set(widths.map((width) => Math.max(1, Math.min(width, largest))))
  return [...within]
    .toSorted((a, b) => a - b)
    .map((width) => ({ width, height: heightOf(width, ratio) }))
}

function heightOf(width: number, ratio: number): number {
  return Math.max(1, Math.round(width / ratio))
}
