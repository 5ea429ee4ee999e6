import type { Rgb } from './raster.ts'

/** A key colour as it is declared: `#ff00ff`. */
export const KEY_COLOR: RegExp = /^#[\da-f]{6}$/i

/** The least that a key colour must stand out, of 255, for a subject to lack it. */
const LEAST_KEYNESS = 128

/** Whether a colour will do as a key: greys and pale colours are in every picture. */
export function isKeyColor(hex: string): boolean {
  if (!KEY_COLOR.test(hex)) return false
  const [red, green, blue] = toRgb(hex)
  return keynessOf(red, green, blue, highOf([red, green, blue])) >= LEAST_KEYNESS
}

/** `#ff00ff` as numbers. */
export function toRgb(hex: string): Rgb {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)
  return [channel(1), channel(3), channel(5)]
}

/** Numbers as `#ff00ff`. */
export function toHex(colour: Rgb): string {
  return `#${Buffer.from(colour.map((channel) => Math.round(channel))).toString('hex')}`
}

/** The channels in which a colour is bright, as bits: 1 for red, 2 for green, 4 for blue. */
export function highOf(colour: Rgb): number {
  const middle = (Math.max(...colour) + Math.min(...colour)) / 2
  return colour.reduce((bits, channel, index) => bits | (channel > middle ? 1 << index : 0), 0)
}

/**
 * How much of a key is in a colour: the least of its bright channels less the greatest of its dark ones.
 * Every grey has 0, and a mixture with a grey has as much of it as of the key.
 * @param high The key's bright channels, as {@link highOf} gives them.
 */
export function keynessOf(red: number, green: number, blue: number, high: number): number {
  let least = 255
  let greatest = 0
  if (high & 1) least = red
  else greatest = red
  if (high & 2) least = green < least ? green : least
  else greatest = green > greatest ? green : greatest
  if (high & 4) least = blue < least ? blue : least
  else greatest = blue > greatest ? blue : greatest
  return least - greatest
}
