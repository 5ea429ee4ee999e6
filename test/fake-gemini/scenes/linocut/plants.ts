import { between, times, type Random } from '../random.ts'
import type { Point } from '../svg.ts'
import { cut } from './marks.ts'
import { blob, disc, ink, oval, poly, taper } from './pen.ts'

function blade(x: number, y: number, tall: number, lean: number, thick: number): string {
  const points: Point[] = [
    [x, y],
    [x + lean * 0.15, y - tall * 0.45],
    [x + lean * 0.5, y - tall * 0.8],
    [x + lean, y - tall],
  ]
  return taper(points, thick, 0.3)
}

export interface Reeds {
  from: number
  to: number
  base: number
  tall: number
  count: number
  color: string
  /** Of the plumes; without it there are none. */
  plume?: string
}

/** Stems, bent leaves and plumes, no two alike. */
export function reeds(
  random: Random,
  { from, to, base, tall, count, color, plume }: Reeds,
): string {
  const stems = times(count, () => {
    const x = between(random, from, to)
    const high = tall * between(random, 0.55, 1)
    const lean = between(random, -0.12, 0.3) * high
    const bend = between(random, 0.12, 0.32) * high * (random() < 0.5 ? -1 : 1)
    const leaf: Point[] = [
      [x + lean * 0.1, base - high * 0.3],
      [x + lean * 0.3 + bend * 0.4, base - high * 0.62],
      [x + lean * 0.4 + bend, base - high * between(random, 0.6, 0.78)],
    ]
    const top: Point = [x + lean, base - high]
    const head =
      plume !== undefined && high > tall * 0.7
        ? times(9, (index) =>
            cut(
              top[0] + between(random, -0.5, 0.7) + index * 0.06,
              top[1] + index * 0.62 - 2.4,
              2.6,
              0.42,
              1.15 + between(random, -0.35, 0.35),
            ),
          ).join('')
        : ''
    return (
      ink(blade(x, base, high, lean, 0.85) + taper(leaf, 0.95, 0.15), color) +
      (head === '' ? '' : ink(head, plume ?? color))
    )
  })
  return stems.join('')
}

/** A row of poplars, each a flame with lighter cuts in it. */
export function poplars(
  random: Random,
  row: {
    from: number
    to: number
    base: number
    tall: number
    count: number
    dark: string
    light: string
  },
): string {
  const { from, to, base, tall, count } = row
  return times(count, (index) => {
    const x = from + ((to - from) * (index + between(random, -0.2, 0.2))) / Math.max(1, count - 1)
    const high = tall * between(random, 0.75, 1.05)
    const half = high * between(random, 0.1, 0.14)
    const outline: Point[] = [
      [x - half * 0.35, base],
      [x - half, base - high * 0.3],
      [x - half * 0.75, base - high * 0.66],
      [x, base - high],
      [x + half * 0.75, base - high * 0.62],
      [x + half, base - high * 0.28],
      [x + half * 0.35, base],
    ]
    const cuts = times(7, () => {
      const up = between(random, 0.15, 0.85)
      const aside = between(random, 0.1, 0.6) * half * (1 - up * 0.7)
      return cut(x + aside, base - high * up, high * 0.13, 0.22, -1.35)
    })
    return ink(blob(outline), row.dark) + ink(cuts.join(''), row.light)
  }).join('')
}

/** A bare tree, branch by branch, as one outline. */
export function branches(
  random: Random,
  from: Point,
  options: { length: number; angle: number; thick: number; depth: number; droop?: number },
): string {
  const { length, angle, thick, depth, droop = 0 } = options
  if (depth === 0) return ''
  const bend = between(random, -0.25, 0.25)
  const middle: Point = [
    from[0] + Math.cos(angle) * length * 0.5,
    from[1] + Math.sin(angle) * length * 0.5,
  ]
  const end: Point = [
    middle[0] + Math.cos(angle + bend) * length * 0.5,
    middle[1] + Math.sin(angle + bend) * length * 0.5 + droop * length,
  ]
  const children = times(depth > 3 ? 3 : 2 + Math.floor(random() * 2), (index) =>
    branches(random, end, {
      length: length * between(random, 0.6, 0.82),
      angle: angle + bend + (index - 1) * between(random, 0.3, 0.6) + between(random, -0.15, 0.15),
      thick: thick * 0.62,
      depth: depth - 1,
      droop: droop * 1.5,
    }),
  )
  return taper([from, middle, end], thick, thick * 0.6) + children.join('')
}

/** A crown of leaves: an uneven outline. */
export function crown(
  random: Random,
  [x, y]: Point,
  rx: number,
  ry: number,
  lobes: number,
): string {
  return blob(
    times(lobes * 2, (index): Point => {
      const angle = (index / (lobes * 2)) * 2 * Math.PI
      const reach = index % 2 === 0 ? between(random, 0.96, 1.1) : between(random, 0.8, 0.9)
      return [x + Math.cos(angle) * rx * reach, y + Math.sin(angle) * ry * reach]
    }),
  )
}

/** Leaves inside a crown: cuts in all directions but downwards. */
export function leaves(
  random: Random,
  [x, y]: Point,
  size: { rx: number; ry: number; count: number; length: number },
): string {
  return times(size.count, () => {
    const angle = random() * 2 * Math.PI
    const reach = Math.sqrt(random()) * 0.92
    const place: Point = [
      x + Math.cos(angle) * size.rx * reach,
      y + Math.sin(angle) * size.ry * reach,
    ]
    return cut(
      ...place,
      size.length * between(random, 0.6, 1.2),
      0.5,
      between(random, -0.9, 0.9) - 0.6,
    )
  }).join('')
}

export function apple(
  x: number,
  y: number,
  r: number,
  red: string,
  light: string,
  dark: string,
): string {
  return (
    disc(x, y, r, red) +
    ink(cut(x - r * 0.35, y - r * 0.2, r * 1.1, r * 0.3, 1.2), light) +
    ink(
      poly([
        [x - 0.1, y - r],
        [x + 0.25, y - r * 1.6],
        [x + 0.5, y - r * 1.55],
        [x + 0.25, y - r],
      ]),
      dark,
    )
  )
}

/** Catkins on a twig. */
export function catkins(
  random: Random,
  points: readonly Point[],
  color: string,
  light: string,
): string {
  return points
    .map(([x, y]) => {
      const long = between(random, 5, 8)
      const cuts = times(6, (index) => cut(x, y + 1 + index * long * 0.15, 1.1, 0.25, 0.5))
      return oval(x, y + long / 2, 0.95, long / 2, color) + ink(cuts.join(''), light)
    })
    .join('')
}
