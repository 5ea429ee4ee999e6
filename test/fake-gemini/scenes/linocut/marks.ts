import { between, times, type Random } from '../random.ts'
import type { Point } from '../svg.ts'
import { at } from './pen.ts'

/** One cut of a gouge: thick in the middle, pointed at both ends. */
export function cut(x: number, y: number, length: number, thick: number, angle = 0): string {
  const [dx, dy] = [(Math.cos(angle) * length) / 2, (Math.sin(angle) * length) / 2]
  const [nx, ny] = [-Math.sin(angle) * thick, Math.cos(angle) * thick]
  const end = at([x + dx, y + dy])
  const start = at([x - dx, y - dy])
  return `M${start}Q${at([x + nx, y + ny])} ${end}Q${at([x - nx, y - ny])} ${start}Z`
}

export interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/** Cuts in rows that lie further apart, and get longer, towards the viewer: still water. */
export function ripples(
  random: Random,
  area: Area,
  options: {
    rows: number
    length: number
    thick: number
    /** From 0 to 1: how much of a place is cut. */
    share: (x: number, depth: number) => number
  },
): string {
  const { rows, length, thick, share } = options
  const height = area.bottom - area.top
  return times(rows, (row) => {
    const depth = (row + 0.5) / rows
    const y = area.top + height * depth ** 1.7
    const reach = length * (0.3 + depth)
    const cuts: string[] = []
    for (
      let x = area.left - random() * reach;
      x < area.right;
      x += reach * between(random, 0.7, 1.5)
    ) {
      if (random() > share(x, depth)) continue
      const long = reach * between(random, 0.5, 1.15)
      const jump = (height / rows) * 0.5 * (random() - 0.5)
      cuts.push(cut(x, y + jump, long, thick * (0.35 + depth) * between(random, 0.6, 1.2)))
    }
    return cuts.join('')
  }).join('')
}

/** Cuts that stand around a light in rings. */
export function burst(
  random: Random,
  [cx, cy]: Point,
  options: {
    from: number
    to: number
    step: number
    /** Between two cuts of a ring. */
    spacing: number
    thick: number
  },
): string {
  const { from, to, step, spacing, thick } = options
  const rings = Math.ceil((to - from) / step)
  return times(rings, (ring) => {
    const share = ring / rings
    const radius = from + step * (ring + 0.5)
    const count = Math.max(10, Math.round((2 * Math.PI * radius) / (spacing * (1 + share * 0.9))))
    const turn = random()
    return times(count, (index) => {
      const angle = ((index + turn + between(random, -0.12, 0.12)) / count) * 2 * Math.PI
      const reach = radius + step * between(random, -0.18, 0.18)
      const [x, y] = [cx + Math.cos(angle) * reach, cy + Math.sin(angle) * reach]
      return cut(x, y, step * between(random, 0.7, 1.05), thick * (1 - share * 0.55), angle)
    }).join('')
  }).join('')
}

/** Cuts anywhere in an area, all of one kind. */
export function scatter(
  random: Random,
  { left, top, right, bottom }: Area,
  options: { count: number; length: number; thick: number; angle: number; spread?: number },
): string {
  const { count, length, thick, angle, spread = 0.15 } = options
  return times(count, () =>
    cut(
      between(random, left, right),
      between(random, top, bottom),
      length * between(random, 0.5, 1.2),
      thick * between(random, 0.6, 1.2),
      angle + between(random, -spread, spread),
    ),
  ).join('')
}

/** Cuts that follow a line below it, as the side of a hill is cut. */
export function hatch(
  random: Random,
  points: readonly Point[],
  options: { count: number; depth: number; length: number; thick: number; lean: number },
): string {
  const { count, depth, length, thick, lean } = options
  return times(count, () => {
    const index = Math.floor(random() * (points.length - 1))
    const [ax, ay] = points[index] ?? [0, 0]
    const [bx, by] = points[index + 1] ?? [ax, ay]
    const share = random()
    const down = depth * random() ** 1.4 + length * 0.4
    const x = ax + (bx - ax) * share
    const y = ay + (by - ay) * share + down
    return cut(x, y, length * between(random, 0.5, 1.2), thick, lean + between(random, -0.2, 0.2))
  }).join('')
}
