import { setImmediate } from 'node:timers/promises'
import type { Background } from './background.ts'
import { deblur, type Mixed, lumaOf, MixedPixel } from './mixed-pixel.ts'
import { findNearest, NONE, REACH, BEHIND, MIXED, sortPixels, SUBJECT } from './trimap.ts'
import { eachRow, type Raster } from './raster.ts'

/** Less opacity than this is noise; what lacks less of it, as well. */
const FAINT = 0.02
/** Faint pixels are what JPEG leaves around edges, where within two pixels none has this opacity, */
const STRONG = 0.25
/** and no more than so many of the twenty-five are anything but background. */
const COMPANY = 10
/** So many pixels from an edge, colours may still be mixed: in any picture, and where they are blurred. */
const BLEED = { sharp: 2, blurred: 3 }

interface Scene {
  readonly raster: Raster
  readonly background: Background
  /** Whether it was a JPEG that keeps one colour for two by two pixels. */
  readonly isBlurred: boolean
  /** What each pixel is: {@link sortPixels}. */
  readonly kinds: Uint8Array
  /** Opacity, 0 to 1. */
  readonly opacity: Float32Array
  /** The result: red, green, blue, alpha. */
  readonly rgba: Uint8Array
}

/**
 * Works out opacity and colour of each pixel: red, green, blue, alpha.
 *
 * All of it is done in sRGB as it is encoded, because that is what browsers composite in: laid on the
 * background that was removed, the result is what was there.
 * @param isBlurred Whether the picture was a JPEG that keeps one colour for two by two pixels.
 */
export async function drawMatte(
  raster: Raster,
  background: Background,
  isBlurred: boolean,
): Promise<Uint8Array> {
  const count = raster.width * raster.height
  const bleed = isBlurred ? BLEED.blurred : BLEED.sharp
  const kinds = await sortPixels(raster, background, bleed)
  const [opacity, rgba] = [new Float32Array(count), new Uint8Array(count * 4)]
  const scene: Scene = { raster, background, isBlurred, kinds, opacity, rgba }
  const mixed = await measure(scene, await findNearest(kinds, raster))
  await dropSpecks(scene, mixed)
  if (isBlurred) await deblur(opacity, mixed, raster)
  await paint(scene, mixed)
  return rgba
}

/** Fills in opacities, and of mixed pixels the subject's colour nearby; that of the subject is its own. */
async function measure(scene: Scene, nearest: Int32Array): Promise<Mixed> {
  const { raster, background, kinds, opacity, rgba } = scene
  const { width } = raster
  const mixed = makeMixed(kinds)
  const behind = new Float32Array(width * 3)
  const pixel = new MixedPixel(background.high)
  let number = 0
  await eachRow(raster, (y) => {
    background.fillRow(y, behind)
    for (let at = y * width; at < (y + 1) * width; at += 1) {
      if (kinds[at] === SUBJECT) {
        setColour(rgba, at, raster.rgb, at * 3)
        rgba[at * 4 + 3] = 255
        opacity[at] = 1
      } else if (kinds[at] === MIXED) {
        look(pixel, scene, at, behind)
        estimate(pixel, scene, at, nearest[at] ?? NONE)
        setColour(rgba, at, pixel.near, 0)
        opacity[at] = scene.isBlurred ? pixel.byColour : pixel.opacity
        mixed.at[number] = at
        mixed.byColour[number] = pixel.byColour
        mixed.byLight[number] = pixel.byLight
        mixed.lightWeight[number] = pixel.lightWeight
        mixed.trust[number] = pixel.trust
        number += 1
      }
    }
  })
  return mixed
}

function makeMixed(kinds: Uint8Array): Mixed {
  let count = 0
  for (const kind of kinds) if (kind === MIXED) count += 1
  return {
    at: new Int32Array(count),
    byColour: new Float32Array(count),
    byLight: new Float32Array(count),
    lightWeight: new Float32Array(count),
    trust: new Float32Array(count),
  }
}

function look(pixel: MixedPixel, { raster }: Scene, at: number, behind: Float32Array): void {
  const x = at % raster.width
  for (let channel = 0; channel < 3; channel += 1) {
    pixel.seen[channel] = raster.rgb[at * 3 + channel] ?? 0
    pixel.behind[channel] = behind[x * 3 + channel] ?? 0
  }
}

