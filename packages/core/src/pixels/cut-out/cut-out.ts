import pLimit from 'p-limit'
import { loadSharp } from '../image.ts'
import { findBackground, type Background } from './background.ts'
import { toHex, toRgb } from './key-colour.ts'
import { drawMatte } from './matte.ts'
import type { Raster } from './raster.ts'

interface CutOut {
  /** A PNG with alpha, of the same pixel size; `undefined` where there is nothing to cut out. */
  readonly png: Uint8Array | undefined
  /** What a person should look at, each as a part of a sentence. */
  readonly doubts: readonly string[]
}

/** A background whose colour runs further than this, of 255, was not painted as it was asked for. */
const FLAT = 32
/** The same for what departs from an even course: texture, or noise. */
const EVEN = 6
/** So much of the border may be something else: the tip of a leaf, specks. */
const TOUCH = 0.01
/** Of less than this part, nothing is left, or nothing was removed. */
const NOTHING = 0.002

export interface BackgroundRemover {
  /**
   * Removes a flat background of about a colour. One picture at a time: each takes some 20 bytes of memory for a
   * pixel, and no processor is left idle for it.
   * @param key The colour that was asked for: `#ff00ff`.
   * @throws {Error} sharp's own, where the bytes cannot be decoded.
   */
  cutOut(bytes: Uint8Array, key: string): Promise<CutOut>
}

export function openBackgroundRemover(): BackgroundRemover {
  const oneAtATime = pLimit(1)
  return { cutOut: (bytes, key) => oneAtATime(() => cutOut(bytes, key)) }
}

/**
 * Removes a flat background of about a colour.
 * @param key The colour that was asked for: `#ff00ff`.
 * @throws {Error} sharp's own, where the bytes cannot be decoded.
 */
export async function cutOut(bytes: Uint8Array, key: string): Promise<CutOut> {
  const sharp = await loadSharp()
  const { chromaSubsampling } = await sharp(bytes).metadata()
  const pixels = sharp(bytes).toColourspace('srgb').removeAlpha().raw()
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true })
  const raster: Raster = { width: info.width, height: info.height, rgb: data }
  const background = findBackground(raster, toRgb(key))
  if (!background) {
    const doubt = `there is no background of about ${key} to remove; it is used as it came`
    return { png: undefined, doubts: [doubt] }
  }
  const rgba = await drawMatte(raster, background, chromaSubsampling === '4:2:0')
  const left = opaqueShare(rgba)
  if (left < NOTHING || left > 1 - NOTHING) {
    const all = left < NOTHING ? 'everything' : 'nothing'
    const doubt = `${all} in it is of the background's colour, ${toHex(background.colour)}; it is used as it came`
    return { png: undefined, doubts: [doubt] }
  }
  const { width, height } = raster
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer()
  return { png, doubts: doubtsAbout(background) }
}

/** Opacity, summed up, as a part of what it could be. */
function opaqueShare(rgba: Uint8Array): number {
  let sum = 0
  for (let at = 3; at < rgba.length; at += 4) sum += rgba[at] ?? 0
  return sum / 255 / (rgba.length / 4)
}

function doubtsAbout({ colour, drift, noise, border }: Background): string[] {
  const doubts: string[] = []
  const off = Math.round(Math.max(drift, 4 * noise))
  if (drift > FLAT || noise > EVEN) {
    doubts.push(
      `its background is not flat: it differs by up to ${off} of 255 around ${toHex(colour)}`,
    )
  }
  if (border < 1 - TOUCH) {
    const share = Math.max(1, Math.round((1 - border) * 100))
    doubts.push(`the subject touches the border: ${share} % of it is not background`)
  }
  return doubts
}
