import type { Rgb } from './raster.ts'

/** A key colour as it is declared: `#ff00ff`. */
const KEY_COLOR: RegExp = /^#[\da-f]{6}$/i

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

/**
 * What a model is told so that its picture can be cut out: none of them gives transparency. The words are a
 * part of what is asked for, and so of the fingerprint: they must never change.
 */
export function backgroundInstruction(key: string): string {
  return [
    `Place the subject on a perfectly flat, uniform background of ${nameOf(key)} that fills everything around the subject, up to all four edges of the picture.`,
    'The background has no gradient, no texture, no pattern, no floor, no frame and no reflection, and the subject casts no shadow on it.',
    'The subject is whole, stands clear of the edges, and has sharp outlines; through its holes and gaps, the same flat background is seen.',
    'Nothing in the subject has this colour or a tint of it, and no light of this colour falls on the subject.',
  ].join(' ')
}

/** What a model is reminded of in each further turn. Its words must never change, either. */
export function backgroundReminder(key: string): string {
  return `Keep the background perfectly flat and uniform, of ${nameOf(key)}, without shadows, and keep this colour out of the subject.`
}

function nameOf(key: string): string {
  const known = KEYS.find(({ colour }) => colour === key)
  return known ? `pure ${known.name} (${key})` : `the pure colour ${key}`
}

/** Colours to choose from, the first best, and what speaks against each. */
const KEYS = [
  {
    colour: '#ff00ff',
    name: 'magenta',
    words:
      /\b(?:magenta|pink\w*|purpl\w*|violets?|fuchsias?|lilacs?|lavenders?|mauve|plums?|orchids?|roses?|rosy|peon(?:y|ies)|amethysts?|berr(?:y|ies)|\w+berr(?:y|ies)|flamingos?|aubergines?|eggplants?|neon)\b/gi,
  },
  {
    colour: '#00ff00',
    name: 'green',
    words:
      /\b(?:green\w*|emeralds?|lime|olives?|mint|jade|leaf|leaves|leafy|plants?|potted|grass\w*|lawns?|trees?|forests?|ferns?|moss\w*|ivy|cact(?:us|i)|herbs?|basil|parsley|salads?|lettuces?|cucumbers?|avocados?|peas?|frogs?|parrots?|roses?|flowers?|tulips?|bouquets?|neon)\b/gi,
  },
  {
    colour: '#0000ff',
    name: 'blue',
    words:
      /\b(?:blue\w*|navy|azure|cobalt|indigo|sapphires?|turquoise|cyan|denim|jeans|sky|skies|sea|ocean|water|ice|neon)\b/gi,
  },
] as const

/** The colour of which a prompt speaks least; of several, the first. Part of the fingerprint: it never changes. */
export function chooseKey(prompt: string): string {
  let [best, fewest]: [string, number] = [KEYS[0].colour, Infinity]
  for (const { colour, words } of KEYS) {
    const count = prompt.match(words)?.length ?? 0
    if (count < fewest) [best, fewest] = [colour, count]
  }
  return best
}
