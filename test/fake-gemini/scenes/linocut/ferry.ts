import { between, times, type Random } from '../random.ts'
import type { Point } from '../svg.ts'
import { cut } from './marks.ts'
import { box, disc, ink, moved, oval, poly, soft, trace } from './pen.ts'

export interface FerryInks {
  dark: string
  /** Deck, roof and rail. */
  light: string
  /** Cabin. */
  warm: string
  /** Windows. */
  glow: string
}

/** A person who stands and waits, one unit of `scale` tall. */
export function figure(x: number, y: number, scale: number, coat: string, skin: string): string {
  const body = 'M-2.2 0C-2.6-5-2-8.4 0-8.6C2-8.4 2.6-5 2.2 0Z'
  const shapes =
    box(-1.5, -0.6, 1.1, 3.6, coat) +
    box(0.4, -0.6, 1.1, 3.6, coat) +
    ink(body, coat) +
    disc(0, -9.9, 1.5, skin) +
    ink('M-1.9-10.3C-1.6-12.4 1.6-12.4 1.9-10.3L2.6-10L-1.9-9.9Z', coat)
  return moved(x, y - 3 * scale, scale, shapes)
}

/** The rope ferry, seen from the side, its middle at the waterline; about fifty units long. */
export function ferry(x: number, y: number, scale: number, inks: FerryInks): string {
  const { dark, light, warm, glow } = inks
  const posts = times(9, (index) => trace(`M${-23 + index * 3.2}-5.5v-4.2`, light, 0.5))
  const planks = times(8, (index) => trace(`M${-19 + index * 5.4}-4.2l-.4 3`, light, 0.22))
  const shapes =
    ink(
      poly([
        [-29, -7],
        [-25, -5.4],
        [25, -5.4],
        [29, -7],
        [24, 1],
        [-24, 1],
      ]),
      dark,
    ) +
    box(-26.5, -6.2, 53, 1.1, light) +
    planks.join('') +
    posts.join('') +
    trace('M-24-9.7H3', light, 0.55) +
    box(5, -17.6, 15, 11.6, warm) +
    ink(
      poly([
        [3, -17],
        [5.2, -21],
        [20, -21],
        [22, -17],
      ]),
      dark,
    ) +
    box(7.4, -14.8, 4, 4, glow) +
    box(14.6, -14.8, 3.4, 8.8, dark) +
    trace('M9.4-14.8v4M7.4-12.8h4', dark, 0.35) +
    trace('M-27-6v-9M27-6v-9', dark, 0.9) +
    figure(-10, -6.2, 0.95, dark, glow)
  return moved(x, y, scale, shapes)
}

/** The rope: over the posts of the ferry, and down into the water on both sides. */
export function rope(points: readonly Point[], color: string, breadth: number): string {
  return trace(soft(points), color, breadth)
}

/** What a dark thing leaves on the water. */
export function reflection(
  random: Random,
  [x, y]: Point,
  size: { breadth: number; depth: number; count: number },
): string {
  return times(size.count, (index) => {
    const down = (index + 0.5) / size.count
    const long = size.breadth * (1 - down * 0.7) * between(random, 0.55, 1)
    const aside = between(random, -0.2, 0.2) * size.breadth
    return cut(x + aside * down, y + down * size.depth, long, 0.75 * (1 - down * 0.5))
  }).join('')
}

/** A lantern with its own little halo. */
export function lantern(x: number, y: number, scale: number, dark: string, glow: string): string {
  const shapes =
    oval(0, 0, 1.5, 2.1, glow) +
    box(-1.3, -3, 2.6, 0.9, dark) +
    box(-1.3, 2, 2.6, 0.8, dark) +
    trace('M-1-3C-1-5 1-5 1-3', dark, 0.35) +
    trace('M-1.5-2v4M1.5-2v4', dark, 0.3)
  return moved(x, y, scale, shapes)
}