function estimate(pixel: MixedPixel, scene: Scene, at: number, seed: number): void {
  if (seed === NONE) {
    pixel.guess()
    return
  }
  averageAround(scene, seed, pixel.near)
  if (scene.isBlurred) {
    pixel.lightAround = lightAround(scene.raster, at) - lumaOf(...pixel.behind)
  }
  // A colour is no longer believed at once where it comes from too far away: that would be seen.
  const gap = gapBetween(at, seed, scene.raster.width)
  pixel.unmix(scene.isBlurred, Math.min(1, 2 - (2 * gap) / REACH))
}

function gapBetween(one: number, other: number, width: number): number {
  const [y, otherY] = [Math.floor(one / width), Math.floor(other / width)]
  return Math.hypot(one - y * width - (other - otherY * width), y - otherY)
}

/** Writes the mixed pixels, without what the background adds to them. */
async function paint(scene: Scene, mixed: Mixed): Promise<void> {
  const { raster, background, opacity, rgba } = scene
  const { width } = raster
  const behind = new Float32Array(width * 3)
  const pixel = new MixedPixel(background.high)
  let number = 0
  await eachRow(raster, (y) => {
    background.fillRow(y, behind)
    for (; (mixed.at[number] ?? Infinity) < (y + 1) * width; number += 1) {
      const at = mixed.at[number] ?? 0
      const found = opacity[at] ?? 0
      const alpha = found > 1 - FAINT ? 1 : found
      if (alpha < FAINT) {
        rgba.fill(0, at * 4, at * 4 + 4)
        continue
      }
      look(pixel, scene, at, behind)
      for (let channel = 0; channel < 3; channel += 1) {
        pixel.near[channel] = rgba[at * 4 + channel] ?? 0
      }
      pixel.recolour(alpha, mixed.trust[number] ?? 0)
      setColour(rgba, at, pixel.near, 0)
      rgba[at * 4 + 3] = Math.round(alpha * 255)
    }
  })
}

function setColour(rgba: Uint8Array, at: number, from: ArrayLike<number>, start: number): void {
  for (let channel = 0; channel < 3; channel += 1) {
    rgba[at * 4 + channel] = Math.round(from[start + channel] ?? 0)
  }
}

/** Makes background of faint pixels that hang together with nothing. */
async function dropSpecks(scene: Scene, mixed: Mixed): Promise<void> {
  await setImmediate()
  for (const [number, at] of mixed.at.entries()) {
    if ((scene.opacity[at] ?? 0) >= STRONG || !isAlone(scene, at)) continue
    for (const known of [mixed.byColour, mixed.byLight, mixed.lightWeight]) known[number] = 0
    scene.opacity[at] = 0
  }
}

/** Whether a faint pixel hangs together with nothing: few around it are anything but background, and none is strong. */
function isAlone({ raster, kinds, opacity }: Scene, at: number): boolean {
  const { width } = raster
  let company = 0
  for (let line = at - 2 * width; line <= at + 2 * width; line += width) {
    for (let next = line - 2; next <= line + 2; next += 1) {
      if ((kinds[next] ?? BEHIND) === BEHIND) continue
      company += 1
      if ((opacity[next] ?? 0) >= STRONG) return false
    }
  }
  return company <= COMPANY
}

/** The mean colour of the subject around one of its pixels. */
function averageAround(
  { raster, kinds }: Scene,
  seed: number,
  into: [number, number, number],
): void {
  const { width, height, rgb } = raster
  const y0 = Math.floor(seed / width)
  const x0 = seed - y0 * width
  let count = 0
  into.fill(0)
  for (let y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y += 1) {
    for (let x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x += 1) {
      const at = y * width + x
      if (kinds[at] !== SUBJECT) continue
      count += 1
      for (let channel = 0; channel < 3; channel += 1) {
        into[channel] = (into[channel] ?? 0) + (rgb[at * 3 + channel] ?? 0)
      }
    }
  }
  for (let channel = 0; channel < 3; channel += 1) into[channel] = (into[channel] ?? 0) / count
}

/** Brightness, blurred about as colours are where one is kept for two by two pixels. */
function lightAround({ width, height, rgb }: Raster, at: number): number {
  const y0 = Math.floor(at / width)
  const x0 = at - y0 * width
  let [sum, weights] = [0, 0]
  for (let y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y += 1) {
    for (let x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x += 1) {
      const from = (y * width + x) * 3
      const weight = (x === x0 ? 2 : 1) * (y === y0 ? 2 : 1)
      sum += weight * lumaOf(rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0)
      weights += weight
    }
  }
  return sum / weights
}
