import type { Sharp } from 'sharp'
import type { Pixels } from '../image.ts'
import { isWhole } from './layout.ts'

/** A part of a picture, in its own pixels. */
export interface Crop extends Pixels {
  readonly left: number
  readonly top: number
}

/** On a side of this many pixels, what draws the eye is found as well as on a large picture. */
const LOOKED_AT = 512

/**
 * The largest part of a picture that has a ratio, with its focus in it; `undefined` where that is all of
 * it. All widths are cut alike: an element does not jump when a browser picks another one.
 * @param focus As {@link RenditionSettings.focus}.
 */
export async function cropOf(
  picture: Sharp,
  source: Pixels,
  ratio: number,
  focus: string,
): Promise<Crop | undefined> {
  if (isWhole(source, ratio)) return undefined
  const width = Math.max(1, Math.min(source.width, Math.round(source.height * ratio)))
  const height = Math.max(1, Math.min(source.height, Math.round(source.width / ratio)))
  const [x, y] = isFound(focus)
    ? await findCentre(picture, { width, height }, focus)
    : centreOf(focus, source)
  return {
    left: begin(x, width, source.width),
    top: begin(y, height, source.height),
    width,
    height,
  }
}

function isFound(focus: string): focus is 'attention' | 'entropy' {
  return focus === 'attention' || focus === 'entropy'
}

/** A place in pixels. */
type Point = readonly [x: number, y: number]

function centreOf(focus: string, { width, height }: Pixels): Point {
  const [x = 50, y = 50] = focus === 'center' ? [] : focus.split(' ').map(Number.parseFloat)
  return [(x / 100) * width, (y / 100) * height]
}

/** Where a part of a length begins that has this centre, as far as the whole reaches. */
function begin(centre: number, part: number, whole: number): number {
  return Math.max(0, Math.min(whole - part, Math.round(centre - part / 2)))
}

/** The centre of the part that sharp finds, on a small copy. */
async function findCentre(
  picture: Sharp,
  part: Pixels,
  strategy: 'attention' | 'entropy',
): Promise<Point> {
  const scale = Math.min(1, LOOKED_AT / Math.max(part.width, part.height))
  const scaled = (length: number): number => Math.max(1, Math.round(length * scale))
  const { info } = await picture
    .clone()
    .resize(scaled(part.width), scaled(part.height), {
      fit: 'cover',
      position: strategyOf(strategy),
    })
    .raw()
    .toBuffer({ resolveWithObject: true })
  // How far the small copy was moved, to the left and upwards: never positive.
  const { cropOffsetLeft = 0, cropOffsetTop = 0 } = info
  return [
    Math.abs(cropOffsetLeft) / scale + part.width / 2,
    Math.abs(cropOffsetTop) / scale + part.height / 2,
  ]
}

/** sharp's numbers of its strategies. @see https://sharp.pixelplumbing.com/api-resize#resize */
function strategyOf(strategy: 'attention' | 'entropy'): number {
  return strategy === 'entropy' ? 16 : 17
}
