import { setImmediate } from 'node:timers/promises'
import { keynessOf } from './key-colour.ts'
import type { Raster } from './raster.ts'

/** How far a mixture of two known colours may be off what is there, of 255, and be believed in full. */
const CLOSE = 14
/** From here on it is not believed at all. */
const OFF = 40
/** A difference in brightness that tells opacity as well as colours do, of 255: noise is a few of them. */
const TELLING = 30
/** A channel of the background that is this near to its end says nothing of what lies beyond, of 255. */
const ROOM = 96
/** Brightness is the surer measure: JPEG keeps it better than colours. */
const LUMA_WEIGHT = 4

type Colour = [red: number, green: number, blue: number]

/**
 * One pixel that shows subject and background at once: how opaque the subject is there. It is used for all
 * of them in turn, so that nothing is allocated.
 */
export class MixedPixel {
  /** What is there. */
  readonly seen: Colour = [0, 0, 0]
  /** What the background is there. */
  readonly behind: Colour = [0, 0, 0]
  /** How much brighter than the background it is around here, blurred as colours are. */
  lightAround = 0
  /** The subject's colour nearby. */
  readonly near: Colour = [0, 0, 0]
  /** Opacity by all that is known, 0 to 1. */
  opacity = 0
  /** Opacity by colour alone, and by brightness alone. */
  byColour = 0
  byLight = 0
  /** How much brightness is to count, 0 to 1. */
  lightWeight = 0
  /** How far the subject's colour nearby is its colour here, 0 to 1. */
  trust = 0
  readonly #high: number

  /** @param high The background's bright channels. */
  constructor(high: number) {
    this.#high = high
  }

  /** Nothing is known of the subject: it is taken to have as little of the key as a grey. */
  guess(): void {
    const [r, g, b] = this.seen
    const [br, bg, bb] = this.behind
    const share = keynessOf(r, g, b, this.#high) / keynessOf(br, bg, bb, this.#high)
    this.opacity = within01(Math.max(1 - share, this.#least()))
    this.byColour = this.opacity
    this.lightWeight = 0
    this.trust = 0
  }

  /** The least opacity with which any colour could look like this. */
  #least(): number {
    let least = 0
    for (let channel = 0; channel < 3; channel += 1) {
      const [seen, behind] = [this.seen[channel] ?? 0, this.behind[channel] ?? 0]
      const room = seen > behind ? 255 - behind : behind
      if (room >= ROOM) least = Math.max(least, Math.abs(seen - behind) / room)
    }
    return least
  }

  /**
   * Takes the colour of the subject nearby for its colour here, as far as what is there can be a mixture of that and
   * the background.
   * @param isBlurred Whether colours are blurred, but brightness is not.
   * @param most How far it is to be believed at most, 0 to 1.
   */
  unmix(isBlurred: boolean, most: number): void {
    this.guess()
    const guessed = this.opacity
    const [r, g, b] = this.seen
    const [br, bg, bb] = this.behind
    const [nr, ng, nb] = this.near
    const light = lumaOf(r - br, g - bg, b - bb)
    const farLight = lumaOf(nr - br, ng - bg, nb - bb)
    const [red, blue] = [r - br - light, b - bb - light]
    const [farRed, farBlue] = [nr - br - farLight, nb - bb - farLight]
    const dot = red * farRed + blue * farBlue
    const norm = farRed * farRed + farBlue * farBlue + 1
    const byColour = within01(dot / norm)
    const lights = LUMA_WEIGHT * farLight * farLight
    const measured = within01((dot + LUMA_WEIGHT * light * farLight) / (norm + lights))
    const at = isBlurred ? byColour : measured
    const offColour = Math.hypot(red - at * farRed, blue - at * farBlue)
    const offLight = Math.abs((isBlurred ? this.lightAround : light) - at * farLight)
    this.trust = most * within01((OFF - Math.max(offColour, offLight)) / (OFF - CLOSE))
    this.opacity = this.trust * measured + (1 - this.trust) * guessed
    this.byColour = this.trust * byColour + (1 - this.trust) * guessed
    this.byLight = within01(light / (farLight || 1))
    const telling = (farLight / TELLING) ** 4
    this.lightWeight = (this.trust * telling) / (telling + 1)
  }

  /** Writes the subject's own colour of an opacity into `near`: what is seen without the background's part. */
  recolour(opacity: number, trust: number): void {
    let allowed = trust > 0 ? trust * keynessOf(...this.near, this.#high) : 0
    if (allowed < 0) allowed = 0
    // Of little opacity, what is left is mostly noise.
    const share = trust * (1 - opacity / 2)
    for (let channel = 0; channel < 3; channel += 1) {
      const [seen, behind] = [this.seen[channel] ?? 0, this.behind[channel] ?? 0]
      const own = (seen - (1 - opacity) * behind) / opacity
      const clipped = own < 0 ? 0 : own > 255 ? 255 : own
      this.near[channel] = share * (this.near[channel] ?? 0) + (1 - share) * clipped
    }
    // What is left of the key at an edge is the background's.
    const excess = keynessOf(...this.near, this.#high) - allowed
    if (excess <= 0) return
    for (let channel = 0; channel < 3; channel += 1) {
      if (this.#high & (1 << channel)) {
        this.near[channel] = Math.max(0, (this.near[channel] ?? 0) - excess)
      }
    }
  }
}

function within01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}

export function lumaOf(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue
}

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
