import type { Background } from './background.ts'
import { keynessOf } from './key-colour.ts'
import { eachRow, type Raster } from './raster.ts'

/** What is known of each pixel before any edge is worked out. */
export const BEHIND = 0
/** A mixture, as far as is known. */
export const MIXED = 1
/** The subject alone. */
export const SUBJECT = 2

/** What is this opaque by its colour alone may be the subject's. */
const OPAQUE = 0.92

/** How opaque a pixel is, if the subject has as little of the key as a grey. */
function opacityOf(keyness: number, keynessBehind: number): number {
  return Math.min(1, Math.max(0, 1 - keyness / keynessBehind))
}

/** How far a channel may be off the background's, of 255, and still be all background. */
function toleranceOf({ noise }: Background): number {
  return 6 + 2 * noise
}

/**
 * Sorts the pixels: {@link BEHIND}, {@link MIXED} or {@link SUBJECT}.
 * @param bleed How many pixels from an edge colours may still be mixed.
 */
export async function sortPixels(
  raster: Raster,
  background: Background,
  bleed: number,
): Promise<Uint8Array> {
  const { width, height, rgb } = raster
  const { high } = background
  const tolerance = toleranceOf(background)
  const kinds = new Uint8Array(width * height)
  const behind = new Float32Array(width * 3)
  await eachRow(raster, (y) => {
    background.fillRow(y, behind)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3
      const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
      const [br, bg, bb] = [behind[x * 3] ?? 0, behind[x * 3 + 1] ?? 0, behind[x * 3 + 2] ?? 0]
      const isBehind =
        Math.abs(r - br) <= tolerance &&
        Math.abs(g - bg) <= tolerance &&
        Math.abs(b - bb) <= tolerance
      const opacity = opacityOf(keynessOf(r, g, b, high), keynessOf(br, bg, bb, high))
      kinds[y * width + x] = isBehind ? BEHIND : opacity >= OPAQUE ? SUBJECT : MIXED
    }
  })
  await recede(kinds, raster, bleed)
  return kinds
}

/** Makes what is near anything else {@link MIXED}. */
async function recede(kinds: Uint8Array, { width, height }: Raster, bleed: number): Promise<void> {
  const across = new Uint8Array(kinds.length)
  await eachRow({ width, height }, (y) => {
    const start = y * width
    for (let x = 0; x < width; x += 1) {
      let isInside = kinds[start + x] === SUBJECT
      for (let by = 1; isInside && by <= bleed; by += 1) {
        const left = x >= by ? kinds[start + x - by] : SUBJECT
        const right = x + by < width ? kinds[start + x + by] : SUBJECT
        isInside = left === SUBJECT && right === SUBJECT
      }
      across[start + x] = isInside ? 1 : 0
    }
  })
  await eachRow({ width, height }, (y) => {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x
      if (kinds[at] !== SUBJECT) continue
      let isInside = across[at] === 1
      for (let by = 1; isInside && by <= bleed; by += 1) {
        const above = y >= by ? across[at - by * width] : 1
        const below = y + by < height ? across[at + by * width] : 1
        isInside = above === 1 && below === 1
      }
      if (!isInside) kinds[at] = MIXED
    }
  })
}

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
