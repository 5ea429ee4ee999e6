/** A colour of a layer: hexadecimal with 3, 4, 6 or 8 digits, or one of two names. JSON Schema takes it without its flag. */
export const LAYER_COLOR: RegExp =
  /^(?:#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|white|black)$/i

/** A colour, as SVG and Pango take it apart. */
export interface Colour {
  /** `#rrggbb`. */
  readonly hex: string
  /** From 0 to 1. */
  readonly alpha: number
}

/** @param written As {@link LAYER_COLOR} says. */
export function parseColour(written: string): Colour {
  const named = { white: '#ffffff', black: '#000000' }[written.toLowerCase()] ?? written
  const digits = named.slice(1)
  const full = digits.length <= 4 ? [...digits].map((one) => one + one).join('') : digits
  const alpha = full.length === 8 ? Number.parseInt(full.slice(6), 16) / 255 : 1
  return { hex: `#${full.slice(0, 6)}`, alpha }
}
