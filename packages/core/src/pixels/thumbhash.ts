import type { Pixels } from './image.ts'

/** A small picture, four bytes a pixel: red, green, blue, and alpha. */
export interface Bitmap extends Pixels {
  readonly rgba: Uint8Array
}

/**
 * What a ThumbHash shows, as a picture of at most `longest` pixels a side. The package "thumbhash" draws 32
 * of them, and takes half a millisecond for it, in each build, for each picture: ten times as long as this.
 * A property test holds one against the other.
 * @see https://evanw.github.io/thumbhash/
 */
export function decodeThumbhash(hash: Uint8Array, longest: number): Bitmap {
  const header = readHeader(hash)
  const { across, down, hasAlpha } = header
  const width = Math.max(1, Math.round(longest * Math.min(1, across / down)))
  const height = Math.max(1, Math.round(longest * Math.min(1, down / across)))
  const nibbles = nibblesOf(hash, hasAlpha ? 6 : 5)
  const [lightness, yellowness, redness] = header.channels.map((channel) =>
    drawChannel(channel, nibbles, width, height),
  )
  const alpha = header.alpha && drawChannel(header.alpha, nibbles, width, height)
  const rgba = new Uint8Array(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    // The hash keeps lightness (the mean), yellow against blue, and red against green.
    const [l = 0, p = 0, q = 0] = [lightness?.[pixel], yellowness?.[pixel], redness?.[pixel]]
    const blue = l - (2 / 3) * p
    const red = (3 * l - blue + q) / 2
    rgba.set([red, red - q, blue, alpha?.[pixel] ?? 1].map(toByte), pixel * 4)
  }
  return { width, height, rgba }
}

/** One plane of a picture: its mean, and how many cosines of what strength change it. */
interface Channel {
  readonly mean: number
  readonly strength: number
  /** Cosines across and down. */
  readonly across: number
  readonly down: number
}

interface Header {
  /** Lightness, yellow against blue, red against green: in the order of the hash. */
  readonly channels: readonly Channel[]
  readonly alpha: Channel | undefined
  readonly hasAlpha: boolean
  /** Their ratio is about that of the picture. */
  readonly across: number
  readonly down: number
}

function readHeader(hash: Uint8Array): Header {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = hash
  const low = b0 | (b1 << 8) | (b2 << 16)
  const high = b3 | (b4 << 8)
  const hasAlpha = low >> 23 === 1
  const most = hasAlpha ? 5 : 7
  const isLandscape = high >> 15 === 1
  const [across, down] = isLandscape ? [most, high & 7] : [high & 7, most]
  const light = { mean: (low & 63) / 63, strength: ((low >> 18) & 31) / 31 }
  const colour = (mean: number, strength: number): Channel => ({
    mean: (mean & 63) / 31.5 - 1,
    // Colours change less than lightness does: the hash keeps them finer.
    strength: ((strength & 63) / 63) * 1.25,
    across: 3,
    down: 3,
  })
  return {
    channels: [
      { ...light, across: Math.max(3, across), down: Math.max(3, down) },
      colour(low >> 6, high >> 3),
      colour(low >> 12, high >> 9),
    ],
    alpha: hasAlpha
      ? { mean: (b5 & 15) / 15, strength: (b5 >> 4) / 15, across: 5, down: 5 }
      : undefined,
    hasAlpha,
    across,
    down,
  }
}

/** The strengths of cosines, half a byte each, the lower half first: from -1 to 1. */
function* nibblesOf(hash: Uint8Array, start: number): Generator<number, undefined> {
  for (let at = start; at < hash.length; at += 1) {
    const byte = hash[at] ?? 0
    yield (byte & 15) / 7.5 - 1
    yield (byte >> 4) / 7.5 - 1
  }
}

/** Each row first, then each pixel of it: cosines across and down do not depend on each other. */
function drawChannel(
  { mean, strength, across, down }: Channel,
  nibbles: Iterator<number, undefined>,
  width: number,
  height: number,
): Float64Array {
  const rows = new Float64Array(height * across)
  for (let v = 0; v < down; v += 1) {
    // Of the corner of high frequencies, nothing is kept; the mean is kept by itself.
    for (let u = v === 0 ? 1 : 0; u * down < across * (down - v); u += 1) {
      const value = (nibbles.next().value ?? 0) * strength * 2
      for (let y = 0; y < height; y += 1) {
        rows[y * across + u]! += value * cosine(y, v, height)
      }
    }
  }
  const plane = new Float64Array(width * height).fill(mean)
  for (let u = 0; u < across; u += 1) {
    for (let x = 0; x < width; x += 1) {
      const weight = cosine(x, u, width)
      for (let y = 0; y < height; y += 1) plane[y * width + x]! += rows[y * across + u]! * weight
    }
  }
  return plane
}

function cosine(at: number, frequency: number, length: number): number {
  return Math.cos((Math.PI / length) * (at + 0.5) * frequency)
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.floor(value * 255)))
}
